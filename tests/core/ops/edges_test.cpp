// What holds for every operation at the edges: special values, kinks, extents of 1, one tensor in
// two places, tensors that share memory.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "core/ops/elementwise.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/shape.hpp"
#include "operations.hpp"
#include "ulps.hpp"

using namespace gradus;
using namespace gradus::testing;

namespace {

constexpr DType floating_types[] = {DType::f32, DType::f64};

// A new leaf of the values in another type, where it is a floating one.
Tensor leaf_of(const Tensor& input, DType dtype) {
  if (!is_floating(input.dtype())) return input;
  return cast(input.detach(), dtype).clone().set_requires_grad(input.requires_grad());
}

Tensors leaves_of(const Tensors& inputs, DType dtype) {
  Tensors leaves;
  for (const Tensor& input : inputs) leaves.push_back(leaf_of(input, dtype));
  return leaves;
}

// An error is a right answer, too, if it names the row's operation.
template <class Body>
bool answered(const Row& row, Body body) {
  try {
    body();
    return true;
  } catch (const std::invalid_argument& error) {
    CHECK_MESSAGE(is_named(row, error), std::string(error.what()));
    return false;
  }
}

// An element at which an operation is tried, and the point of its exact value: not the same for
// a kink that is no number of the type.
template <class T>
struct Point {
  T at;
  Real exact;
};

template <class T>
std::vector<Point<T>> special_points(const Row& row) {
  using Limits = std::numeric_limits<T>;
  const T least = Limits::min(), most = Limits::max();
  std::vector<T> values{Limits::quiet_NaN()};
  // Their squares underflow or overflow, or their exponentials.
  const T small = std::sqrt(least) / 8, large = std::sqrt(most) * 8,
          exponent = std::log(most) + T{0.125};
  for (const T v : {T{0}, Limits::denorm_min(), least / 2, least, small, T{0.5}, T{1}, T{2}, T{5},
                    T{12}, T{20}, T{87}, exponent, 2 * exponent, large, most, Limits::infinity()}) {
    values.push_back(v);
    values.push_back(-v);
  }
  std::vector<Point<T>> points;
  for (const double kink : row.kinks) {
    const T at = static_cast<T>(kink);
    points.push_back({at, kink});
    values.push_back(std::nextafter(at, most));
    values.push_back(std::nextafter(at, -most));
  }
  for (const T v : values) points.push_back({v, v});
  return points;
}

// Every combination of special values of an operation on each element, a position each.
template <class T>
struct Edges {
  Tensors inputs;
  std::vector<Reals> exact_points;

  explicit Edges(const Row& row) {
    Sampler sampler(1);
    const Tensors examples = row.inputs(sampler);
    const std::vector<Point<T>> points = special_points<T>(row);
    std::vector<std::vector<Point<T>>> choices;
    std::size_t count = 1;
    for (const Tensor& example : examples) {
      choices.push_back(is_floating(example.dtype()) ? points
                                                     : std::vector<Point<T>>{{0, 0}, {1, 1}});
      count *= choices.back().size();
    }
    exact_points.resize(count);
    std::size_t repeats = 1;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      Tensor input = Tensor::empty({static_cast<int64_t>(count)}, dtype_of<T>);
      for (std::size_t j = 0; j < count; ++j) {
        const Point<T>& point = choices[i][j / repeats % choices[i].size()];
        input.mutable_data<T>()[j] = point.at;
        exact_points[j].push_back(point.exact);
      }
      repeats *= choices[i].size();
      if (!is_floating(examples[i].dtype())) {
        Tensor whole = Tensor::empty(input.shape(), DType::i64);
        for (std::size_t j = 0; j < count; ++j)
          whole.mutable_data<int64_t>()[j] = static_cast<int64_t>(input.data<T>()[j]);
        inputs.push_back(whole);
      } else {
        inputs.push_back(input.set_requires_grad());
      }
    }
  }
};

// The result and the derivatives, from one pass backward or recorded.
Tensors value_and_slopes(const Row& row, const Tensors& inputs, bool recorded) {
  const Tensor y = row.function(inputs);
  Tensors results{y.detach()};
  for (const Tensor& slope :
       grad({y}, differentiated(inputs),
            {.grad_outputs = {Tensor::ones(y.shape(), y.dtype())}, .create_graph = recorded}))
    results.push_back(slope.detach());
  return results;
}

