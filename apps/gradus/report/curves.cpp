#include "apps/gradus/report/curves.hpp"

#include "apps/pictures/blocks.hpp"

namespace gradus::app {
namespace {

std::vector<double> values(const std::vector<EpochRecord>& history, double EpochRecord::*column,
                           double scale) {
  std::vector<double> result;
  for (const EpochRecord& record : history) result.push_back(scale * record.*column);
  return result;
}

}  // namespace

pictures::Series series_of(const std::string& name, const std::vector<EpochRecord>& history,
                           double EpochRecord::*column, double scale) {
  pictures::Series result{name, {}, values(history, column, scale)};
  for (const EpochRecord& record : history) result.x.push_back(static_cast<double>(record.epoch));
  return result;
}

std::vector<pictures::Chart> curves(const std::vector<EpochRecord>& history,
                                    const std::string& judge) {
  return {{"Loss",
           "epoch",
           "loss",
           {series_of("training", history, &EpochRecord::train_loss, 1),
            series_of(judge, history, &EpochRecord::val_loss, 1)}},
          {"Accuracy",
           "epoch",
           "accuracy (%)",
           {series_of("training", history, &EpochRecord::train_accuracy, 100),
            series_of(judge, history, &EpochRecord::val_accuracy, 100)}}};
}

std::string loss_blocks(const std::vector<EpochRecord>& history, const std::string& judge,
                        std::size_t width) {
  if (history.size() < 2) return "";
  return pictures::block_charts({{"training loss", values(history, &EpochRecord::train_loss, 1)},
                                 {judge + " loss", values(history, &EpochRecord::val_loss, 1)}},
                                width);
}

}  // namespace gradus::app
