// An autoencoder that describes a digit by two numbers; a picture shows the plane of all pairs.
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Flatten, gd::layers::ReLU, gd::layers::Sequential,
    gd::layers::Sigmoid;

int main() {
  gd::Rng rng(1);
  const gd::data::Dataset digits = gd::data::digits().train.normalized({});  // pixels from 0 to 1
  Sequential encoder{Flatten(), Dense(784, 128, rng), ReLU(), Dense(128, 2, rng)};
  Sequential decoder{Dense(2, 128, rng), ReLU(), Dense(128, 784, rng), Sigmoid()};
  gd::optim::Adam optimizer(
      gd::joined({{"encoder", encoder.parameters()}, {"decoder", decoder.parameters()}}),
      {.lr = 0.003});
  const gd::Tensor all = digits.batch(0, digits.size()).inputs;
  fmt::print("the mean digit: loss {:.4f}\n", (all - all.mean(0)).square().mean().item());
  gd::data::Loader batches(digits, {.batch_size = 64}, rng);
  for (int epoch = 1; epoch <= 30; ++epoch) {
    double sum = 0;
    for (auto [images, labels] : batches) {
      const gd::Tensor loss = gd::mse_loss(decoder(encoder(images)), images.flatten(1));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      sum += loss.item();
    }
    if (epoch % 10 == 0) fmt::print("epoch {}: loss {:.4f}\n", epoch, sum / batches.size());
  }

  // The decoder draws n·n pairs from the rectangle in which the digits are.
  const gd::NoGrad no_grad;
  const int64_t n = 16;
  const gd::Tensor codes = encoder(all);
  const gd::Tensor low = codes.amin(0), high = codes.amax(0), axis = gd::linspace(0, 1, n);
  const gd::Tensor square = gd::stack({axis.expand({n, n}), axis.unsqueeze(1).expand({n, n})}, 2);
  const gd::Tensor images = decoder(low + square.reshape({n * n, 2}) * (high - low));
  gd::data::write_png("autoencoder.png",
                      gd::data::tile(images.reshape({n * n, 1, 28, 28}), {.columns = n, .gap = 0}));
}