// A few units of the last place; in f64, where the argument's own rounding counts, those of the
// function at its neighbours.
template <class T>
bool near_value(T got, const Reals& x, const Reals& wanted) {
  Real bound = 4 * unit_of<T>(wanted[0]);
  if (sizeof(T) == 8)
    for (std::size_t i = 0; i + 1 < wanted.size(); ++i)
      bound += unit_of<T>(x[x.size() - i - 1] * wanted[wanted.size() - i - 1]);
  return ulps(got, wanted[0]) * unit_of<T>(wanted[0]) <= bound;
}

template <class T>
bool near_slope(T got, Real wanted) {
  const T rounded = static_cast<T>(wanted);
  return got == rounded || (std::isnan(got) && std::isnan(rounded)) ||
         std::abs(got - wanted) <= 4 * std::numeric_limits<T>::epsilon() * (1 + std::abs(wanted));
}

template <class T>
void check_exact(const Row& row, const Edges<T>& edges, const Tensors& got) {
  for (std::size_t j = 0; j < edges.exact_points.size(); ++j) {
    const Reals& x = edges.exact_points[j];
    const Reals wanted = row.exact(x);
    REQUIRE(wanted.size() == got.size());
    INFO(row.name, " in ", to_string(dtype_of<T>), " at ", x[0], " ", x.back());
    const T value = got[0].data<T>()[j];
    if (!near_value(value, x, wanted)) FAIL_CHECK(value, ", exact ", wanted[0]);
    if (std::isnan(wanted[0])) continue;
    for (std::size_t i = 1; i < got.size(); ++i) {
      const T slope = got[i].data<T>()[j];
      if (!near_slope(slope, wanted[i]))
        FAIL_CHECK("derivative ", i, ": ", slope, ", exact ", wanted[i]);
    }
  }
}

// The same bits among other neighbours, in vectors and in what is left of them.
template <class T>
void check_alone(const Row& row, const Edges<T>& edges, const Tensors& whole) {
  const int64_t count = whole[0].numel();
  for (int64_t n = 1; n <= 33; ++n) {
    const int64_t begin = n * 17 % std::max<int64_t>(1, count - n);
    const auto part = [&](const Tensor& x) {
      Tensor y = Tensor::empty({n}, x.dtype());
      dispatch(x.dtype(),
               [&]<class U>(U) { std::copy_n(x.data<U>() + begin, n, y.mutable_data<U>()); });
      return y;
    };
    Tensors inputs, wanted;
    for (const Tensor& input : edges.inputs)
      inputs.push_back(part(input).set_requires_grad(input.requires_grad()));
    for (const Tensor& result : whole) wanted.push_back(part(result));
    CAPTURE(n);
    CHECK(same_bits(value_and_slopes(row, inputs, false), wanted));
  }
}

// An element of the inputs.
struct Place {
  std::size_t input;
  int64_t element;
};

std::vector<Place> places_of(const Tensors& inputs) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (is_floating(inputs[i].dtype()))
      for (int64_t j = 0; j < inputs[i].numel(); ++j) places.push_back({i, j});
  return places;
}

double value_at(const Tensors& inputs, const Place& place) {
  return inputs[place.input].data<double>()[place.element];
}

void set_value(Tensors& inputs, const Place& place, double value) {
  Tensor& input = inputs[place.input];
  dispatch_floating("edges", input.dtype(), [&]<class T>(T) {
    input.mutable_data<T>()[place.element] = static_cast<T>(value);
  });
}

// The result for the inputs with another value at one place, and the gradients of all inputs
// together; nothing where the operation refuses the value.
struct Outcome {
  std::vector<double> value, gradient;
};

std::vector<double> numbers(const Tensor& x) {
  return cast(x.detach(), DType::f64).to_vector<double>();
}

Outcome outcome_at(const Row& row, const Tensors& inputs, DType dtype, const Place& place,
                   double value) {
  Tensors leaves = leaves_of(inputs, dtype);
  {
    const NoGrad no_grad;
    set_value(leaves, place, value);
  }
  Outcome outcome;
  answered(row, [&] {
    const Tensor y = row.function(leaves);
    outcome.value = numbers(y);
    const Tensors slopes = gradients(y, leaves);
    std::size_t next = 0;
    for (const Tensor& leaf : leaves) {
      if (!is_floating(leaf.dtype())) continue;
      const Tensor slope = leaf.requires_grad() && !slopes.empty() ? slopes[next++] : Tensor();
      const std::vector<double> part =
          slope.defined() ? numbers(slope)
                          : std::vector<double>(static_cast<std::size_t>(leaf.numel()));
      outcome.gradient.insert(outcome.gradient.end(), part.begin(), part.end());
    }
  });
  return outcome;
}

