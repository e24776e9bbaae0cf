// Claim: random changes of training images lower the test error, most of all with few images.
// (Simard, Steinkraus and Platt 2003.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/pictures/sheet.hpp"

namespace gradus::lab::augment_experiment {

constexpr int64_t columns = 10;

// A training image, first unchanged, then changed at random by the text.
std::string changed_png(const Tensor& image, const std::string& text, Rng& rng) {
  const Tensor changed = data::augment(text)(cat(Tensors(columns - 1, image), 0), rng);
  return data::to_png(
      data::tile(cat({image, changed}, 0), {.columns = columns, .background = 0.5}));
}

// The test error in percent of each seed.
std::vector<double> train(const std::string& name, const data::Split& split,
                          const data::BatchTransform& change, const ExperimentOptions& options) {
  const int64_t batch = options.batch_size.value_or(20);
  const int64_t standard = options.longer ? 150000 : 15000;
  const int64_t images = options.small ? 5000 : standard;
  const int64_t epochs = options.epochs.value_or(std::max<int64_t>(1, images / split.train.size()));
  const int64_t steps = epochs * std::max<int64_t>(1, split.train.size() / batch);
  return over_seeds(options, 5, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Sequential model = strided_network(split.train, weights);
    optim::Adam optimizer(model.parameters());
    const TrainingOptions training{fmt::format("{} images {}", split.train.size(), name), epochs,
                                   batch, optim::make_schedule("one-cycle", 0.004, steps), change};
    return train_classifier(model, optimizer, split, training, seed, options).last_error();
  });
}

// A row of images for every augmentation and for `text`, the measured one.
Image sheet_of(const data::Dataset& train, const std::string& text, uint64_t seed) {
  Rng rng(seed);
  pictures::Sheet sheet{.title = "Augmentations",
                        .subtitle = "first unchanged, then changed at random",
                        .columns = 1,
                        .tiles = {}};
  const auto add = [&](const std::string& name, const std::string& help) {
    const Tensor image = train.raw_batch(std::ssize(sheet.tiles) % train.size(), 1).inputs;
    sheet.tiles.push_back({changed_png(image, name, rng), name, help});
  };
  for (const auto& [name, help, make] : data::augmentations().entries()) add(name, help);
  add(text, "the augmentation that is measured");
  const Shape shape = train.sample_shape();
  sheet.tile_width = static_cast<double>(2 * (columns * (shape[2] + 2) + 2));
  sheet.tile_height = static_cast<double>(2 * (shape[1] + 4));
  return {"augmentations", "A digit in each row: first unchanged, then changed at random",
          render(sheet)};
}

Verdict verdict(const Table& table) {
  const auto size = [](const std::vector<TableCell>& row) { return row[0].number.mean; };
  const std::vector<TableCell>&few = table.rows.front(), &many = table.rows.back();
  Verdict result;
  for (const std::vector<TableCell>* row : {&few, &many})
    result.parts.push_back(
        positive(fmt::format("with {} images changes lower the error, {} to {} %", size(*row),
                             to_string((*row)[1].number, 1), to_string((*row)[2].number, 1)),
                 row->back().number, 1));
  result.parts.push_back(
      higher(fmt::format("the gain is larger with {} images than with {}", size(few), size(many)),
             few.back().number, many.back().number, 1));
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split all = load_data(options);
  const std::string text = options.augment.empty() ? "rotate,shift,zoom" : options.augment;
  const data::BatchTransform change = data::augment(text);
  std::vector<int64_t> sizes{100};
  if (!options.small) sizes.push_back(300);
  std::erase_if(sizes, [&](int64_t size) { return size >= all.train.size(); });
  sizes.push_back(all.train.size());
  Table table{"Test error (%)", {{"images", 0}, {"as they are", 2}, {"changed", 2}, {"gain", 2}}};
  const Image sheet = sheet_of(all.train, text, options.seed);
  for (const int64_t size : sizes) {
    const data::Split split = data::normalized_by_train({all.train.first(size), all.test});
    const std::vector<double> before = train("as they are", split, {}, options);
    const std::vector<double> after = train("changed", split, change, options);
    table.rows.push_back(
        {size, estimate(before), estimate(after), paired_difference(before, after)});
  }
  const std::string measured = fmt::format(
      "a small convolutional network on images of {}, without augmentation and "
      "with {}, for the same number of steps.",
      options.data, text);
  const Chart chart{"Random changes of images", "training images", "test error (%)",
                    std::vector{column_line(table, 0, 1), column_line(table, 0, 2)}, log_x};
  return {verdict(table), measured, {table}, {{chart}}, {sheet}};
}

}  // namespace gradus::lab::augment_experiment
