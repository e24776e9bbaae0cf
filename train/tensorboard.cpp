#include "train/tensorboard.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "core/io/file.hpp"
#include "train/history.hpp"

namespace gradus::train {
namespace {

namespace fs = std::filesystem;

constexpr int buckets = 64;

// Protocol buffers (protobuf.dev/programming-guides/encoding): a message is a sequence of fields,
// each with its number and wire type, then the value. Numbers are little-endian.
enum WireType { varint_type = 0, fixed64_type = 1, bytes_type = 2, fixed32_type = 5 };

std::string varint(uint64_t value) {
  std::string result;
  for (; value >= 0x80; value >>= 7) result += static_cast<char>(value | 0x80);
  return result + static_cast<char>(value);
}

template <class Unsigned>
std::string fixed(Unsigned value) {
  std::string result;
  for (std::size_t i = 0; i < sizeof value; ++i) result += static_cast<char>(value >> (8 * i));
  return result;
}

std::string key(int field, WireType type) {
  return varint(static_cast<uint64_t>(field) << 3 | type);
}
std::string integer_field(int field, int64_t value) {
  return key(field, varint_type) + varint(static_cast<uint64_t>(value));
}
std::string double_field(int field, double value) {
  return key(field, fixed64_type) + fixed(std::bit_cast<uint64_t>(value));
}
std::string float_field(int field, double value) {
  return key(field, fixed32_type) + fixed(std::bit_cast<uint32_t>(static_cast<float>(value)));
}
std::string bytes_field(int field, std::string_view bytes) {
  return key(field, bytes_type) + varint(bytes.size()) + std::string(bytes);
}
std::string doubles_field(int field, const std::vector<double>& values) {
  std::string packed;
  for (const double value : values) packed += fixed(std::bit_cast<uint64_t>(value));
  return bytes_field(field, packed);
}

// Numbers of fields, from TensorFlow's event.proto, summary.proto and histogram.proto.
constexpr struct {
  int wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7;
} event_field;
constexpr struct {
  int status = 1, start = 1;  // a field and its value
} session_field;
constexpr struct {
  int in_summary = 1, tag = 1, simple_value = 2, image = 4, histogram = 5;
} value_field;
constexpr struct { int height = 1, width = 2, channels = 3, encoded = 4; } image_field;
constexpr struct {
  int least = 1, largest = 2, count = 3, sum = 4, squares = 5, limits = 6, counts = 7;
} histogram_field;

std::string histogram_message(const std::vector<double>& values) {
  const auto [least, largest] = std::ranges::minmax(values);
  const double width = (largest - least) / buckets;
  std::vector<double> limits, counts(width > 0 ? buckets : 1);
  for (std::size_t i = 1; i < counts.size(); ++i)
    limits.push_back(least + width * static_cast<double>(i));
  limits.push_back(largest);
  double sum = 0, squares = 0;
  for (const double value : values) {
    const double bucket = width > 0 ? std::min((value - least) / width, buckets - 1.) : 0;
    counts[static_cast<std::size_t>(bucket)] += 1;
    sum += value;
    squares += value * value;
  }
  return double_field(histogram_field.least, least) +
         double_field(histogram_field.largest, largest) +
         double_field(histogram_field.count, static_cast<double>(values.size())) +
         double_field(histogram_field.sum, sum) + double_field(histogram_field.squares, squares) +
         doubles_field(histogram_field.limits, limits) +
         doubles_field(histogram_field.counts, counts);
}

// A big-endian number of four bytes in a PNG's header.
int64_t png_number(std::string_view png, std::size_t offset) {
  int64_t result = 0;
  for (const char byte : png.substr(offset, 4))
    result = result << 8 | static_cast<unsigned char>(byte);
  return result;
}

// The CRC of each byte with Castagnoli's polynomial, lowest bit first (RFC 3720, appendix B.4).
constexpr std::array<uint32_t, 256> crc32c_table = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    table[byte] = crc;
  }
  return table;
}();

// The masked CRC32C of TFRecord files: rotated, plus a constant.
uint32_t masked_checksum(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes)
    crc = crc >> 8 ^ crc32c_table[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return std::rotr(~crc, 15) + 0xa282ead8u;
}