// Which outputs depend on which places: those that change when other values stand there. One draw
// of the inputs could hide it, where a factor is 0.
std::vector<std::vector<bool>> dependences(const Row& row, const Tensors& first,
                                           const std::vector<Place>& places) {
  const NoGrad no_grad;
  std::vector<std::vector<bool>> result(places.size());
  for (const uint64_t seed : {6, 7, 8}) {
    Sampler sampler(seed);
    Tensors inputs = row.inputs(sampler);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (!is_floating(inputs[i].dtype())) inputs[i] = first[i];
    const std::vector<double> before = numbers(row.function(inputs));
    for (std::size_t at = 0; at < places.size(); ++at) {
      result[at].resize(before.size());
      for (const double change : {0.0625, -60.0, 60.0})
        answered(row, [&] {
          Tensors changed = leaves_of(inputs, DType::f64);
          set_value(changed, places[at], value_at(inputs, places[at]) + change);
          const std::vector<double> after = numbers(row.function(changed));
          for (std::size_t o = 0; o < before.size(); ++o)
            if (after[o] != before[o]) result[at][o] = true;
        });
    }
  }
  return result;
}

bool overlap(const std::vector<bool>& a, const std::vector<bool>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] && b[i]) return true;
  return false;
}

void check_nan(const Row& row, const Tensors& inputs, DType dtype, const std::vector<Place>& places,
               const std::vector<std::vector<bool>>& depends) {
  const Outcome before = outcome_at(row, inputs, dtype, places[0], value_at(inputs, places[0]));
  for (std::size_t at = 0; at < places.size(); ++at) {
    const Outcome outcome = outcome_at(row, inputs, dtype, places[at], NAN);
    if (outcome.value.empty()) continue;
    INFO(row.name, " in ", to_string(dtype), ", NaN in input ", places[at].input, " at ",
         places[at].element);
    for (std::size_t o = 0; o < outcome.value.size(); ++o) {
      const double got = outcome.value[o];
      if (depends[at][o] ? !std::isnan(got) : got != before.value[o] && !row.pads)
        FAIL_CHECK("output ", o, ": ", got, ", before ", before.value[o]);
    }
    if (row.pads) continue;
    for (std::size_t other = 0; other < places.size(); ++other)
      if (!overlap(depends[at], depends[other]) &&
          outcome.gradient[other] != before.gradient[other])
        FAIL_CHECK("gradient of input ", places[other].input, " at ", places[other].element, ": ",
                   outcome.gradient[other], ", before ", before.gradient[other]);
  }
}

// Where large values lead to a limit, infinity has it, or no number at all where it may.
bool at_limit(double near, double far, double got, bool strict) {
  const double tolerance = 1e-4 * (1 + std::abs(far));
  return !(std::abs(near - far) <= tolerance) || std::abs(got - far) <= tolerance ||
         (!strict && !std::isfinite(got));
}

void check_infinity(const Row& row, const Tensors& inputs, const Place& place, double infinity) {
  const bool strict = std::count(row.limits.begin(), row.limits.end(), infinity) > 0;
  const double side = infinity > 0 ? 1 : -1;
  const Outcome near = outcome_at(row, inputs, DType::f64, place, side * 1e5),
                far = outcome_at(row, inputs, DType::f64, place, side * 1e10);
  if (near.value.empty() || far.value.empty()) return;
  for (const DType dtype : floating_types) {
    const Outcome got = outcome_at(row, inputs, dtype, place, infinity);
    INFO(row.name, " in ", to_string(dtype), ", ", infinity, " in input ", place.input, " at ",
         place.element);
    bool defined = true;
    for (std::size_t o = 0; o < got.value.size(); ++o) {
      defined = defined && !std::isnan(got.value[o]);
      if (!at_limit(near.value[o], far.value[o], got.value[o], strict))
        FAIL_CHECK("output ", o, ": ", got.value[o], ", limit ", far.value[o]);
    }
    for (std::size_t o = 0; defined && o < got.gradient.size(); ++o)
      if (!at_limit(near.gradient[o], far.gradient[o], got.gradient[o], strict))
        FAIL_CHECK("gradient ", o, ": ", got.gradient[o], ", limit ", far.gradient[o]);
  }
}

