#include "core/safetensors.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "core/file.hpp"
#include "core/registry.hpp"

namespace gradus {
namespace {

using json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

// The format's own limit, which keeps a reader from building a header of gigabytes.
constexpr uint64_t max_header = 100'000'000;

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
  explicit operator int64_t() const { return byte != 0; }
};

template <class From, class To>
void convert(const char* bytes, int64_t n, void* values) {
  for (int64_t i = 0; i < n; ++i) {
    From from;
    std::memcpy(&from, bytes + i * static_cast<int64_t>(sizeof from), sizeof from);
    static_cast<To*>(values)[i] = static_cast<To>(from);
  }
}

// A type of the format: how it is read.
struct FileType {
  std::string_view name;
  int64_t size;
  DType dtype;
  void (*convert)(const char* bytes, int64_t n, void* values);  // null where the bytes are the same
};

constexpr FileType file_types[] = {
    {"F32", 4, DType::f32, nullptr},
    {"F64", 8, DType::f64, nullptr},
    {"I64", 8, DType::i64, nullptr},
    {"F16", 2, DType::f32, convert<Float16, float>},
    {"BF16", 2, DType::f32, convert<BFloat16, float>},
    {"BOOL", 1, DType::i64, convert<Boolean, int64_t>},
    {"I8", 1, DType::i64, convert<int8_t, int64_t>},
    {"U8", 1, DType::i64, convert<uint8_t, int64_t>},
    {"I16", 2, DType::i64, convert<int16_t, int64_t>},
    {"U16", 2, DType::i64, convert<uint16_t, int64_t>},
    {"I32", 4, DType::i64, convert<int32_t, int64_t>},
    {"U32", 4, DType::i64, convert<uint32_t, int64_t>},
    {"U64", 8, DType::i64, convert<uint64_t, int64_t>},
};

struct Entry {
  std::string name;
  const FileType* type = nullptr;
  Shape shape;
  uint64_t begin = 0, end = 0;
};

// Names come from the file: shown on one line, and not at any length.
std::string shown(std::string_view name) {
  std::string result;
  for (const char c : name.substr(0, 80))
    result += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return name.size() > 80 ? result + "…" : result;
}

// Reads the header's JSON event by event: whatever doesn't belong stops it at once, and nothing is
// built but the entries.
class HeaderReader final : public nlohmann::json_sax<json> {
 public:
  HeaderReader(const std::string& path, std::map<std::string, std::string>& metadata)
      : path_(path), metadata_(metadata) {}

  std::vector<Entry> entries;

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
      if (!metadata_.try_emplace(key).second) refuse("has '{}' twice", shown(key));
    } else {
      if (key != "dtype" && key != "shape" && key != "data_offsets")
        refuse("has an unknown field '{}'", shown(key));
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
      if (type == std::end(file_types)) refuse("has the unknown type '{}'", shown(value));
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
      refuse("has {} in '{}', which is too large", value, field_);
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
    file_error(path_, "the header is no JSON from its byte {} on", position);
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
      refuse("has more elements than any file: ({})", fmt::join(numbers_, ", "));
    }
  }

  void set_offsets() {
    if (numbers_.size() != 2) refuse("has {} data offsets instead of 2", numbers_.size());
    entries.back().begin = static_cast<uint64_t>(numbers_[0]);
    entries.back().end = static_cast<uint64_t>(numbers_[1]);
    if (numbers_[0] > numbers_[1])
      refuse("ends at {} before it begins at {}", numbers_[1], numbers_[0]);
  }

  template <class... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    file_error(path_, "'{}' {}", shown(name_), fmt::format(message, std::forward<Args>(args)...));
  }

  [[noreturn]] void unexpected(std::string_view kind) const {
    if (place_ == Place::file || name_.empty())
      file_error(path_, "the header is no object of tensors");
    refuse("has an unexpected {}", kind);
  }

  const std::string& path_;
  std::map<std::string, std::string>& metadata_;
  std::set<std::string> names_, fields_;
  std::string name_, metadata_key_, field_;
  std::vector<int64_t> numbers_;
  Place place_ = Place::file;
};

// Sorts the entries by their place and checks that they fill `bytes` without overlap or hole.
void check_layout(const std::string& path, std::vector<Entry>& entries, uint64_t bytes) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t position = 0;
  for (const Entry& entry : entries) {
    const std::string name = shown(entry.name);
    // Fits: a shape has at most 2^60 elements, of at most 8 bytes.
    const uint64_t size =
        static_cast<uint64_t>(entry.shape.numel()) * static_cast<uint64_t>(entry.type->size);
    if (entry.end > bytes) file_error(path, "'{}' ends at byte {} of {}", name, entry.end, bytes);
    if (entry.end - entry.begin != size)
      file_error(path, "'{}' has {} bytes, {} of {} need {}", name, entry.end - entry.begin,
                 entry.shape, entry.type->name, size);
    if (entry.begin != position)
      file_error(path, "'{}' begins at byte {}, which {} byte {}", name, entry.begin,
                 entry.begin < position ? "overlaps what ends at" : "leaves a hole after",
                 position);
    position = entry.end;
  }
  if (position != bytes) file_error(path, "{} bytes follow the last tensor", bytes - position);
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {
    std::error_code error;
    size_ = std::filesystem::file_size(path, error);
    if (error) file_error(path, "{}", error.message());
    stream_.open(path, std::ios::binary);
    if (!stream_) file_error(path, "can't be opened");
  }

  uint64_t size() const { return size_; }

  void read(void* bytes, uint64_t count) {
    stream_.read(static_cast<char*>(bytes), static_cast<std::streamsize>(count));
    if (!stream_) file_error(path_, "ended while it was read");
  }

 private:
  const std::string& path_;
  std::ifstream stream_;
  uint64_t size_ = 0;
};

