// History: metrics.csv and the best epoch.
#include "train/history.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::train;

namespace {

History two_epochs() {
  return {{1, 20, 0.1, 2.5, 0.25, 2.25, 0.3, 1.2504}, {2, 40, 0.05, 1.5, 0.5, NAN, NAN, 0.5}};
}

// Epochs of these accuracies and losses.
History validated(const std::vector<std::pair<double, double>>& scores) {
  History history;
  for (const auto& [accuracy, loss] : scores)
    history.push_back({.val_loss = loss, .val_accuracy = accuracy});
  return history;
}

}  // namespace

TEST_CASE("A table of metrics has a row for each epoch, and is read back") {
  const std::string table = metrics_table(two_epochs());
  CHECK(table ==
        "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n"
        "1,20,0.1,2.5,0.25,2.25,0.3,1.250\n"
        "2,40,0.05,1.5,0.5,nan,nan,0.500\n");
  const TemporaryFolder folder;
  const History history = read_history(folder.write("metrics.csv", table));
  CHECK(metrics_table(history) == table);
  CHECK(read_history(folder.path("none")).empty());
  CHECK(training_seconds(history) == 1.75);
  CHECK(training_seconds({}) == 0);
}

TEST_CASE("A damaged table of metrics is refused") {
  const TemporaryFolder folder;
  const auto refuses = [&](const std::string& row, const std::string& error) {
    const std::string path = folder.write("metrics.csv", "names\n" + row + "\n");
    CHECK_THROWS_WITH_AS(read_history(path), (path + ": " + error).c_str(), std::runtime_error);
  };
  refuses("1,2,3", "a row must have 8 cells, got 3");
  refuses("1,2,3,4,5,6,7,8,9", "a row must have 8 cells, got 9");
  refuses("1.5,2,3,4,5,6,7,8", "'1.5' is not a whole number");
  refuses("1,2,x,4,5,6,7,8", "'x' is not a number");
}

TEST_CASE("The best epoch has the highest accuracy, then the lowest loss, then the lowest number") {
  CHECK(best_epoch(validated({{0.5, 1}, {0.75, 3}, {0.5, 0.5}}), 1) == 1);
  CHECK(best_epoch(validated({{0.75, 3}, {0.75, 2}, {0.75, 2}, {0.5, 1}}), 1) == 1);
  // Only epochs from a number on count, unless there are none.
  const History falling = validated({{0.9, 1}, {0.8, 1}, {0.7, 1}, {0.75, 1}});
  CHECK(best_epoch(falling, 2) == 1);
  CHECK(best_epoch(falling, 3) == 3);
  CHECK(best_epoch(falling, 4) == 3);
  CHECK(best_epoch(falling, 5) == 0);
  CHECK(best_epoch(falling, 0) == 0);
  CHECK(best_epoch(validated({{NAN, NAN}, {NAN, NAN}}), 1) == 1);
}
