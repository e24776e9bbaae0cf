#include "data/files/raster.hpp"

#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>

#include "core/error.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

// The data of libpng's callbacks. An error jumps out of libpng over C frames, back to attempt().
struct PngContext {
  std::span<const uint8_t> input;
  std::string output, error;
  std::jmp_buf before;
};

PngContext& context_of(png_structp png) {
  return *static_cast<PngContext*>(png_get_error_ptr(png));
}

[[noreturn]] void on_error(png_structp png, const char* message) {
  PngContext& context = context_of(png);
  context.error = message;
  std::longjmp(context.before, 1);
}

void on_warning(png_structp, const char*) {}

void on_read(png_structp png, png_bytep to, std::size_t count) {
  PngContext& context = context_of(png);
  if (context.input.size() < count) png_error(png, "cut off");
  std::copy_n(context.input.begin(), count, to);
  context.input = context.input.subspan(count);
}

void on_write(png_structp png, png_bytep from, std::size_t count) {
  context_of(png).output.append(reinterpret_cast<const char*>(from), count);
}

void on_flush(png_structp) {}

// Calls body(), in which libpng may jump away: it has no objects that need to be destroyed.
template <class Body>
void attempt(const std::string& path, PngContext& context, Body body) {
  if (setjmp(context.before) == 0)
    body();
  else
    file_error(path, "damaged PNG: {}", context.error);
}

struct PngFile {
  explicit PngFile(png_structp created)
      : png(created), info(png ? png_create_info_struct(png) : nullptr) {
    if (!info) throw std::bad_alloc();
  }
  PngFile& operator=(PngFile&&) = delete;

  png_structp png;
  png_infop info;
};

struct PngReader : PngFile {
  explicit PngReader(PngContext& context)
      : PngFile(png_create_read_struct(PNG_LIBPNG_VER_STRING, &context, on_error, on_warning)) {
    png_set_read_fn(png, nullptr, on_read);
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
};

struct PngWriter : PngFile {
  explicit PngWriter(PngContext& context)
      : PngFile(png_create_write_struct(PNG_LIBPNG_VER_STRING, &context, on_error, on_warning)) {
    png_set_write_fn(png, nullptr, on_write, on_flush);
  }
  ~PngWriter() { png_destroy_write_struct(&png, &info); }
};

// Converts all pixels to 8 bits or to 16 in the order of this processor. Returns the bytes per row
// in the file.
std::size_t read_header(const PngReader& reader) {
  png_set_user_limits(reader.png, static_cast<png_uint_32>(maximal_extent),
                      static_cast<png_uint_32>(maximal_extent));
  png_read_info(reader.png, reader.info);
  const std::size_t stored = png_get_rowbytes(reader.png, reader.info);
  png_set_expand(reader.png);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(reader.png);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return stored;
}

template <class Value>
void read_rows(const std::string& path, PngContext& context, const PngReader& reader,
               const Raster& raster, std::vector<Value>& values) {
  values.resize(static_cast<std::size_t>(raster.size()));
  std::vector<png_bytep> rows;
  for (int64_t y = 0; y < raster.height; ++y)
    rows.push_back(reinterpret_cast<png_bytep>(values.data() + y * raster.width * raster.channels));
  attempt(path, context, [&] {
    png_read_image(reader.png, rows.data());
    png_read_end(reader.png, nullptr);
  });
}

}  // namespace

bool is_png(std::span<const uint8_t> bytes) {
  return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0;
}

Raster decode_png(const std::string& path, std::span<const uint8_t> bytes) {
  PngContext context{bytes, {}, {}, {}};
  const PngReader reader(context);
  std::size_t stored = 0;
  attempt(path, context, [&] { stored = read_header(reader); });
  Raster raster{.channels = png_get_channels(reader.png, reader.info),
                .height = png_get_image_height(reader.png, reader.info),
                .width = png_get_image_width(reader.png, reader.info)};
  check_size(path, raster);
  if (stored * static_cast<std::size_t>(raster.height) > most_inflated * bytes.size())
    file_error(path, "damaged PNG: its header declares {}×{} pixels, too many for {} bytes",
               raster.width, raster.height, bytes.size());
  if (png_get_bit_depth(reader.png, reader.info) == 16) {
    raster.white = 65535;
    raster.values = std::vector<uint16_t>();
  }
  std::visit([&](auto& values) { read_rows(path, context, reader, raster, values); },
             raster.values);
  return raster;
}

std::string encode_png(const std::string& path, const Raster& raster) {
  std::string pixels;
  append_values(pixels, raster);
  const std::size_t row_size = pixels.size() / static_cast<std::size_t>(raster.height);
  PngContext context;
  const PngWriter writer(context);
  attempt(path, context, [&] {
    png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(raster.width),
                 static_cast<png_uint_32>(raster.height), raster.white > 255 ? 16 : 8,
                 raster.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer.png, writer.info);
    for (std::size_t row = 0; row < pixels.size(); row += row_size)
      png_write_row(writer.png, reinterpret_cast<png_const_bytep>(pixels.data() + row));
    png_write_end(writer.png, nullptr);
  });
  return context.output;
}

}  // namespace gradus::data