std::string read_header(const std::string& path, Reader& reader) {
  uint64_t length = 0;
  if (reader.size() < sizeof length)
    file_error(path, "{} bytes are too few for a safetensors file", reader.size());
  reader.read(&length, sizeof length);
  if (length > reader.size() - sizeof length)
    file_error(path, "a header of {} bytes doesn't fit a file of {}", length, reader.size());
  if (length > max_header)
    file_error(path, "a header of {} bytes exceeds the limit of {}", length, max_header);
  std::string header(length, '\0');
  reader.read(header.data(), length);
  if (!header.starts_with('{')) file_error(path, "the header doesn't begin with '{{'");
  return header;
}

Tensor read_tensor(const std::string& path, Reader& reader, const Entry& entry) {
  Tensor tensor = Tensor::empty(entry.shape, entry.type->dtype);
  dispatch(tensor.dtype(), [&]<class T>(T) {
    T* values = tensor.mutable_data<T>();
    if (!entry.type->convert) return reader.read(values, entry.end - entry.begin);
    std::vector<char> bytes(entry.end - entry.begin);
    reader.read(bytes.data(), bytes.size());
    entry.type->convert(bytes.data(), tensor.numel(), values);
    if (entry.type->name == "U64" &&
        std::any_of(values, values + tensor.numel(), [](T value) { return value < 0; }))
      file_error(path, "'{}' has a value beyond i64", shown(entry.name));
  });
  return tensor;
}

std::string_view bytes_of(const Tensor& tensor) {
  return dispatch(tensor.dtype(), [&]<class T>(T) {
    return std::string_view(reinterpret_cast<const char*>(tensor.data<T>()),
                            static_cast<std::size_t>(tensor.numel()) * sizeof(T));
  });
}

std::string header_of(const std::vector<std::pair<std::string, Tensor>>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t position = 0;
  std::set<std::string> names;
  for (const auto& [name, tensor] : tensors) {
    require(names.insert(name).second, "write_safetensors", "'{}' appears twice", shown(name));
    const uint64_t end = position + bytes_of(tensor).size();
    const auto type = std::find_if(std::begin(file_types), std::end(file_types),
                                   [&](const FileType& t) { return t.dtype == tensor.dtype(); });
    header[name] = {{"dtype", type->name},
                    {"shape", std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end())},
                    {"data_offsets", {position, end}}};
    position = end;
  }
  try {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
  } catch (const nlohmann::json::exception&) {
    fail("write_safetensors", "names and metadata are UTF-8");
  }
}

}  // namespace

const Tensor& SafetensorsFile::at(const std::string& name) const {
  for (const auto& [known, tensor] : tensors)
    if (known == name) return tensor;
  std::vector<std::string> names;
  for (const auto& [known, tensor] : tensors) names.push_back(known);
  names = nearest_first(name, std::move(names));
  names.resize(std::min<std::size_t>(names.size(), 5));
  fail("safetensors", "no tensor '{}'; nearest: {}", name, fmt::join(names, ", "));
}

SafetensorsFile read_safetensors(const std::string& path) {
  SafetensorsFile file;
  Reader reader(path);
  const std::string header = read_header(path, reader);
  HeaderReader events(path, file.metadata);
  json::sax_parse(header, &events);
  check_layout(path, events.entries, reader.size() - sizeof(uint64_t) - header.size());
  for (Entry& entry : events.entries) {
    Tensor tensor = read_tensor(path, reader, entry);
    file.tensors.emplace_back(std::move(entry.name), std::move(tensor));
  }
  return file;
}

void write_safetensors(const std::string& path,
                       const std::vector<std::pair<std::string, Tensor>>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  // Wider types first: then every tensor is aligned to its type.
  for (const auto& [name, tensor] : tensors) {
    require(tensor.defined(), "write_safetensors", "'{}' is undefined", shown(name));
    require(name != "__metadata__", "write_safetensors", "'{}' is no name for a tensor", name);
  }
  std::vector<std::pair<std::string, Tensor>> ordered = tensors;
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return size_of(a.second.dtype()) > size_of(b.second.dtype());
  });
  const std::string header = header_of(ordered, metadata);
  const uint64_t length = header.size();
  require(length <= max_header, "write_safetensors", "a header of {} bytes exceeds the limit of {}",
          length, max_header);
  std::vector<std::string_view> pieces{{reinterpret_cast<const char*>(&length), sizeof length},
                                       header};
  for (const auto& [name, tensor] : ordered) pieces.push_back(bytes_of(tensor));
  write_file_atomically(path, pieces);
}

}  // namespace gradus
