#include "core/io/safetensors.hpp"

#include <fmt/ranges.h>

#include <bit>
#include <filesystem>
#include <fstream>

#include "core/io/bytes.hpp"
#include "core/io/file.hpp"
#include "core/io/safetensors_header.hpp"
#include "core/text/registry.hpp"

namespace gradus {
namespace {

using namespace safetensors;

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

class FileReader {
 public:
  explicit FileReader(const std::string& path) : path_(path) {
    std::error_code error;
    size_ = std::filesystem::file_size(path, error);
    if (error) file_error(path, "{}", error.message());
    stream_.open(path, std::ios::binary);
    if (!stream_) file_error(path, "can't be opened");
  }

  uint64_t size() const { return size_; }

  void read(void* bytes, uint64_t count) {
    stream_.read(static_cast<char*>(bytes), static_cast<std::streamsize>(count));
    if (!stream_) file_error(path_, "became shorter while it was read");
  }

 private:
  const std::string& path_;
  std::ifstream stream_;
  uint64_t size_ = 0;
};

std::string read_header(const std::string& path, FileReader& reader) {
  uint64_t length = 0;
  if (reader.size() < sizeof length)
    file_error(path, "is too short for a safetensors file: {} bytes", reader.size());
  reader.read(&length, sizeof length);
  if (length > reader.size() - sizeof length)
    file_error(path, "its header has {} bytes, but the file only {}", length, reader.size());
  if (length > max_header)
    file_error(path, "its header must not be larger than {} bytes, got {}", max_header, length);
  std::string header(length, '\0');
  reader.read(header.data(), length);
  if (!header.starts_with('{')) file_error(path, "its header must begin with '{{'");
  return header;
}

Tensor read_tensor(const std::string& path, FileReader& reader, const TensorEntry& entry) {
  Tensor tensor = Tensor::empty(entry.shape, entry.type->dtype);
  dispatch(tensor.dtype(), [&]<class T>(T) {
    T* values = tensor.mutable_data<T>();
    if (!entry.type->convert) return reader.read(values, entry.end - entry.begin);
    std::vector<char> bytes(entry.end - entry.begin);
    reader.read(bytes.data(), bytes.size());
    entry.type->convert(bytes.data(), tensor.numel(), values);
    if (entry.type->name == "U64" &&
        std::any_of(values, values + tensor.numel(), [](T value) { return value < T{0}; }))
      file_error(path, "{} has a value larger than i64", in_quotes(entry.name));
  });
  return tensor;
}

}  // namespace

const Tensor& SafetensorsFile::at(const std::string& name) const {
  for (const auto& [known, tensor] : tensors)
    if (known == name) return tensor;
  std::vector<std::string> names;
  for (const auto& [known, tensor] : tensors) names.push_back(known);
  names = nearest_first(name, std::move(names));
  names.resize(std::min<std::size_t>(names.size(), 5));
  fail("safetensors", "there is no tensor '{}'; nearest: {}", name, fmt::join(names, ", "));
}

SafetensorsFile read_safetensors(const std::string& path) {
  SafetensorsFile file;
  FileReader reader(path);
  const std::string header = read_header(path, reader);
  const uint64_t data_bytes = reader.size() - sizeof(uint64_t) - header.size();
  for (TensorEntry& entry : parse_header(path, header, data_bytes, file.metadata)) {
    Tensor tensor = read_tensor(path, reader, entry);
    file.tensors.emplace_back(std::move(entry.name), std::move(tensor));
  }
  return file;
}

void write_safetensors(const std::string& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata) {
  for (const auto& [name, tensor] : tensors) {
    require(tensor.defined(), "write_safetensors", "{} is undefined", in_quotes(name));
    require(name != "__metadata__", "write_safetensors",
            "'{}' is reserved and must not be a tensor's name", name);
  }
  // Wider types come first, so that every tensor is aligned to its type.
  NamedTensors ordered = tensors;
  std::ranges::stable_sort(ordered, std::greater(),
                           [](const auto& named) { return size_of(named.second.dtype()); });
  const std::string header = format_header(ordered, metadata);
  const uint64_t length = header.size();
  require(length <= max_header, "write_safetensors",
          "the header must not be larger than {} bytes, got {}", max_header, length);
  std::vector<std::string_view> pieces{{reinterpret_cast<const char*>(&length), sizeof length},
                                       header};
  for (const auto& [name, tensor] : ordered) pieces.push_back(bytes_of(tensor));
  write_file_atomically(path, pieces);
}

}  // namespace gradus