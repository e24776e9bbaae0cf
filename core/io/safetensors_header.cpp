#include "core/io/safetensors_header.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/io/bytes.hpp"

namespace gradus::safetensors {
namespace {

struct Float16 {
  uint16_t bits;
  explicit operator float() const {
    const uint32_t sign = (bits & 0x8000u) << 16;
    const int exponent = (bits >> 10) & 31;
    const uint32_t fraction = bits & 0x3ffu;
    if (exponent == 0) {
      const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
      return sign ? -magnitude : magnitude;
    }
    const uint32_t wide = exponent == 31 ? 255 : static_cast<uint32_t>(exponent + 112);
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
  }
};

struct BFloat16 {
  uint16_t bits;
  explicit operator float() const { return std::bit_cast<float>(uint32_t{bits} << 16); }
};

struct Boolean {
  uint8_t byte;
  explicit operator bool() const { return byte != 0; }
};

template <class From, class To>
void convert(const char* bytes, int64_t n, void* values) {
  for (int64_t i = 0; i < n; ++i) {
    From from;
    std::memcpy(&from, bytes + i * static_cast<int64_t>(sizeof from), sizeof from);
    static_cast<To*>(values)[i] = static_cast<To>(from);
  }
}

constexpr FileType file_types[] = {
    {"F32", 4, DType::f32, nullptr},
    {"F64", 8, DType::f64, nullptr},
    {"I64", 8, DType::i64, nullptr},
    {"F16", 2, DType::f32, convert<Float16, float>},
    {"BF16", 2, DType::f32, convert<BFloat16, float>},
    {"BOOL", 1, DType::boolean, convert<Boolean, bool>},
    {"I8", 1, DType::i64, convert<int8_t, int64_t>},
    {"U8", 1, DType::i64, convert<uint8_t, int64_t>},
    {"I16", 2, DType::i64, convert<int16_t, int64_t>},
    {"U16", 2, DType::i64, convert<uint16_t, int64_t>},
    {"I32", 4, DType::i64, convert<int32_t, int64_t>},
    {"U32", 4, DType::i64, convert<uint32_t, int64_t>},
    {"U64", 8, DType::i64, convert<uint64_t, int64_t>},
};

// Reads the header's JSON event by event. It stops at the first unexpected event, and builds
// nothing but the entries.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderReader(const std::string& path, std::map<std::string, std::string>& metadata)
      : path_(path), metadata_(metadata) {}

  std::vector<TensorEntry> entries;

  bool start_object(std::size_t) override {
    if (place_ == Place::file) return move_to(Place::header);
    if (place_ != Place::header) unexpected("object");
    if (name_ == "__metadata__") return move_to(Place::metadata);
    entries.emplace_back().name = name_;
    fields_.clear();
    return move_to(Place::tensor);
  }

  bool key(std::string& key) override {
    if (place_ == Place::header) {
      name_ = key;
      if (!names_.insert(key).second) refuse("appears twice");
    } else if (place_ == Place::metadata) {
      metadata_key_ = key;
      if (!metadata_.try_emplace(key).second) refuse("has {} twice", in_quotes(key));
    } else {
      if (key != "dtype" && key != "shape" && key != "data_offsets")
        refuse("has an unknown field {}", in_quotes(key));
      field_ = key;
      if (!fields_.insert(key).second) refuse("has '{}' twice", key);
    }
    return true;
  }

  bool string(std::string& value) override {
    if (place_ == Place::metadata) {
      metadata_[metadata_key_] = value;
    } else if (place_ == Place::tensor && field_ == "dtype") {
      const auto type = std::find_if(std::begin(file_types), std::end(file_types),
                                     [&](const FileType& t) { return t.name == value; });
      if (type == std::end(file_types)) refuse("has the unknown type {}", in_quotes(value));
      entries.back().type = type;
    } else {
      unexpected("string");
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::tensor || field_ == "dtype") unexpected("array");
    numbers_.clear();
    return move_to(Place::list);
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ != Place::list) unexpected("number");
    if (value > uint64_t{std::numeric_limits<int64_t>::max()})
      refuse("has too large a number in '{}': {}", field_, value);
    if (numbers_.size() == Shape::max_rank) refuse("has more than 8 numbers in '{}'", field_);
    numbers_.push_back(static_cast<int64_t>(value));
    return true;
  }

  bool end_array() override {
    if (field_ == "shape")
      set_shape();
    else
      set_offsets();
    return move_to(Place::tensor);
  }

