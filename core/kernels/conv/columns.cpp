#include "core/kernels/conv/choose.hpp"

#include "core/kernels/gemm/gemm.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {
namespace {

// If one image has less work than this, a thread processes several.
constexpr int64_t least_work = 1 << 18;

int64_t images_per_chunk(const ConvolutionPlan& p) {
  return std::max<int64_t>(1, least_work / p.work_per_image());
}

// The outputs of a line with an input index, index·stride − padding + offset, inside [0, extent).
struct Overlap {
  Overlap(int64_t outputs, int64_t extent, int64_t stride, int64_t padding, int64_t offset) {
    const int64_t first = padding - offset;
    begin = std::clamp<int64_t>(first <= 0 ? 0 : (first + stride - 1) / stride, 0, outputs);
    const int64_t last = extent - 1 + padding - offset;
    end = std::clamp<int64_t>(last < 0 ? 0 : last / stride + 1, begin, outputs);
  }
  int64_t begin, end;
};

/// columns[(c, r, s), (oh, ow)] = x[c, oh·stride − padding + r·dilation, …], 0 outside;
/// x (channels, h, w), columns (channels·kh·kw, oh·ow)
template <class T>
void image_to_columns(const ConvolutionPlan& p, int64_t channels, const T* x, T* columns) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t s = 0; s < p.kw; ++s) {
        const Overlap rows(p.oh, p.h, p.stride_h, p.padding_h, r * p.dilation_h);
        const Overlap along(p.ow, p.w, p.stride_w, p.padding_w, s * p.dilation_w);
        std::fill_n(columns, rows.begin * p.ow, T{0});
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          const T* from = x + (c * p.h + i * p.stride_h - p.padding_h + r * p.dilation_h) * p.w -
                          p.padding_w + s * p.dilation_w;
          T* to = columns + i * p.ow;
          std::fill_n(to, along.begin, T{0});
          if (p.stride_w == 1)
            copy_line(from + along.begin, along.end - along.begin, to + along.begin);
          else
            for (int64_t j = along.begin; j < along.end; ++j) to[j] = from[j * p.stride_w];
          std::fill(to + along.end, to + p.ow, T{0});
        }
        std::fill(columns + rows.end * p.ow, columns + p.oh * p.ow, T{0});
        columns += p.oh * p.ow;
      }
}

/// The transpose of image_to_columns: x[c, …] += columns[(c, r, s), (oh, ow)]
template <class T>
void columns_to_image(const ConvolutionPlan& p, int64_t channels, const T* columns, T* x) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t s = 0; s < p.kw; ++s) {
        const Overlap rows(p.oh, p.h, p.stride_h, p.padding_h, r * p.dilation_h);
        const Overlap along(p.ow, p.w, p.stride_w, p.padding_w, s * p.dilation_w);
        for (int64_t i = rows.begin; i < rows.end; ++i) {
          T* to = x + (c * p.h + i * p.stride_h - p.padding_h + r * p.dilation_h) * p.w -
                  p.padding_w + s * p.dilation_w;
          const T* from = columns + i * p.ow;
          if (p.stride_w == 1)
            for (int64_t j = along.begin; j < along.end; ++j) to[j] += from[j];
          else
            for (int64_t j = along.begin; j < along.end; ++j) to[j * p.stride_w] += from[j];
        }
        columns += p.oh * p.ow;
      }
}

// The columns of one image and group, in memory that a thread reuses for all its images.
template <class T>
class Columns {
 public:
  explicit Columns(const ConvolutionPlan& plan)
      : plan_(plan), memory_(plan.is_pointwise() ? 0 : plan.window() * plan.pixels()) {}

  T* buffer() { return memory_.data(); }
  Matrix<T> of(const T* image) {
    if (plan_.is_pointwise()) return {image, plan_.pixels()};
    vectorized<image_to_columns<T>>(plan_, plan_.c / plan_.groups, image, buffer());
    return {buffer(), plan_.pixels()};
  }

 private:
  const ConvolutionPlan& plan_;
  Scratch<T> memory_;
};

}  // namespace

template <class T>
void column_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias,
                        T* y) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups;
  parallel_for(p.n, images_per_chunk(p), [&](int64_t begin, int64_t end) {
    Columns<T> columns(p);
    for (int64_t image = begin; image < end; ++image)
      for (int64_t group = 0; group < p.groups; ++group) {
        T* to = y + (image * p.k + group * filters) * p.pixels();
        if (bias)
          for (int64_t filter = 0; filter < filters; ++filter)
            std::fill_n(to + filter * p.pixels(), p.pixels(), bias[group * filters + filter]);
        gemm_serial(filters, p.pixels(), p.window(),
                    Matrix<T>{weight + group * filters * p.window(), p.window()},
                    columns.of(x + (image * p.c + group * channels) * p.h * p.w),
                    bias ? Update::add : Update::replace, to, p.pixels());
      }
  });
}

template <class T>
void column_input_gradient(const ConvolutionPlan& p, const T* g, const T* weight, T* dx) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups;
  parallel_for(p.n, images_per_chunk(p), [&](int64_t begin, int64_t end) {
    Columns<T> columns(p);
    for (int64_t image = begin; image < end; ++image)
      for (int64_t group = 0; group < p.groups; ++group) {
        T* to = dx + (image * p.c + group * channels) * p.h * p.w;
        T* product = p.is_pointwise() ? to : columns.buffer();
        gemm_serial(p.window(), p.pixels(), filters,
                    Matrix<T>{weight + group * filters * p.window(), p.window(), true},
                    Matrix<T>{g + (image * p.k + group * filters) * p.pixels(), p.pixels()},
                    Update::replace, product, p.pixels());
        if (p.is_pointwise()) continue;
        std::fill_n(to, channels * p.h * p.w, T{0});
        vectorized<columns_to_image<T>>(p, channels, product, to);
      }
  });
}

template <class T>
void column_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups;
  const int64_t size = p.k * p.window();
  // Images are summed in a fixed number of chunks, and the chunks' sums are added in order.
  const int64_t grain = std::max(images_per_chunk(p), chunk_count(p.n, 16));
  const int64_t chunks = chunk_count(p.n, grain);
  Scratch<T> memory(chunks * size);
  T* const sums = memory.data();  // (chunks, groups, window, filters)
  parallel_for(p.n, grain, [&](int64_t begin, int64_t end) {
    Columns<T> columns(p);
    for (int64_t image = begin; image < end; ++image)
      for (int64_t group = 0; group < p.groups; ++group)
        gemm_serial(p.window(), filters, p.pixels(),
                    columns.of(x + (image * p.c + group * channels) * p.h * p.w),
                    Matrix<T>{g + (image * p.k + group * filters) * p.pixels(), p.pixels(), true},
                    image == begin ? Update::replace : Update::add,
                    sums + begin / grain * size + group * filters * p.window(), filters);
  });
  for (int64_t chunk = 1; chunk < chunks; ++chunk)
    for (int64_t i = 0; i < size; ++i) sums[i] += sums[chunk * size + i];
  for (int64_t filter = 0; filter < p.k; ++filter)
    for (int64_t i = 0; i < p.window(); ++i)
      *dw++ = sums[(filter / filters * p.window() + i) * filters + filter % filters];
}

#define GRADUS_INSTANTIATE(T)                                                                 \
  template void column_convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*); \
  template void column_input_gradient(const ConvolutionPlan&, const T*, const T*, T*);        \
  template void column_weight_gradient(const ConvolutionPlan&, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