// Extents of 1 at each dimension that is chosen: the first of each; of whole numbers, that may
// then be too large, zeros where `zeros`.
template <class Chosen>
Tensors thinned(const Tensors& inputs, bool zeros, Chosen chosen) {
  Tensors result;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Tensor input = inputs[i].detach();
    for (int dim = 0; dim < input.rank(); ++dim)
      if (chosen(i, dim)) input = slice(input, dim, 0, 1);
    input = input.clone();
    if (zeros && !is_floating(input.dtype())) input = Tensor::zeros(input.shape(), DType::i64);
    result.push_back(input.set_requires_grad(inputs[i].requires_grad()));
  }
  return result;
}

// Right derivatives, first and second, and the same result in f32.
bool check_thin(const Row& row, const Tensors& inputs) {
  return answered(row, [&] {
    std::string shapes;
    for (const Tensor& input : inputs) shapes += to_string(input.shape());
    CAPTURE(shapes);
    const Tensor y = row.function(inputs);
    const auto first = gradcheck(row.function, inputs);
    CHECK_MESSAGE(first.passed, first.message);
    const auto second = gradgradcheck(row.function, inputs);
    CHECK_MESSAGE(second.passed, second.message);
    const std::vector<double> wanted = numbers(y),
                              got = numbers(row.function(leaves_of(inputs, DType::f32)));
    REQUIRE(got.size() == wanted.size());
    for (std::size_t o = 0; o < got.size(); ++o)
      CHECK(std::abs(got[o] - wanted[o]) <= 1e-4 * (1 + std::abs(wanted[o])));
  });
}

}  // namespace

TEST_CASE("operations on elements have exact values and derivatives at special values and kinks") {
  for (const Row& row : all_rows()) {
    if (!row.exact) continue;
    CAPTURE(row.name);
    for (const DType dtype : floating_types)
      dispatch_floating("edges", dtype, [&]<class T>(T) {
        const Edges<T> edges(row);
        const Tensors results = value_and_slopes(row, edges.inputs, false);
        check_exact(row, edges, results);
        check_exact(row, edges, value_and_slopes(row, edges.inputs, true));
        check_alone(row, edges, results);
      });
  }
}

TEST_CASE("NaN reaches the results that depend on it and nothing else") {
  for (const Row& row : all_rows()) {
    if (row.exact) continue;
    CAPTURE(row.name);
    Sampler sampler(6);
    const Tensors inputs = row.inputs(sampler);
    const std::vector<Place> places = places_of(inputs);
    const auto depends = dependences(row, inputs, places);
    for (const DType dtype : floating_types) check_nan(row, inputs, dtype, places, depends);
  }
}

TEST_CASE("infinity has the limits of the results and of the derivatives") {
  for (const Row& row : all_rows()) {
    if (row.exact) continue;
    CAPTURE(row.name);
    Sampler sampler(6);
    const Tensors inputs = row.inputs(sampler);
    for (const Place& place : places_of(inputs))
      if (inputs[place.input].requires_grad())
        for (const double infinity : {-INFINITY, INFINITY})
          check_infinity(row, inputs, place, infinity);
  }
}

TEST_CASE("every operation takes extents of 1 at each place of its inputs, or says that it can't") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(8);
    const Tensors inputs = row.inputs(sampler);
    const auto check = [&](auto chosen) {
      if (!check_thin(row, thinned(inputs, false, chosen)))
        check_thin(row, thinned(inputs, true, chosen));
    };
    std::set<int64_t> extents;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (int dim = 0; dim < inputs[i].rank(); ++dim)
        if (inputs[i].size(dim) > 1) {
          check([&](std::size_t j, int d) { return i == j && d == dim; });
          extents.insert(inputs[i].size(dim));
        }
    for (const int64_t extent : extents)
      check([&](std::size_t j, int d) { return inputs[j].size(d) == extent; });
    check([](std::size_t, int) { return true; });
  }
}

