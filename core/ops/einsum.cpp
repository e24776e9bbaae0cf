#include "core/ops/einsum.hpp"

#include <algorithm>
#include <map>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/layout.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"
#include "core/text/counted.hpp"

namespace gradus {
namespace {

// The names of dimensions: the code of a letter, or −1, −2 … for the dimensions of "...", counted
// from its last one.
using Labels = std::vector<int>;

struct Labelled {
  Tensor tensor;
  Labels labels;
};

struct Equation {
  std::vector<Labels> operands;
  Labels result;
};

bool contains(const Labels& labels, int label) {
  return std::ranges::find(labels, label) != labels.end();
}

int position_of(const Labels& labels, int label) {
  return static_cast<int>(std::ranges::find(labels, label) - labels.begin());
}

// A part of an equation as it is written: the letters before and after "...".
struct Term {
  Labels before, after;
  bool dots = false;

  int64_t letters() const { return std::ssize(before) + std::ssize(after); }
  // With labels for `rest` dimensions in place of "...".
  Labels expanded(int64_t rest) const {
    Labels labels = before;
    for (int64_t i = rest; dots && i > 0; --i) labels.push_back(-static_cast<int>(i));
    labels.insert(labels.end(), after.begin(), after.end());
    return labels;
  }
};

// The terms of "ab,bc->ac": those of the operands, and that of the result if there is an arrow.
struct Terms {
  explicit Terms(std::string_view equation) : operands(1) {
    const auto refuse = [&](std::size_t at, std::string_view why) {
      require(false, "einsum", "{} at character {} of '{}'", why, at + 1, equation);
    };
    for (std::size_t i = 0; i < equation.size(); ++i) {
      const char c = equation[i];
      Term& term = arrow ? result : operands.back();
      if (c == ' ') continue;
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        if (arrow && (contains(term.before, c) || contains(term.after, c)))
          refuse(i, fmt::format("the result has '{}' twice,", c));
        (term.dots ? term.after : term.before).push_back(c);
      } else if (equation.substr(i, 3) == "...") {
        if (term.dots) refuse(i, "a second '...'");
        term.dots = true;
        i += 2;
      } else if (c == ',' && !arrow) {
        operands.emplace_back();
      } else if (equation.substr(i, 2) == "->" && !arrow) {
        arrow = true;
        ++i;
      } else {
        refuse(i, fmt::format("unexpected '{}'", c));
      }
    }
  }

  std::vector<Term> operands;
  Term result;
  bool arrow = false;
};

// The labels of the operands' dimensions, and of the result's.
Equation labelled_equation(std::string_view equation, std::span<const Tensor> operands) {
  const Terms terms(equation);
  require(terms.operands.size() == operands.size(), "einsum", "'{}' is for {}, got {}", equation,
          counted(std::ssize(terms.operands), "operand"), operands.size());
  Equation labelled;
  int64_t most = 0;
  std::map<int, int> times;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Term& term = terms.operands[i];
    const int64_t rest = operands[i].rank() - term.letters();
    require(term.dots ? rest >= 0 : rest == 0, "einsum",
            "operand {} of '{}' must have {}{}, got shape {}", i, equation,
            counted(term.letters(), "dimension"), term.dots ? " or more" : "", operands[i].shape());
    labelled.operands.push_back(term.expanded(rest));
    most = std::max(most, rest);
    for (const int label : labelled.operands.back()) ++times[label];
  }
  if (terms.arrow) {
    labelled.result = terms.result.expanded(most);
    for (const int label : labelled.result)
      require(times.contains(label), "einsum", "the result of '{}' has '{}', but no operand has it",
              equation, static_cast<char>(label));
  } else {
    for (const auto& [label, count] : times)
      if (label < 0 || count == 1) labelled.result.push_back(label);
  }
  return labelled;
}

void require_extents(std::string_view equation, std::span<const Tensor> operands,
                     const std::vector<Labels>& labels) {
  std::map<int, int64_t> extents;
  for (std::size_t i = 0; i < operands.size(); ++i)
    for (int dim = 0; dim < operands[i].rank(); ++dim) {
      const int label = labels[i][static_cast<std::size_t>(dim)];
      const int64_t extent = operands[i].size(dim);
      int64_t& known = extents.try_emplace(label, extent).first->second;
      require(known == extent || known == 1 || extent == 1, "einsum",
              "the extents of '{}' in '{}' must be equal or 1, got {} and {}",
              label < 0 ? std::string("...") : std::string(1, static_cast<char>(label)), equation,
              known, extent);
      if (known == 1) known = extent;
    }
}

// The diagonals of labels that occur twice.
Labelled without_repetition(std::string_view equation, Tensor x, Labels labels) {
  for (int dim = 0; dim < x.rank();) {
    const int label = labels[static_cast<std::size_t>(dim)];
    const auto again = std::find(labels.begin() + dim + 1, labels.end(), label);
    if (again == labels.end()) {
      ++dim;
      continue;
    }
    const int other = static_cast<int>(again - labels.begin());
    require(x.size(dim) == x.size(other), "einsum",
            "the extents of '{}' in one operand of '{}' must be equal, got {} and {}",
            static_cast<char>(label), equation, x.size(dim), x.size(other));
    x = diagonal(x, 0, dim, other);
    labels.erase(again);
    labels.erase(labels.begin() + dim);
    labels.push_back(label);
  }
  return {x, labels};
}

