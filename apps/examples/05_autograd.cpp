// An autograd for numbers: each operation notes its inputs and its derivatives on a tape, and one
// way back along the tape gives the gradient.
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

// A number that stands on the tape.
struct Scalar {
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
  const double y = std::exp(a.value());
  return {y, {{a.place, y}}};
}
Scalar tanh(Scalar a) {
  const double y = std::tanh(a.value());
  return {y, {{a.place, 1 - y * y}}};
}

// The chain rule, from the result back: what an entry was computed from stands before it.
void backward(Scalar result) {
  for (Entry& entry : tape) entry.gradient = 0;
  tape[result.place].gradient = 1;
  for (std::size_t i = result.place + 1; i-- > 0;)
    for (const auto& [input, derivative] : tape[i].inputs)
      tape[input].gradient += derivative * tape[i].gradient;
}

// A network with two hidden units for exclusive or: nine weights.
Scalar network(const std::vector<Scalar>& w, double x1, double x2) {
  const Scalar h1 = tanh(w[0] * x1 + w[1] * x2 + w[2]), h2 = tanh(w[3] * x1 + w[4] * x2 + w[5]);
  return tanh(w[6] * h1 + w[7] * h2 + w[8]);
}

int main() {
  const auto f = [](auto x) { return x * exp(x) + tanh(x); };  // x is used three times
  const Scalar x = 1.5;
  backward(f(x));
  const gd::Tensor t = gd::Tensor::from({1.5}).set_requires_grad();
  f(t).backward();
  fmt::print("f'(1.5) by the tape {:.9f}, by differences {:.9f}, by gradus {:.9f}\n",
             tape[x.place].gradient,
             (f(Scalar(1.50001)).value() - f(Scalar(1.49999)).value()) / 0.00002, t.grad().item());
  fmt::print("gradcheck: {}\n",
             gd::gradcheck([&](const gd::Tensors& v) { return f(v[0]); }, {t}).passed);

  gd::Rng rng(1);
  std::vector<double> weights = gd::randn({9}, rng, gd::DType::f64).to_vector<double>();
  for (int step = 0; step <= 300; ++step) {
    tape.clear();
    const std::vector<Scalar> w(weights.begin(), weights.end());
    Scalar loss = 0;
    for (int i = 0; i < 4; ++i) {  // the four inputs of exclusive or; -1 stands for false
      const Scalar error = network(w, i / 2, i % 2) + (i == 1 || i == 2 ? -1 : 1);
      loss = loss + error * error;
    }
    backward(loss);
    for (std::size_t i = 0; i < w.size(); ++i) weights[i] -= 0.1 * tape[w[i].place].gradient;
    if (step % 100 == 0)
      fmt::print("step {:3}: loss {:.4f}, {} entries\n", step, loss.value(), tape.size());
  }
}