TEST_CASE("a tensor that stands in two places gets the sum of both derivatives") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(9);
    Tensors inputs = row.inputs(sampler);
    // Operations on elements take one shape, whatever the row has; where one input is positive, all
    // of them.
    const auto is_positive = [](const Tensor& input) {
      return input.requires_grad() && std::ranges::min(input.to_vector<double>()) > 0;
    };
    if (row.exact) {
      const bool positive = std::ranges::any_of(inputs, is_positive);
      for (Tensor& input : inputs)
        input = !input.requires_grad() ? sampler.index({7}, 2)
                : positive             ? sampler.positive({7})
                                       : sampler.real({7});
    }
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (std::size_t j = i + 1; j < inputs.size(); ++j) {
        if (!inputs[i].requires_grad() || !inputs[j].requires_grad() ||
            inputs[i].shape() != inputs[j].shape())
          continue;
        CAPTURE(i);
        CAPTURE(j);
        const Function same = [&](const Tensors& t) {
          Tensors arguments = t;
          arguments[j] = t[i];
          return row.function(arguments);
        };
        Tensors arguments = inputs;
        arguments[j] = inputs[j].detach();
        const auto first = gradcheck(same, arguments);
        CHECK_MESSAGE(first.passed, first.message);
        const auto second = gradgradcheck(same, arguments);
        CHECK_MESSAGE(second.passed, second.message);
      }
  }
}

namespace {

// The results on `shared`, whose tensors share memory, and on copies.
void check_shared(const Row& row, const Tensors& inputs, const Tensors& shared) {
  Tensors views, copies;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    views.push_back(shared[i].detach().set_requires_grad(inputs[i].requires_grad()));
    copies.push_back(shared[i].detach().clone().set_requires_grad(inputs[i].requires_grad()));
  }
  const Tensor got = row.function(views), wanted = row.function(copies);
  CHECK(same_bits(got, wanted));
  CHECK(same_bits(gradients(got, views), gradients(wanted, copies)));
}

// All inputs of a type in one piece of memory, with values around them that no operation may read:
// as an index they lie far outside.
Tensors parts_of_one(const Tensors& inputs, DType dtype) {
  const Tensor around =
      dtype == DType::i64 ? Tensor::full({1}, 1e15, dtype) : Tensor::full({1}, NAN, dtype);
  Tensors parts{around};
  for (const Tensor& input : inputs)
    if (input.dtype() == dtype) parts.push_back(reshape(input.detach(), {-1}));
  parts.push_back(around);
  const Tensor whole = cat(parts, 0);
  Tensors views;
  int64_t begin = 1;
  for (const Tensor& input : inputs) {
    views.push_back(input);
    if (input.dtype() != dtype) continue;
    views.back() = reshape(row_view(whole, begin, input.numel()), input.shape());
    dispatch(dtype,
             [&]<class T>(T) { REQUIRE(views.back().data<T>() == whole.data<T>() + begin); });
    begin += input.numel();
  }
  return views;
}

Tensor transposed_twice(const Tensor& x) {
  std::vector<int> order;
  for (int dim = x.rank() - 1; dim >= 0; --dim) order.push_back(dim);
  return permute(permute(x.detach(), order), order);
}

Tensor repeated(const Tensor& x) {
  return x.rank() > 0 ? expand(slice(x.detach(), 0, 0, 1), x.shape()) : x;
}

}  // namespace

TEST_CASE("tensors that share memory give the same bits as copies") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    for (const DType dtype : floating_types) {
      Sampler sampler(10);
      const Tensors inputs = leaves_of(row.inputs(sampler), dtype);
      Tensors turned, expanded;
      for (const Tensor& input : inputs) {
        turned.push_back(transposed_twice(input));
        expanded.push_back(repeated(input));
      }
      check_shared(row, inputs, parts_of_one(inputs, dtype));
      check_shared(row, inputs, parts_of_one(inputs, DType::i64));
      check_shared(row, inputs, turned);
      // Rows that are all the same may be refused.
      answered(row, [&] { check_shared(row, inputs, expanded); });
    }
  }
}

TEST_CASE("an argument chosen by where keeps NaN out of the gradient") {
  const Tensor x = Tensor::from({0.0, 2.0}).set_requires_grad();
  sum(where(x > 0, log(x), 0)).backward();
  CHECK(std::isnan(x.grad().to_vector<double>()[0]));
  Tensor leaf = x;
  leaf.zero_grad();
  sum(where(x > 0, log(where(x > 0, x, 1)), 0)).backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{0, 0.5});
}
