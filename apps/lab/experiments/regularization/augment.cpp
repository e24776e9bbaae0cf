// Claim: random changes of training images lower the test error, most of all with few images.
// (Simard, Steinkraus and Platt 2003.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::augment_experiment {

constexpr int64_t columns = 10;

// A training image in each row: first unchanged, then changed at random by the row's text.
Tensor contact_sheet(const data::Dataset& train, const std::vector<std::string>& texts, Rng& rng) {
  std::vector<Tensor> images;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const Tensor image = train.raw_batch(static_cast<int64_t>(row) % train.size(), 1).inputs;
    images.push_back(image);
    images.push_back(
        data::augment(texts[row])(cat(std::vector<Tensor>(columns - 1, image), 0), rng));
  }
  return data::tile(cat(images, 0), {.columns = columns, .background = 0.5});
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

Image sheet_of(const data::Dataset& train, const std::string& text, uint64_t seed, Table& rows) {
  std::vector<std::string> texts;
  for (const auto& [name, help, make] : data::augmentations().entries()) {
    texts.push_back(name);
    rows.rows.push_back({texts.size(), name, help});
  }
  texts.push_back(text);
  rows.rows.push_back({texts.size(), text, "the augmentation that is measured"});
  Rng rng(seed);
  return {"augment",
          "A digit in each row: first unchanged, then changed at random; the table names the rows",
          data::to_png(contact_sheet(train, texts, rng))};
}

Verdict verdict(const Table& table) {
  const auto at = [&](int64_t size, const char* column) {
    return number_at(table, {size}, column);
  };
  const auto text = [&](int64_t size, const char* column) {
    return to_string(at(size, column), 1);
  };
  const auto few = static_cast<int64_t>(table.rows.front()[0].number.mean),
             many = static_cast<int64_t>(table.rows.back()[0].number.mean);
  return {outcome_of(clearly_below(at(few, "changed"), at(few, "as they are")),
                     clearly_below(at(many, "gain"), at(few, "gain"))),
          fmt::format("With {} images the error is {} % without augmentation and {} % with it; "
                      "with {} images {} and {} %.",
                      few, text(few, "as they are"), text(few, "changed"), many,
                      text(many, "as they are"), text(many, "changed")),
          "except that the gain is not clearly larger with few images"};
}

Report run(const ExperimentOptions& options) {
  const data::Split all = load_data(options);
  const std::string text = options.augment.empty() ? "rotate,shift,zoom" : options.augment;
  const data::BatchTransform change = data::augment(text);
  std::vector<int64_t> sizes{100};
  if (!options.small) sizes.push_back(300);
  std::erase_if(sizes, [&](int64_t size) { return size >= all.train.size(); });
  sizes.push_back(all.train.size());
  Table rows{"Rows of augment.png", {{"row", 0}, "augmentation", "what it does"}};
  Table table{"Test error (%)", {{"images", 0}, {"as they are", 2}, {"changed", 2}, {"gain", 2}}};
  const Image sheet = sheet_of(all.train, text, options.seed, rows);
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
  return {verdict(table), measured, {table, rows}, {{chart}}, {sheet}};
}

}  // namespace gradus::lab::augment_experiment
