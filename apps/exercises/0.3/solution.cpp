// Exercise 0.3: classes as rows of zeros and a one.
#include <gradus.hpp>

namespace gd = gradus;

// The classes (n), numbers from 0 on of type i64, as (n, count) of type f32: row i has a 1 in the
// column of class i, and 0 elsewhere, as gd::one_hot() has. Use no loop.
gd::Tensor own_one_hot(const gd::Tensor& classes, int64_t count) {
  return (classes.unsqueeze(1) == gd::arange(count)).to(gd::DType::f32);
}
