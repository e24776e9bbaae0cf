#include "optim/algorithms/lbfgs.hpp"

#include <cmath>
#include <numeric>

#include "optim/parameters.hpp"

namespace gradus::optim {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// a + scale·b
Vector sum(Vector a, double scale, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += scale * b[i];
  return a;
}

Vector scaled(double scale, Vector a) {
  for (double& x : a) x *= scale;
  return a;
}

double largest(const Vector& a) {
  double result = 0;
  for (const double x : a) result = std::max(result, std::abs(x));
  return result;
}

double sum_of_sizes(const Vector& a) {
  return std::accumulate(a.begin(), a.end(), 0.0,
                         [](double total, double x) { return total + std::abs(x); });
}

void append(const Tensor& tensor, Vector& values) {
  dispatch_floating("lbfgs", tensor.dtype(), [&]<class T>(T) {
    values.insert(values.end(), tensor.data<T>(), tensor.data<T>() + tensor.numel());
  });
}

}  // namespace

LBFGS::LBFGS(const NamedTensors& parameters, const LBFGSOptions& options)
    : parameters_(trainable("lbfgs", parameters)), options_(options) {
  range::positive.check("lbfgs", "lr", options.lr);
  for (const auto& [name, value] : {std::pair("history", options.history),
                                    {"max_iterations", options.max_iterations},
                                    {"max_evaluations", options.max_evaluations}})
    require(value >= 1, "lbfgs", "{} must be 1 or more, got {}", name, value);
  range::not_negative.check("lbfgs", "tolerance_gradient", options.tolerance_gradient);
  range::not_negative.check("lbfgs", "tolerance_change", options.tolerance_change);
}

void LBFGS::zero_grad() {
  for (auto& [name, tensor] : parameters_) tensor.zero_grad();
}

LBFGS::Vector LBFGS::position() const {
  Vector values;
  for (const auto& [name, tensor] : parameters_) append(tensor, values);
  return values;
}

void LBFGS::move_to(const Vector& position) {
  const double* from = position.data();
  for (auto& [name, tensor] : parameters_) {
    const int64_t n = tensor.numel();
    dispatch_floating("lbfgs", tensor.dtype(), [&, &tensor = tensor]<class T>(T) {
      std::transform(from, from + n, tensor.mutable_data<T>(),
                     [](double x) { return static_cast<T>(x); });
    });
    from += n;
  }
}

LinePoint LBFGS::evaluate(const std::function<Tensor()>& closure, const Vector& position) {
  move_to(position);
  LinePoint point{.value = closure().item()};
  std::vector<std::string_view> missing;
  for (const auto& [name, tensor] : parameters_)
    if (!tensor.grad().defined()) missing.push_back(name);
  check_gradients("lbfgs", missing, "the closure must call backward()");
  for (const auto& [name, tensor] : parameters_) append(tensor.grad(), point.gradient);
  return point;
}

LBFGS::Vector LBFGS::direction(const Vector& gradient) const {
  Vector q = gradient, weights;
  for (auto pair = pairs_.rbegin(); pair != pairs_.rend(); ++pair) {
    weights.push_back(dot(pair->step, q) / dot(pair->change, pair->step));
    q = sum(std::move(q), -weights.back(), pair->change);
  }
  if (!pairs_.empty()) {
    const auto& [step, change] = pairs_.back();
    q = scaled(dot(step, change) / dot(change, change), std::move(q));
  }
  for (const Pair& pair : pairs_) {
    const double weight = weights.back() - dot(pair.change, q) / dot(pair.change, pair.step);
    weights.pop_back();
    q = sum(std::move(q), weight, pair.step);
  }
  return scaled(-1, std::move(q));
}

void LBFGS::remember(Vector step, Vector change) {
  // A pair without positive curvature would make H indefinite.
  if (dot(step, change) <= 1e-10) return;
  if (std::ssize(pairs_) == options_.history) pairs_.pop_front();
  pairs_.push_back({std::move(step), std::move(change)});
}

LinePoint LBFGS::search(const std::function<Tensor()>& closure, const LinePoint& start,
                        const Vector& from, const Vector& d, int64_t& evaluations) {
  const auto evaluate_at = [&](double t) {
    ++evaluations;
    LinePoint point = evaluate(closure, sum(from, t, d));
    point.at = t;
    point.slope = dot(point.gradient, d);
    return point;
  };
  const double guess = pairs_.empty() ? std::min(1.0, 1 / sum_of_sizes(start.gradient)) : 1;
  return strong_wolfe(evaluate_at, start, guess * options_.lr,
                      {.narrowest = options_.tolerance_change / largest(d)});
}

double LBFGS::step(const std::function<Tensor()>& closure) {
  Vector at = position();
  LinePoint now = evaluate(closure, at);
  if (!std::isfinite(now.value))
    misuse("lbfgs", "the loss must be finite at the start, is {}", now.value);
  int64_t evaluations = 1;
  for (int64_t i = 0; i < options_.max_iterations && evaluations < options_.max_evaluations; ++i) {
    if (largest(now.gradient) <= options_.tolerance_gradient) break;
    const Vector d = direction(now.gradient);
    now.at = 0;
    now.slope = dot(now.gradient, d);
    if (now.slope > -options_.tolerance_change) break;
    LinePoint found = search(closure, now, at, d, evaluations);
    at = sum(std::move(at), found.at, d);
    remember(scaled(found.at, d), sum(found.gradient, -1, now.gradient));
    if (found.at == 0) pairs_.clear();  // the present pairs gave no descent
    const double change = std::abs(found.value - now.value);
    now = std::move(found);
    if (now.at * largest(d) <= options_.tolerance_change || change < options_.tolerance_change)
      break;
  }
  move_to(at);
  return now.value;
}

NamedTensors LBFGS::state_dict() const {
  NamedTensors state{{"pairs", Tensor::scalar(static_cast<double>(pairs_.size()), DType::f64)}};
  std::size_t offset = 0;
  for (const auto& [name, tensor] : parameters_) {
    const auto n = static_cast<std::size_t>(tensor.numel());
    for (const auto& [suffix, member] :
         {std::pair(".steps", &Pair::step), {".changes", &Pair::change}}) {
      Tensor values = Tensor::zeros(tensor.shape().inserted(0, options_.history), DType::f64);
      double* to = values.mutable_data<double>();
      for (const Pair& pair : pairs_) to = std::copy_n((pair.*member).begin() + offset, n, to);
      state.emplace_back(name + suffix, values);
    }
    offset += n;
  }
  return state;
}

void LBFGS::load_state_dict(const NamedTensors& state) {
  check_state("lbfgs", state_dict(), state);
  const std::map<std::string, Tensor> given(state.begin(), state.end());
  const double number = given.at("pairs").item();
  require(number >= 0 && number <= static_cast<double>(options_.history) &&
              number == std::floor(number),
          "lbfgs", "pairs must be a whole number from 0 to history {}, got {}", options_.history,
          number);
  pairs_.assign(static_cast<std::size_t>(number), {});
  for (const auto& [name, tensor] : parameters_)
    for (const auto& [suffix, member] :
         {std::pair(".steps", &Pair::step), {".changes", &Pair::change}}) {
      const double* from = given.at(name + suffix).data<double>();
      for (Pair& pair : pairs_) {
        (pair.*member).insert((pair.*member).end(), from, from + tensor.numel());
        from += tensor.numel();
      }
    }
}

}  // namespace gradus::optim
