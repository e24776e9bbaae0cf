// Convolution: a filter by hand, equivariance, a convolutional network, and what its layers show.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;

const gd::layers::ModelOptions digits{.input = {1, 28, 28}, .classes = 10};
const auto cnn = "conv 8 3x3, relu, maxpool 2, conv 16 3x3, relu, maxpool 2, dense classes";

// The images (N, C, H, W), moved to the right by some pixels.
gd::Tensor moved(const gd::Tensor& images, int64_t pixels) {
  return gd::slice(gd::pad(images, {pixels, 0}, gd::amin(images).item()), 3, 0, images.size(3));
}

int main() {
  // A filter for the left edges of strokes; at one place of the first digit by hand.
  const auto [train, test] = gd::data::digits();
  const auto [images, labels] = test.batch(0, test.size());
  const gd::Tensor filter = gd::Tensor::from<float>({-1, 0, 1, -2, 0, 2, -1, 0, 1}, {1, 1, 3, 3});
  const gd::Tensor edges = gd::conv2d(images, filter);
  const gd::Tensor below = images(0, 0, gd::Slice{13, 16}, gd::Slice{10, 13});
  fmt::print("an edge by hand {:.3f}, by the library {:.3f}\n",
             gd::sum(filter[0][0] * below).item(), edges(0, 0, 13, 10).item());

  // Moving before the filter equals moving after it, where both see the image.
  const gd::Tensor difference = gd::conv2d(moved(images, 3), filter) - moved(edges, 3);
  const double largest = gd::amax(gd::abs(gd::slice(difference, 3, 3, 26))).item();
  fmt::print("convolution of the moved = the convolution moved: {}\n", largest < 1e-5);

  fmt::print("test, %        weights    in place  moved by 1        by 2   by 3 pixels\n");
  gd::layers::Sequential model;
  for (const auto& [name, network] :
       {std::pair{"dense", "dense 64, relu, dense classes"}, {"convolutional", cnn}}) {
    std::vector<double> columns[4];
    for (const int seed : {1, 2, 3, 4, 5}) {
      gd::Rng rng(seed);
      model = gd::layers::build(network, digits, rng);
      gd::optim::Adam optimizer(model.parameters(), {.lr = 0.003});
      gd::train::fit(model, optimizer, train, {.epochs = 10, .batch_size = 32}, rng);
      for (int64_t i = 0; i < 4; ++i)
        columns[i].push_back(100 * gd::accuracy(model(moved(images, i)), labels));
    }
    fmt::print("{:<13}  {:7}", name, model.parameter_count());
    for (const auto& column : columns) fmt::print("  {}", gd::to_string(gd::estimate(column), 1));
    fmt::print("\n");
  }

  // The filters of the first layer, and what they make of the first digit.
  gd::pictures::Sheet sheet{.title = "Filters and feature maps", .columns = 6};
  sheet.add_values(images[0][0], 2, "digit").add_values(edges[0][0], 4, "edges");
  const gd::Tensor filters = model.parameters()[0].second, maps = model[0](images);
  for (int k = 0; k < 8; ++k)
    sheet.add_values(filters[k][0], 0.7, "filter").add_values(maps[0][k], 2, "its map");
  sheet.bar.reset();
  gd::pictures::save("filters.svg", sheet);

  // Diagnosis: the first step compared to the weights, and the sums before a ReLU at the end.
  gd::pictures::Chart chart{"Sums before the second ReLU", "sum", "part"};
  const auto part = [](const gd::Tensor& mask) { return mask.to(gd::DType::f32).mean().item(); };
  fmt::print("rate    step/weights: filters 1  filters 2   dense   loss  sums below 0, %\n");
  for (const double lr : {0.0001, 0.001, 0.01, 0.1}) {
    gd::Rng rng(1);
    model = gd::layers::build(cnn, digits, rng);
    gd::optim::Adam optimizer(model.parameters(), {.lr = lr});
    auto before = model;
    gd::train::fit(model, optimizer, train.first(32), {.batch_size = 32}, rng);
    fmt::print("{:<6}  {:14}", lr, "");
    for (const std::size_t i : {0, 2, 4}) {
      const gd::Tensor now = model.parameters()[i].second, old = before.parameters()[i].second;
      fmt::print("  {:9.5f}", gd::norm(now - old).item() / gd::norm(old).item());
    }
    const auto log = gd::train::fit(model, optimizer, train, {.epochs = 10, .batch_size = 32}, rng);
    const gd::Tensor sums = model[3](model[2](model[1](model[0](images))));
    fmt::print("  {:.3f}  {:15.1f}\n", log.back().train_loss, 100 * part(sums < 0));
    chart.series.push_back({.name = fmt::format("rate {}", lr)});
    for (double x = -10; x < 10; x += 0.5)
      chart.series.back().add(x + 0.25, part((sums >= x) & (sums < x + 0.5)));
  }
  gd::pictures::save("sums.svg", chart);
}
