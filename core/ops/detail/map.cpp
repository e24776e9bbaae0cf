#include "core/ops/detail/map.hpp"

#include "core/autograd.hpp"
#include "core/kernels/broadcast.hpp"
#include "core/parallel.hpp"

namespace gradus::detail {
namespace {

using kernels::elementwise_grain;

const std::byte* memory(const Tensor& x) {
  return dispatch(x.dtype(),
                  [&]<class T>(T) { return reinterpret_cast<const std::byte*>(x.data<T>()); });
}

std::byte* mutable_memory(Tensor& x) {
  return dispatch(x.dtype(),
                  [&]<class T>(T) { return reinterpret_cast<std::byte*>(x.mutable_data<T>()); });
}

template <class Loop>
Loop loop_of(const char* operation, DType dtype, const Loops<Loop>& loops) {
  const Loop by_type[] = {loops.f32, loops.f64, loops.i64, loops.boolean};
  const Loop loop = by_type[static_cast<int>(dtype)];
  require(loop != nullptr, operation, "needs {}, got {}",
          !loops.f32  ? "bool"
          : loops.i64 ? "f32, f64 or i64"
                      : "f32 or f64",
          to_string(dtype));
  return loop;
}

void run(const char* operation, const Tensor& x, Tensor& y, const Loops<MapLoop>& loops) {
  const MapLoop loop = loop_of(operation, x.dtype(), loops);
  const int64_t step_x = size_of(x.dtype()), step_y = size_of(y.dtype());
  const std::byte* from = memory(x);
  std::byte* to = mutable_memory(y);
  parallel_for(x.numel(), elementwise_grain, [&](int64_t begin, int64_t end) {
    loop(loops.f, end - begin, from + begin * step_x, to + begin * step_y);
  });
}

}  // namespace

void update(const char* operation, Tensor& y, const Tensor& x, const Loops<MapLoop>& loops) {
  run(operation, x, y, loops);
}

Tensor map(const char* operation, const Tensor& x, const Loops<MapLoop>& loops, DType result) {
  const OperationScope scope(operation);
  Tensor y = Tensor::empty(x.shape(), result);
  run(operation, x, y, loops);
  return y;
}

Tensor zip(const char* operation, const Tensor& a, const Tensor& b, const Loops<ZipLoop>& loops,
           DType result) {
  require(a.dtype() == b.dtype(), operation, "both operands must have the same type, got {} and {}",
          to_string(a.dtype()), to_string(b.dtype()));
  const kernels::Broadcast plan(operation, a.shape(), b.shape());
  const ZipLoop loop = loop_of(operation, a.dtype(), loops);
  const OperationScope scope(operation);
  Tensor y = Tensor::empty(plan.shape, result);
  const int64_t size = size_of(a.dtype()), result_size = size_of(result);
  const std::byte *from_a = memory(a), *from_b = memory(b);
  std::byte* to = mutable_memory(y);
  // Columns `begin` to `end` of a row.
  const auto run = [&](int64_t row, int64_t begin, int64_t end) {
    const auto [offset_a, offset_b] = plan.offsets(row);
    loop(loops.f, end - begin, from_a + (offset_a + begin * plan.step_a) * size, plan.step_a,
         from_b + (offset_b + begin * plan.step_b) * size, plan.step_b,
         to + (row * plan.columns + begin) * result_size);
  };
  if (plan.rows == 1) {
    parallel_for(plan.columns, elementwise_grain,
                 [&](int64_t begin, int64_t end) { run(0, begin, end); });
  } else {
    const int64_t grain =
        std::max<int64_t>(1, elementwise_grain / std::max<int64_t>(1, plan.columns));
    parallel_for(plan.rows, grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) run(row, 0, plan.columns);
    });
  }
  return y;
}

}  // namespace gradus::detail
