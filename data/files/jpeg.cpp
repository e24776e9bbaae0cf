#include <cstdio>  // jpeglib.h needs it

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <csetjmp>

#include "core/error.hpp"
#include "data/files/exif.hpp"

namespace gradus::data {
namespace {

// An error jumps out of libjpeg over C frames, back to attempt().
struct JpegContext {
  jpeg_error_mgr manager{};  // must be first: libjpeg keeps only its address
  std::string error;
  std::jmp_buf before;
};

JpegContext& context_of(j_common_ptr jpeg) {
  return *reinterpret_cast<JpegContext*>(jpeg->err);
}

[[noreturn]] void on_error(j_common_ptr jpeg) {
  JpegContext& context = context_of(jpeg);
  char text[JMSG_LENGTH_MAX];
  context.manager.format_message(jpeg, text);
  context.error = text;
  std::longjmp(context.before, 1);
}

// A warning means that libjpeg would replace missing data, such as a cut-off part by grey: the file
// is damaged. Unneeded bytes between the parts are common and harmless.
void on_message(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA) on_error(jpeg);
}

// Calls body(), in which libjpeg may jump away: it has no objects that need to be destroyed.
template <class Body>
void attempt(const std::string& path, JpegContext& context, Body body) {
  if (setjmp(context.before) == 0)
    body();
  else
    file_error(path, "damaged JPEG: {}", context.error);
}

class JpegReader {
 public:
  explicit JpegReader(JpegContext& context) {
    jpeg.err = jpeg_std_error(&context.manager);
    context.manager.error_exit = on_error;
    context.manager.emit_message = on_message;
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
  JpegReader& operator=(JpegReader&&) = delete;

  jpeg_decompress_struct jpeg{};
};

// The orientation in one of the saved segments.
int orientation_of(const jpeg_decompress_struct& jpeg) {
  for (const jpeg_marker_struct* marker = jpeg.marker_list; marker; marker = marker->next)
    if (const int found = exif_orientation({marker->data, marker->data_length}); found != 1)
      return found;
  return 1;
}

// An extent of the image that libjpeg reduces: a part of a pixel counts as one.
int64_t reduced(int64_t extent, unsigned int divisor) {
  return (extent + divisor - 1) / divisor;
}

// The largest reduction, by 1, 2, 4 or 8, to no less than the wanted extents; 1 if none are wanted.
unsigned int divisor(const Raster& stored, int orientation, const ImageBytesOptions& options) {
  const bool transposed = orientation >= 5;
  const int64_t height = transposed ? options.least_width : options.least_height;
  const int64_t width = transposed ? options.least_height : options.least_width;
  if (height == 0 && width == 0) return 1;
  unsigned int by = 8;
  while (by > 1 && (reduced(stored.height, by) < height || reduced(stored.width, by) < width))
    by /= 2;
  return by;
}

}  // namespace

bool is_jpeg(std::span<const uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

Raster decode_jpeg(const std::string& path, std::span<const uint8_t> bytes,
                   const ImageBytesOptions& options) {
  JpegContext context;
  JpegReader reader(context);
  jpeg_decompress_struct& jpeg = reader.jpeg;
  attempt(path, context, [&] {
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&jpeg, TRUE);
  });
  if (jpeg.num_components != 1 && jpeg.num_components != 3)
    file_error(path, "a JPEG must be grey or RGB, got {} channels (a JPEG for print?)",
               jpeg.num_components);
  Raster raster{
      .channels = jpeg.num_components, .height = jpeg.image_height, .width = jpeg.image_width};
  check_size(path, raster);
  const int orientation = orientation_of(jpeg);
  jpeg.out_color_space = raster.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg.scale_num = 1;
  jpeg.scale_denom = divisor(raster, orientation, options);
  raster.height = reduced(raster.height, jpeg.scale_denom);
  raster.width = reduced(raster.width, jpeg.scale_denom);

  std::vector<uint8_t>& values = std::get<0>(raster.values);
  values.resize(static_cast<std::size_t>(raster.size()));
  const auto row = static_cast<std::size_t>(raster.channels * raster.width);
  attempt(path, context, [&] {
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW to = values.data() + jpeg.output_scanline * row;
      jpeg_read_scanlines(&jpeg, &to, 1);
    }
    jpeg_finish_decompress(&jpeg);
  });
  return upright(std::move(raster), orientation);
}

}  // namespace gradus::data
