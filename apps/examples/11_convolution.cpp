// Convolution: a filter by hand, equivariance, and a convolutional network on shifted digits.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Conv2d, gd::layers::Dense, gd::layers::Flatten, gd::layers::MaxPool2d,
    gd::layers::ReLU, gd::layers::Sequential;

// The images (N, C, H, W), moved to the right by some pixels.
gd::Tensor moved(const gd::Tensor& images, int64_t pixels) {
  const double background = gd::amin(images).item();
  return gd::slice(gd::pad(images, {pixels, 0}, background), 3, 0, images.size(3));
}

// In per cent.
double accuracy_when_moved(Sequential& model, const gd::data::Batch& batch, int64_t pixels) {
  return 100 * gd::accuracy(model(moved(batch.inputs, pixels)), batch.targets);
}

int main() {
  gd::Rng rng(1);
  const auto [rest, test] = gd::data::digits();
  const auto [train, validation] = gd::data::stratified_split(rest, 0.2, rng);
  const gd::data::Batch batch = validation.batch(0, validation.size());
  const gd::Tensor images = batch.inputs;

  // A filter for the left edges of strokes; at one place of the first digit by hand.
  const gd::Tensor filter = gd::Tensor::from<float>({-1, 0, 1, -2, 0, 2, -1, 0, 1}, {1, 1, 3, 3});
  const gd::Tensor edges = gd::conv2d(images, filter);
  const float *x = images.data<float>(), *w = filter.data<float>(), *y = edges.data<float>();
  const int64_t row = 13, column = 10;
  double sum = 0;
  for (int64_t u = 0; u < 3; ++u)
    for (int64_t v = 0; v < 3; ++v) sum += w[u * 3 + v] * x[(row + u) * 28 + column + v];
  fmt::print("an edge by hand {:.3f}, by the library {:.3f}\n", sum, y[row * 26 + column]);

  // Moving before the filter equals moving after it, where both see the image.
  const gd::Tensor difference = gd::conv2d(moved(images, 3), filter) - moved(edges, 3);
  const gd::Tensor inside = gd::slice(difference, 3, 3, 26);
  fmt::print("convolution of the moved = the convolution moved: {}\n",
             gd::amax(gd::abs(inside)).item() < 1e-5);

  Sequential dense{Flatten(), Dense(28 * 28, 64, rng), ReLU(), Dense(64, 10, rng)};
  Sequential convolutional{Conv2d({.in_channels = 1, .out_channels = 8, .kernel = 3}, rng),
                           ReLU(),
                           MaxPool2d(2),  // (8, 13, 13)
                           Conv2d({.in_channels = 8, .out_channels = 16, .kernel = 3}, rng),
                           ReLU(),
                           MaxPool2d(2),  // (16, 5, 5)
                           Flatten(),
                           Dense(16 * 5 * 5, 10, rng)};
  fmt::print("validation, %     weights  in place  moved by 1  by 2  by 3 pixels\n");
  Sequential* best = &dense;
  for (const auto& [name, model] :
       {std::pair{"dense", &dense}, {"convolutional", &convolutional}}) {
    gd::optim::Adam optimizer(model->parameters(), {.lr = 0.003});
    gd::train::fit(*model, optimizer, train, {.epochs = 10, .batch_size = 32}, rng);
    if (gd::accuracy(*model, validation) > gd::accuracy(*best, validation)) best = model;
    fmt::print("{:<16}  {:7}", name, model->parameter_count());
    fmt::print("  {:8.1f}  {:10.1f}", accuracy_when_moved(*model, batch, 0),
               accuracy_when_moved(*model, batch, 1));
    fmt::print("  {:4.1f}  {:4.1f}\n", accuracy_when_moved(*model, batch, 2),
               accuracy_when_moved(*model, batch, 3));
  }
  const gd::data::Batch test_batch = test.batch(0, test.size());
  fmt::print("the better one: test accuracy {:.1f} % in place, {:.1f} % moved by 2\n",
             accuracy_when_moved(*best, test_batch, 0), accuracy_when_moved(*best, test_batch, 2));
}
