#include "apps/pictures/svg_to_png.hpp"

#include "core/error.hpp"

#ifdef GRADUS_RSVG
#include <librsvg/rsvg.h>

#include <memory>
#endif

namespace gradus::pictures {

#ifdef GRADUS_RSVG

std::string svg_to_png(const std::string& svg) {
  constexpr double scale = 2;
  const std::unique_ptr<RsvgHandle, decltype(&g_object_unref)> handle(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), nullptr),
      g_object_unref);
  double width = 0, height = 0;
  require(handle && rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height),
          "svg_to_png", "the SVG is damaged or has no size");
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(scale * width),
                                 static_cast<int>(scale * height)),
      cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context(cairo_create(surface.get()),
                                                                   cairo_destroy);
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  const RsvgRectangle whole{0, 0, scale * width, scale * height};
  require(rsvg_handle_render_document(handle.get(), context.get(), &whole, nullptr), "svg_to_png",
          "the SVG can't be drawn");
  std::string png;
  const auto append = [](void* to, const unsigned char* bytes, unsigned size) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
  };
  require(cairo_surface_write_to_png_stream(surface.get(), append, &png) == CAIRO_STATUS_SUCCESS,
          "svg_to_png", "the image can't be made: {} × {} pixels", scale * width, scale * height);
  return png;
}

#else

std::string svg_to_png(const std::string&) {
  throw std::invalid_argument(
      "[save] charts as PNG need librsvg: install librsvg2-dev and build Gradus again, or write "
      ".svg");
}

#endif

}  // namespace gradus::pictures
