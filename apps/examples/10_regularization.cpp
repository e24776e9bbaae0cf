// Overfitting to wrong labels: dropout, weight decay and early stopping against it.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::layers::Dense, gd::layers::Dropout, gd::layers::Flatten, gd::layers::ReLU,
    gd::layers::Sequential;

// The digits, with random labels for the given fraction of them.
gd::data::Dataset mislabelled(const gd::data::Dataset& digits, double part, gd::Rng& rng) {
  const auto [images, labels] = digits.batch(0, digits.size());
  auto answers = labels.to_vector<int64_t>();
  for (int64_t& answer : answers)
    if (rng.uniform() < part) answer = rng.below(10);
  return gd::data::Dataset::of_features(images.to_vector<float>(), 28 * 28, answers, 10);
}

struct Recipe {
  const char* name;
  double dropout = 0, weight_decay = 0;
  int epochs = 60;
};

int main() {
  // Dropout by hand: an element becomes 0 with probability p, otherwise it is divided by 1 − p.
  gd::Rng rng(1);
  const gd::Tensor ones = gd::Tensor::ones({10000});
  gd::Tensor mask = gd::Tensor::empty({10000});
  rng.fill_bernoulli(mask, 1 - 0.5);
  const gd::Tensor thinned = ones * mask / (1 - 0.5);
  fmt::print("the mean of 10000 ones after dropout by hand {:.2f}, by the library {:.2f}\n",
             gd::mean(thinned).item(), gd::mean(gd::dropout(ones, 0.5, rng)).item());

  const auto [clean, test] = gd::data::digits();
  gd::pictures::Chart learned{"Training", "epoch", "loss"}, judged{"Validation", "epoch", "loss"};
  std::vector<Sequential> best;
  double best_accuracy = 0;
  fmt::print("accuracy, %     training labels  validation labels  size of weights\n");
  for (const Recipe& recipe : {Recipe{.name = "nothing"}, Recipe{.name = "dropout", .dropout = 0.5},
                               Recipe{.name = "weight decay", .weight_decay = 1},
                               Recipe{.name = "early stopping", .epochs = 10}}) {
    std::vector<double> trained, validated, sizes;
    std::vector<Sequential> models;
    for (const int seed : {1, 2, 3}) {
      rng = gd::Rng(seed);
      const auto [train, validation] =
          gd::data::stratified_split(mislabelled(clean, 0.3, rng), 0.2, rng);
      Sequential model{Flatten(), Dense(28 * 28, 160, rng), ReLU(), Dropout(recipe.dropout, rng),
                       Dense(160, 10, rng)};
      gd::optim::AdamW optimizer(model.parameters(),
                                 {.lr = 0.004, .weight_decay = recipe.weight_decay});
      const auto epochs = gd::train::fit(
          model, optimizer, train,
          {.epochs = recipe.epochs, .batch_size = 64, .watch_test = validation}, rng);
      trained.push_back(100 * gd::accuracy(model, train));
      validated.push_back(100 * gd::accuracy(model, validation));
      sizes.push_back(gd::norm(model.parameters()[0].second).item());
      models.push_back(model);
      if (seed > 1) continue;
      learned.series.push_back({.name = recipe.name});
      judged.series.push_back({.name = recipe.name});
      for (const auto& epoch : epochs) {
        learned.series.back().add(epoch.epoch, epoch.train_loss);
        judged.series.back().add(epoch.epoch, epoch.test_loss);
      }
    }
    fmt::print("{:<14}  {:>15}  {:>17}  {:>15}\n", recipe.name,
               gd::to_string(gd::estimate(trained), 1), gd::to_string(gd::estimate(validated), 1),
               gd::to_string(gd::estimate(sizes), 1));
    const double accuracy = gd::estimate(validated).mean;
    if (accuracy > best_accuracy) best = models, best_accuracy = accuracy;
  }
  std::vector<double> tested;
  for (Sequential& model : best) tested.push_back(100 * gd::accuracy(model, test));
  fmt::print("true labels, test: {} % with the best in validation\n",
             gd::to_string(gd::estimate(tested), 1));
  gd::pictures::save("overfitting.svg", std::vector{learned, judged});
}