  bool end_object() override {
    if (place_ == Place::tensor && fields_.size() != 3)
      refuse("needs 'dtype', 'shape' and 'data_offsets'");
    return move_to(place_ == Place::header ? Place::file : Place::header);
  }

  bool number_integer(number_integer_t) override { unexpected("negative number"); }
  bool number_float(number_float_t, const std::string&) override { unexpected("fraction"); }
  bool null() override { unexpected("null"); }
  bool boolean(bool) override { unexpected("boolean"); }
  bool binary(binary_t&) override { unexpected("binary"); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    file_error(path_, "the header is not valid JSON from its byte {} on", position);
  }

 private:
  enum class Place { file, header, metadata, tensor, list };

  bool move_to(Place place) {
    place_ = place;
    return true;
  }

  void set_shape() {
    try {
      entries.back().shape = Shape(numbers_);
    } catch (const std::invalid_argument&) {
      refuse("has too many elements: ({})", fmt::join(numbers_, ", "));
    }
  }

  void set_offsets() {
    if (numbers_.size() != 2) refuse("must have 2 data offsets, got {}", numbers_.size());
    entries.back().begin = static_cast<uint64_t>(numbers_[0]);
    entries.back().end = static_cast<uint64_t>(numbers_[1]);
    if (numbers_[0] > numbers_[1])
      refuse("must not end before it begins: ends at {}, begins at {}", numbers_[1], numbers_[0]);
  }

  template <class... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    file_error(path_, "{} {}", in_quotes(name_), fmt::format(message, std::forward<Args>(args)...));
  }

  [[noreturn]] void unexpected(std::string_view kind) const {
    if (place_ == Place::file || name_.empty())
      file_error(path_, "the header must be a JSON object of tensors");
    refuse("has an unexpected {}", kind);
  }

  const std::string& path_;
  std::map<std::string, std::string>& metadata_;
  std::set<std::string> names_, fields_;
  std::string name_, metadata_key_, field_;
  std::vector<int64_t> numbers_;
  Place place_ = Place::file;
};

// Sorts the entries by their place and checks that they cover `bytes` without overlaps or gaps.
void check_layout(const std::string& path, std::vector<TensorEntry>& entries, uint64_t bytes) {
  std::ranges::stable_sort(entries, [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t position = 0;
  for (const TensorEntry& entry : entries) {
    const std::string name = in_quotes(entry.name);
    // No overflow: a shape has at most 2^60 elements, of at most 8 bytes.
    const uint64_t size =
        static_cast<uint64_t>(entry.shape.numel()) * static_cast<uint64_t>(entry.type->size);
    if (entry.end > bytes) file_error(path, "{} ends at byte {} of {}", name, entry.end, bytes);
    if (entry.end - entry.begin != size)
      file_error(path, "{} has {} bytes, {} of {} need {}", name, entry.end - entry.begin,
                 entry.shape, entry.type->name, size);
    if (entry.begin != position)
      file_error(path, "{} begins at byte {}, which {} byte {}", name, entry.begin,
                 entry.begin < position ? "overlaps what ends at" : "leaves a gap after", position);
    position = entry.end;
  }
  if (position != bytes) file_error(path, "{} bytes follow the last tensor", bytes - position);
}

}  // namespace

const FileType& file_type(DType dtype) {
  return *std::find_if(std::begin(file_types), std::end(file_types),
                       [&](const FileType& type) { return type.dtype == dtype; });
}

std::vector<TensorEntry> parse_header(const std::string& path, const std::string& text,
                                      uint64_t data_bytes,
                                      std::map<std::string, std::string>& metadata) {
  HeaderReader reader(path, metadata);
  nlohmann::json::sax_parse(text, &reader);
  check_layout(path, reader.entries, data_bytes);
  return std::move(reader.entries);
}

std::string format_header(const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata) {
  auto header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t position = 0;
  std::set<std::string> names;
  for (const auto& [name, tensor] : tensors) {
    require(names.insert(name).second, "write_safetensors", "{} appears twice", in_quotes(name));
    const uint64_t end = position + bytes_of(tensor).size();
    header[name] = {{"dtype", file_type(tensor.dtype()).name},
                    {"shape", std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end())},
                    {"data_offsets", {position, end}}};
    position = end;
  }
  try {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
  } catch (const nlohmann::json::exception&) {
    fail("write_safetensors", "names and metadata must be UTF-8");
  }
}

}  // namespace gradus::safetensors
