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

}  // namespace

bool is_jpeg(std::span<const uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

Raster decode_jpeg(const std::string& path, std::span<const uint8_t> bytes) {
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

  std::vector<uint8_t> row(static_cast<std::size_t>(raster.channels * raster.width));
  raster.values.resize(static_cast<std::size_t>(raster.size()));
  attempt(path, context, [&] {
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      const std::size_t first = jpeg.output_scanline * row.size();
      JSAMPROW to = row.data();
      jpeg_read_scanlines(&jpeg, &to, 1);
      std::ranges::copy(row, raster.values.begin() + static_cast<std::ptrdiff_t>(first));
    }
    jpeg_finish_decompress(&jpeg);
  });
  return upright(raster, orientation);
}

}  // namespace gradus::data