// Sums over the labels that aren't kept.
template <class Kept>
Labelled summed(const Labelled& x, Kept kept) {
  Dims gone;
  Labels labels;
  for (int dim = 0; dim < x.tensor.rank(); ++dim) {
    const int label = x.labels[static_cast<std::size_t>(dim)];
    if (kept(label))
      labels.push_back(label);
    else
      gone.push_back(dim);
  }
  return gone.empty() ? x : Labelled{sum(x.tensor, gone), labels};
}

Tensor in_order(const Labelled& x, const Labels& labels) {
  std::vector<int> order;
  for (const int label : labels) order.push_back(position_of(x.labels, label));
  return permute(x.tensor, order);
}

Labels joined(const Labels& a, const Labels& b) {
  Labels labels = a;
  labels.insert(labels.end(), b.begin(), b.end());
  return labels;
}

int64_t elements_of(const Labelled& x, const Labels& labels) {
  int64_t product = 1;
  for (const int label : labels) product *= x.tensor.size(position_of(x.labels, label));
  return product;
}

// A factor of a batch of matrix products: (batch, outer, inner), or (batch, inner, outer) where its
// dimensions are in that order already.
struct Factor {
  Factor(const Labelled& x, const Labels& batch, const Labels& outer, const Labels& inner)
      : inner_first(x.labels == joined(batch, joined(inner, outer))) {
    const int64_t count = elements_of(x, batch), rows = elements_of(x, outer),
                  columns = elements_of(x, inner);
    tensor = inner_first ? reshape(x.tensor, Shape{count, columns, rows})
                         : reshape(in_order(x, joined(batch, joined(outer, inner))),
                                   Shape{count, rows, columns});
  }

  bool inner_first;
  Tensor tensor;
};

// Without the labels of extent 1 that `other` has, too: they broadcast.
Labelled without_ones(const Labelled& x, const Labelled& other) {
  return summed(x, [&](int label) {
    return x.tensor.size(position_of(x.labels, label)) != 1 || !contains(other.labels, label);
  });
}

// The product of two operands, summed over the labels that aren't kept.
template <class Kept>
Labelled contracted(std::string_view equation, Labelled a, Labelled b, Kept kept) {
  a = without_ones(a, b);
  b = without_ones(b, a);
  a = summed(a, [&](int label) { return kept(label) || contains(b.labels, label); });
  b = summed(b, [&](int label) { return kept(label) || contains(a.labels, label); });
  Labels batch, left, right, inner;
  for (const int label : a.labels)
    (!contains(b.labels, label) ? left : kept(label) ? batch : inner).push_back(label);
  for (const int label : b.labels)
    if (!contains(a.labels, label)) right.push_back(label);

  const Labels labels = joined(batch, joined(left, right));
  require(labels.size() <= Shape::max_rank, "einsum",
          "'{}' needs an intermediate result of {} dimensions, more than {}", equation,
          labels.size(), Shape::max_rank);
  std::vector<int64_t> extents;
  for (const int label : labels) {
    const Labelled& from = contains(a.labels, label) ? a : b;
    extents.push_back(from.tensor.size(position_of(from.labels, label)));
  }
  const Factor x(a, batch, left, inner), y(b, batch, right, inner);
  const int64_t count = elements_of(a, batch);
  Tensor product;
  // Products of numbers would be slow as matrix products, and sums of rows would lose digits.
  if (inner.empty())
    product = reshape(x.tensor, Shape{count, elements_of(a, left), 1}) *
              reshape(y.tensor, Shape{count, 1, elements_of(b, right)});
  else if (left.empty() && right.empty())
    product = sum(reshape(x.tensor, Shape{count, elements_of(a, inner)}) *
                      reshape(y.tensor, Shape{count, elements_of(a, inner)}),
                  {1});
  else
    product = matmul(x.tensor, y.tensor, {.a = x.inner_first, .b = !y.inner_first});
  return {reshape(product, Shape(extents)), labels};
}

}  // namespace

Tensor outer(const Tensor& a, const Tensor& b) {
  const OperationScope scope("outer");
  require(a.rank() == 1 && b.rank() == 1, "outer", "needs two vectors, got {} and {}", a.shape(),
          b.shape());
  return unsqueeze(a, 1) * b;
}

Tensor einsum(std::string_view equation, std::span<const Tensor> operands) {
  const OperationScope scope("einsum");
  const Equation labelled = labelled_equation(equation, operands);
  for (const Tensor& operand : operands)
    require(is_floating(operand.dtype()) && operand.dtype() == operands[0].dtype(), "einsum",
            "all operands must have the same type, f32 or f64, got {} and {}",
            to_string(operands[0].dtype()), to_string(operand.dtype()));
  require_extents(equation, operands, labelled.operands);
  Labelled total;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const auto kept = [&](int label) {
      const auto has_label = [&](const Labels& labels) { return contains(labels, label); };
      return has_label(labelled.result) ||
             std::any_of(labelled.operands.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                         labelled.operands.end(), has_label);
    };
    const Labelled next = without_repetition(equation, operands[i], labelled.operands[i]);
    total = i == 0 ? summed(next, kept) : contracted(equation, total, next, kept);
  }
  return in_order(total, labelled.result);
}

}  // namespace gradus
