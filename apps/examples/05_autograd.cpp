// An autograd for numbers: a tape of operations and derivatives, and one way back along it.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using Inputs = std::vector<std::pair<std::size_t, double>>;  // (place on the tape, derivative)
// An entry of the tape: the derivative by each input is known as soon as the value is.
struct Entry {
  double value;
  Inputs inputs;
  double gradient = 0;  // of the result of backward() by this value
};
std::vector<Entry> tape;
struct Scalar {  // a number that stands on the tape
  std::size_t place = tape.size();
  Scalar(double value, Inputs inputs = {}) { tape.push_back({value, std::move(inputs)}); }
  double value() const { return tape[place].value; }
};
Scalar operator+(Scalar a, Scalar b) {
  return {a.value() + b.value(), {{a.place, 1}, {b.place, 1}}};
}
Scalar operator*(Scalar a, Scalar b) {
  return {a.value() * b.value(), {{a.place, b.value()}, {b.place, a.value()}}};
}
Scalar exp(Scalar a) {
  return {std::exp(a.value()), {{a.place, std::exp(a.value())}}};
}
Scalar tanh(Scalar a) {
  return {std::tanh(a.value()), {{a.place, 1 - std::pow(std::tanh(a.value()), 2)}}};
}
// The chain rule, from the result back: what an entry was computed from stands before it.
void backward(Scalar result) {
  for (Entry& entry : tape) entry.gradient = 0;
  tape[result.place].gradient = 1;
  for (std::size_t i = result.place + 1; i-- > 0;)
    for (const auto& [input, derivative] : tape[i].inputs)
      tape[input].gradient += derivative * tape[i].gradient;
}
// The error of two hidden units, with nine weights, for exclusive or; -1 stands for false.
Scalar squared_error(const std::vector<Scalar>& w, int x1, int x2) {
  const Scalar h1 = tanh(w[0] * x1 + w[1] * x2 + w[2]), h2 = tanh(w[3] * x1 + w[4] * x2 + w[5]);
  const Scalar error = tanh(w[6] * h1 + w[7] * h2 + w[8]) + (x1 == x2 ? 1 : -1);
  return error * error;
}

int main() {
  const auto f = [](auto x) { return x * exp(x) + tanh(x); };  // x is used three times
  const Scalar x = 1.5;
  backward(f(x));
  const gd::Tensor t = gd::Tensor::from({1.5}).set_requires_grad();
  f(t).backward();
  fmt::print("f'(1.5) by the tape {:.9f}, by differences {:.9f}, by gradus {:.9f}\n",
             tape[x.place].gradient, (f(1.50001) - f(1.49999)) / 0.00002, t.grad().item());
  const bool passed = gd::gradcheck([&](const gd::Tensors& v) { return f(v[0]); }, {t}).passed;
  fmt::print("gradcheck: {}\n", passed);
  gd::pictures::Chart curves{"f(x) and f'(x) by the tape", "x", "y", {{"f(x)"}, {"f'(x)"}}};
  for (double at = -4; at < 1; at += 0.1) {
    const Scalar input = at, y = f(input);
    backward(y);
    curves.series[0].add(at, y.value());
    curves.series[1].add(at, tape[input.place].gradient);
  }
  gd::pictures::Chart training{"Exclusive or, from five starts", "step", "loss"};
  for (const int seed : {1, 2, 3, 4, 5}) {
    gd::Rng rng(seed);
    std::vector<double> weights = gd::randn({9}, rng, gd::DType::f64).to_vector<double>(), losses;
    for (int step = 0; step <= 300; ++step) {
      tape.clear();
      const std::vector<Scalar> w(weights.begin(), weights.end());
      Scalar loss = 0;
      for (int i = 0; i < 4; ++i) loss = loss + squared_error(w, i / 2, i % 2);
      backward(loss);
      for (std::size_t i = 0; i < w.size(); ++i) weights[i] -= 0.1 * tape[w[i].place].gradient;
      losses.push_back(loss.value());
    }
    fmt::print("seed {}: loss {:.3f}, after 300 steps {:.3f}\n", seed, losses[0], losses[300]);
    training.line(fmt::format("seed {}", seed), losses);
  }
  gd::pictures::save("autograd.svg", std::vector{curves, training});
}
