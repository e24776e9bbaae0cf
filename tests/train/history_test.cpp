// history_test: metrics_table, read_history, evaluated_sets.
#include "train/history.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/temporary_folder.hpp"

using namespace gradus;
using train::EpochRecord;

namespace {

std::vector<std::string> names(const train::History& history) {
  std::vector<std::string> result;
  for (const train::EvaluatedSet& set : train::evaluated_sets(history)) result.push_back(set.name);
  return result;
}

const EpochRecord plain{
    .epoch = 1, .step = 10, .lr = 0.5, .train_loss = 2, .train_score = 0.25, .seconds = 1.5};

// Epochs of these accuracies and losses.
train::History validated(const std::vector<std::pair<double, double>>& scores) {
  train::History history;
  for (const auto& [accuracy, loss] : scores)
    history.push_back({.val_loss = loss, .val_score = accuracy});
  return history;
}

}  // namespace

TEST_CASE("The cells of sets that weren't evaluated are empty, columns of the test set missing") {
  CHECK(train::metrics_table({plain}, train::classify().score) ==
        "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n"
        "1,10,0.5,2,0.25,,,1.500\n");
  EpochRecord watched = plain;
  watched.test_loss = 3;
  watched.test_score = 0.125;
  CHECK(train::metrics_table({plain, watched}, train::classify().score) ==
        "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds,test_loss,"
        "test_accuracy\n"
        "1,10,0.5,2,0.25,,,1.500,,\n"
        "1,10,0.5,2,0.25,,,1.500,3,0.125\n");
  CHECK(train::metrics_table({}, train::classify().score) ==
        "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n");
}

TEST_CASE("A table of metrics is read as it was written, and wrong rows are errors") {
  const TemporaryFolder folder;
  EpochRecord watched = plain;
  watched.val_loss = NAN;
  watched.train_loss = INFINITY;
  watched.test_loss = 3;
  watched.test_score = 0.125;
  for (const train::History& history : {train::History{plain}, {plain, watched}, {}}) {
    folder.write("metrics.csv", train::metrics_table(history, train::classify().score));
    const train::History read = train::read_history(folder.path("metrics.csv"));
    CHECK(read.size() == history.size());
    CHECK(train::metrics_table(read, train::classify().score) ==
          train::metrics_table(history, train::classify().score));
    CHECK(train::training_seconds(read) == 1.5 * static_cast<double>(history.size()));
  }
  const std::string columns =
      "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds";
  const auto error = [&](const std::string& text) {
    folder.write("metrics.csv", text);
    try {
      train::read_history(folder.path("metrics.csv"));
    } catch (const std::runtime_error& wrong) {
      return std::string(wrong.what()).substr(folder.path("metrics.csv").size());
    }
    return std::string();
  };
  CHECK(error(columns + "\n1,2,3\n") == ": a row must have 8 cells, got 3");
  CHECK(error(columns + ",test_loss,test_accuracy\n1,2,3,4,5,6,7,8\n") ==
        ": a row must have 10 cells, got 8");
  CHECK(error(columns + "\n1,2,3,,5,6,7,8\n") == ": '' is not a number");
  CHECK(error(columns + "\n1.5,2,3,4,5,6,7,8\n") == ": '1.5' is not a whole number");
}

TEST_CASE("A set counts as evaluated if one epoch was evaluated on it") {
  using Names = std::vector<std::string>;
  CHECK(names({plain}) == Names{"training"});
  EpochRecord validated = plain, watched = plain;
  validated.val_score = 0.5;
  watched.test_score = 0.5;
  CHECK(names({plain, validated}) == Names{"training", "validation"});
  CHECK(names({watched, plain}) == Names{"training", "test"});
  CHECK(names({}) == Names{"training"});
}

TEST_CASE("The best epoch has the highest accuracy, then the lowest loss, then the lowest number") {
  CHECK(train::best_epoch(validated({{0.5, 1}, {0.75, 3}, {0.5, 0.5}}), 1, train::classify()) == 1);
  CHECK(train::best_epoch(validated({{0.75, 3}, {0.75, 2}, {0.75, 2}, {0.5, 1}}), 1,
                          train::classify()) == 1);
  // Only epochs from a number on count, unless there are none.
  const train::History falling = validated({{0.9, 1}, {0.8, 1}, {0.7, 1}, {0.75, 1}});
  CHECK(train::best_epoch(falling, 2, train::classify()) == 1);
  CHECK(train::best_epoch(falling, 3, train::classify()) == 3);
  CHECK(train::best_epoch(falling, 4, train::classify()) == 3);
  CHECK(train::best_epoch(falling, 5, train::classify()) == 0);
  CHECK(train::best_epoch(falling, 0, train::classify()) == 0);
  CHECK(train::best_epoch(validated({{NAN, NAN}, {NAN, NAN}}), 1, train::classify()) == 1);
}
