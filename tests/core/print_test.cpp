#include "core/print.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "core/ops/shape.hpp"
#include "core/random.hpp"

using namespace gradus;

TEST_CASE("tensors are printed as NumPy prints arrays, with type and shape") {
  const auto check = [](const Tensor& x, const std::string& text) {
    CHECK(fmt::format("{}", x) == text);
    std::ostringstream stream;
    stream << x;
    CHECK(stream.str() == text);
  };
  check(Tensor::from({{1.5f, 2.f}, {3.f, 4.f}}), "[[1.5, 2. ],\n [3. , 4. ]]  f32 (2, 2)");
  check(Tensor::from({0.1f, 1.f / 3, 2.f}), "[0.1       , 0.33333334, 2.        ]  f32 (3)");
  check(Tensor::from({1e-5, 1.0, 2.5e5}), "[1.0e-05, 1.0e+00, 2.5e+05]  f64 (3)");
  check(Tensor::from({double(NAN), double(INFINITY), -1.25}), "[  nan,   inf, -1.25]  f64 (3)");
  check(Tensor::from({1e9, 2e9}), "[1.e+09, 2.e+09]  f64 (2)");
  check(Tensor::from({-1e-3, 5.0}), "[-1.e-03,  5.e+00]  f64 (2)");
  check(Tensor::from({0.0, -0.0}), "[ 0., -0.]  f64 (2)");
  check(Tensor::from({1.0, 1000.5}), "[1.0000e+00, 1.0005e+03]  f64 (2)");
  check(Tensor::from({123456.789, 0.001}), "[1.23456789e+05, 1.00000000e-03]  f64 (2)");
  check(Tensor::from({true, false}), "[ true, false]  bool (2)");
  check(Tensor::from({{-1, 10}, {200, 3}}), "[[ -1,  10],\n [200,   3]]  i64 (2, 2)");
  check(Tensor::scalar(3.25), "3.25  f32 ()");
  check(Tensor::scalar(7, DType::i64).set_requires_grad(false), "7  i64 ()");
  check(Tensor::empty({0, 3}), "[]  f32 (0, 3)");
  check(Tensor::empty({2, 0}), "[]  f32 (2, 0)");
  check(Tensor::from({1.0}).set_requires_grad(), "[1.]  f64 (1), requires grad");
  check(Tensor(), "undefined tensor");
}

TEST_CASE("large tensors are shortened, long rows go on in the next line") {
  CHECK(fmt::format("{}", reshape(Tensor::arange(8), {2, 2, 2})) ==
        "[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]  i64 (2, 2, 2)");
  CHECK(fmt::format("{}", Tensor::arange(2000)) ==
        "[   0,    1,    2, ..., 1997, 1998, 1999]  i64 (2000)");
  CHECK(fmt::format("{}", reshape(Tensor::arange(4000, DType::f64), {40, 100})) ==
        "[[0.000e+00, 1.000e+00, 2.000e+00, ..., 9.700e+01, 9.800e+01, 9.900e+01],\n"
        " [1.000e+02, 1.010e+02, 1.020e+02, ..., 1.970e+02, 1.980e+02, 1.990e+02],\n"
        " [2.000e+02, 2.010e+02, 2.020e+02, ..., 2.970e+02, 2.980e+02, 2.990e+02],\n"
        " ...,\n"
        " [3.700e+03, 3.701e+03, 3.702e+03, ..., 3.797e+03, 3.798e+03, 3.799e+03],\n"
        " [3.800e+03, 3.801e+03, 3.802e+03, ..., 3.897e+03, 3.898e+03, 3.899e+03],\n"
        " [3.900e+03, 3.901e+03, 3.902e+03, ..., 3.997e+03, 3.998e+03, 3.999e+03]]"
        "  f64 (40, 100)");
  CHECK(fmt::format("{}", Tensor::arange(30) + 1000) ==
        "[1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011,\n"
        " 1012, 1013, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1023,\n"
        " 1024, 1025, 1026, 1027, 1028, 1029]  i64 (30)");
}

TEST_CASE("a precision limits the digits behind the point") {
  const Tensor x = Tensor::from({1.0 / 3, 2.0 / 3, 2.0});
  CHECK(fmt::format("{:.2}", x) == "[0.33, 0.67, 2.  ]  f64 (3)");
  CHECK(fmt::format("{:.0}", x) == "[0., 1., 2.]  f64 (3)");
  CHECK(fmt::format("{}", Shape{2, 3}) == "(2, 3)");
  std::ostringstream stream;
  stream << Shape{2, 3};
  CHECK(stream.str() == "(2, 3)");
}
