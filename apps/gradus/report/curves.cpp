#include "apps/gradus/report/curves.hpp"

#include "apps/pictures/blocks.hpp"

namespace gradus::app {
namespace {

std::vector<double> values(const train::History& history, double train::EpochRecord::*column,
                           double scale) {
  std::vector<double> result;
  for (const train::EpochRecord& record : history) result.push_back(scale * record.*column);
  return result;
}

}  // namespace

pictures::Series series_of(const std::string& name, const train::History& history,
                           double train::EpochRecord::*column, double scale) {
  pictures::Series result{name, {}, values(history, column, scale)};
  for (const train::EpochRecord& record : history)
    result.x.push_back(static_cast<double>(record.epoch));
  return result;
}

std::vector<pictures::Chart> curves(const train::History& history, const std::string& judge) {
  return {{"Loss",
           "epoch",
           "loss",
           {series_of("training", history, &train::EpochRecord::train_loss, 1),
            series_of(judge, history, &train::EpochRecord::val_loss, 1)}},
          {"Accuracy",
           "epoch",
           "accuracy (%)",
           {series_of("training", history, &train::EpochRecord::train_accuracy, 100),
            series_of(judge, history, &train::EpochRecord::val_accuracy, 100)}}};
}

std::string loss_blocks(const train::History& history, const std::string& judge,
                        std::size_t width) {
  if (history.size() < 2) return "";
  return pictures::block_charts(
      {{"training loss", values(history, &train::EpochRecord::train_loss, 1)},
       {judge + " loss", values(history, &train::EpochRecord::val_loss, 1)}},
      width);
}

}  // namespace gradus::app
