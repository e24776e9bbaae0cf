#include "data/metrics.hpp"

namespace gradus {
namespace data {

static void require_pairs(const char* operation, const Tensor& target, const Tensor& prediction) {
  require(target.dtype() == DType::i64 && prediction.dtype() == DType::i64 && target.rank() == 1 &&
              target.shape() == prediction.shape(),
          operation, "target and prediction must be i64 (N), got {} {} and {} {}",
          to_string(target.dtype()), target.shape(), to_string(prediction.dtype()),
          prediction.shape());
}

static double ratio(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Tensor predictions(const Tensor& logits) {
  require(logits.rank() == 2 && logits.size(1) > 0, "predictions",
          "logits must be (N, classes), got {}", logits.shape());
  const int64_t rows = logits.size(0), classes = logits.size(1);
  Tensor result = Tensor::empty({rows}, DType::i64);
  int64_t* classes_found = result.mutable_data<int64_t>();
  dispatch_floating("predictions", logits.dtype(), [&]<class T>(T) {
    const T* row = logits.data<T>();
    for (int64_t i = 0; i < rows; ++i, row += classes)
      classes_found[i] = std::max_element(row, row + classes) - row;
  });
  return result;
}

int64_t count_correct(const Tensor& target, const Tensor& prediction) {
  require_pairs("count_correct", target, prediction);
  const int64_t* expected = target.data<int64_t>();
  const int64_t* predicted = prediction.data<int64_t>();
  int64_t correct = 0;
  for (int64_t i = 0; i < target.numel(); ++i) correct += expected[i] == predicted[i];
  return correct;
}

Tensor confusion_matrix(const Tensor& target, const Tensor& prediction, int64_t classes) {
  require_pairs("confusion_matrix", target, prediction);
  require(classes >= 1, "confusion_matrix", "classes must be 1 or more, got {}", classes);
  Tensor result = Tensor::zeros({classes, classes}, DType::i64);
  const int64_t* expected = target.data<int64_t>();
  const int64_t* predicted = prediction.data<int64_t>();
  int64_t* counts = result.mutable_data<int64_t>();
  for (int64_t i = 0; i < target.numel(); ++i) {
    for (int64_t label : {expected[i], predicted[i]})
      require(label >= 0 && label < classes, "confusion_matrix",
              "classes must be 0 to {}: sample {} has {}", classes - 1, i, label);
    ++counts[expected[i] * classes + predicted[i]];
  }
  return result;
}

std::vector<ClassScores> class_scores(const Tensor& confusion) {
  require(confusion.rank() == 2 && confusion.size(0) == confusion.size(1), "class_scores",
          "the confusion matrix must be (classes, classes), got {}", confusion.shape());
  const int64_t classes = confusion.size(0);
  const int64_t* counts = confusion.data<int64_t>();
  std::vector<ClassScores> result;
  for (int64_t c = 0; c < classes; ++c) {
    int64_t targets = 0, predicted = 0;
    for (int64_t other = 0; other < classes; ++other) {
      targets += counts[c * classes + other];
      predicted += counts[other * classes + c];
    }
    const int64_t right = counts[c * classes + c];
    result.push_back({ratio(right, predicted), ratio(right, targets),
                      ratio(2 * right, targets + predicted), targets});
  }
  return result;
}

}  // namespace data

double accuracy(const Tensor& logits, const Tensor& labels) {
  const Tensor predicted = data::predictions(logits);
  require(predicted.numel() > 0, "accuracy", "at least one row is needed, got {}", logits.shape());
  return static_cast<double>(data::count_correct(labels, predicted)) /
         static_cast<double>(predicted.numel());
}

}  // namespace gradus