// A TFRecord: the length, its checksum, the data, their checksum.
std::string record(std::string_view data) {
  const std::string length = fixed(static_cast<uint64_t>(data.size()));
  return length + fixed(masked_checksum(length)) + std::string(data) + fixed(masked_checksum(data));
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// A name contains the second in which the file is made, or one second more than the latest of our
// files in the folder if that is later. Names of other programs' files don't count.
std::string next_path(const std::string& folder) {
  constexpr std::string_view prefix = "events.out.tfevents.", suffix = ".gradus";
  constexpr int64_t largest = 9'999'999'999;  // of ten digits
  auto second = static_cast<int64_t>(seconds_since_1970());
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    const auto digits = std::string_view(name).substr(prefix.size());
    const auto made = parse_number<int64_t>(digits.substr(0, digits.size() - suffix.size()));
    if (made && *made < largest) second = std::max(second, *made + 1);
  }
  return (fs::path(folder) / fmt::format("{}{:010}{}", prefix, second, suffix)).string();
}

}  // namespace

void EventSummary::add_value(std::string_view tag, std::string_view value) {
  bytes_ +=
      bytes_field(value_field.in_summary, bytes_field(value_field.tag, tag) + std::string(value));
}

void EventSummary::add_scalar(std::string_view tag, double value) {
  add_value(tag, float_field(value_field.simple_value, value));
}

void EventSummary::add_histogram(std::string_view tag, std::span<const float> values) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](float x) { return std::isfinite(x); });
  if (!finite.empty())
    add_value(tag, bytes_field(value_field.histogram, histogram_message(finite)));
}

void EventSummary::add_image(std::string_view tag, std::string_view png) {
  constexpr std::size_t width_offset = 16, height_offset = 20, colour_offset = 25;
  constexpr char colour = 2;
  require(png.size() > colour_offset, "tensorboard", "'{}' is not a PNG file: {} bytes", tag,
          png.size());
  add_value(tag, bytes_field(
                     value_field.image,
                     integer_field(image_field.height, png_number(png, height_offset)) +
                         integer_field(image_field.width, png_number(png, width_offset)) +
                         integer_field(image_field.channels, png[colour_offset] == colour ? 3 : 1) +
                         bytes_field(image_field.encoded, png)));
}

EventFile::EventFile(const std::string& folder, int64_t first_step) {
  remove_link(folder);
  make_folders(folder);
  path_ = next_path(folder);
  stream_.open(path_, std::ios::binary);
  write_event(bytes_field(event_field.file_version, "brain.Event:2"));
  write_event(integer_field(event_field.step, first_step) +
              bytes_field(event_field.session_log,
                          integer_field(session_field.status, session_field.start)));
}

void EventFile::add(int64_t step, const EventSummary& summary) {
  write_event(integer_field(event_field.step, step) +
              bytes_field(event_field.summary, summary.bytes()));
}

void EventFile::write_event(std::string_view content) {
  stream_ << record(double_field(event_field.wall_time, seconds_since_1970()) +
                    std::string(content))
          << std::flush;
  if (!stream_) throw WriteError(path_ + ": can't write; is the disk full?");
}

TensorBoard::TensorBoard(const std::string& run_folder, const History& history,
                         const EpochScore& score)
    : score_(score),
      file_((std::filesystem::path(run_folder) / "tensorboard").string(),
            history.empty() ? 1 : history.back().step + 1) {}

void TensorBoard::add_epoch(const EpochRecord& record, const Diagnostics& diagnostics) {
  EventSummary summary;
  for (const EvaluatedSet& set : evaluated_sets({&record, 1})) {
    summary.add_scalar(fmt::format("loss/{}", set.name), record.*set.loss);
    summary.add_scalar(fmt::format("{}/{}", score_.name, set.name), record.*set.score);
  }
  summary.add_scalar("learning rate", record.lr);
  const auto add_histograms = [&](const std::string& group, const NamedTensors& tensors) {
    for (const auto& [name, values] : tensors)
      summary.add_histogram(group + name,
                            {values.data<float>(), static_cast<std::size_t>(values.numel())});
  };
  add_histograms("weights/", diagnostics.weights);
  add_histograms("gradients/", diagnostics.gradients);
  file_.add(record.step, summary);
}

}  // namespace gradus::train
