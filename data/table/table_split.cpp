#include "data/table/table_split.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/io/checksum.hpp"
#include "data/dataset.hpp"
#include "data/sampling.hpp"

namespace gradus::data {
namespace {

TableSplit split_of(const std::vector<bool>& is_test) {
  TableSplit split;
  for (std::size_t row = 0; row < is_test.size(); ++row)
    (is_test[row] ? split.test : split.train).push_back(static_cast<int64_t>(row));
  return split;
}

TableSplit split_by_time(const DataTable& table, int64_t held_out) {
  std::vector<double> times = table.times;
  std::ranges::sort(times);
  const auto middle = times.end() - held_out;
  // The nearest places where the time changes.
  const auto lower = std::ranges::lower_bound(times.begin(), middle, *middle);
  const auto upper = std::ranges::upper_bound(middle, times.end(), *middle);
  const bool takes_lower =
      lower != times.begin() && (upper == times.end() || middle - lower <= upper - middle);
  require(takes_lower || upper != times.end(), "split_table", "all samples have the same time");
  const double first = takes_lower ? *lower : *upper;
  std::vector<bool> is_test;
  for (const double time : table.times) is_test.push_back(time >= first);
  return split_of(is_test);
}

// Goes through the groups in random order and takes each that brings the number of samples nearer.
TableSplit split_by_group(const DataTable& table, int64_t held_out, Rng& rng) {
  std::vector<int64_t> sizes(static_cast<std::size_t>(*std::ranges::max_element(table.groups)) + 1);
  for (const int64_t group : table.groups) ++sizes[static_cast<std::size_t>(group)];
  require(sizes.size() > 1, "split_table", "all samples are in one group");
  constexpr int tries = 50;
  std::vector<bool> best;
  int64_t best_distance = table.rows + 1;
  for (int i = 0; i < tries && best_distance > 0; ++i) {
    std::vector<bool> taken(sizes.size());
    int64_t count = 0;
    for (const int64_t group : rng.permutation(std::ssize(sizes))) {
      const int64_t with = count + sizes[static_cast<std::size_t>(group)];
      if (count > 0 &&
          (with == table.rows || std::abs(with - held_out) >= std::abs(count - held_out)))
        continue;
      taken[static_cast<std::size_t>(group)] = true;
      count = with;
    }
    if (std::abs(count - held_out) >= best_distance) continue;
    best_distance = std::abs(count - held_out);
    best = std::move(taken);
  }
  std::vector<bool> is_test;
  for (const int64_t group : table.groups) is_test.push_back(best[static_cast<std::size_t>(group)]);
  return split_of(is_test);
}

// The samples of each class, or all samples together.
std::vector<std::vector<int64_t>> strata_of(const DataTable& table) {
  const Targets& targets = table.targets;
  const bool has_classes = targets.values.defined() && targets.kind == TargetKind::classes;
  std::vector<std::vector<int64_t>> strata(has_classes ? static_cast<std::size_t>(targets.count)
                                                       : 1);
  const int64_t* const classes = has_classes ? targets.values.data<int64_t>() : nullptr;
  for (int64_t row = 0; row < table.rows; ++row)
    strata[classes ? static_cast<std::size_t>(classes[row]) : 0].push_back(row);
  return strata;
}

TableSplit split_by_class(const DataTable& table, int64_t held_out, Rng& rng) {
  const std::vector<std::vector<int64_t>> strata = strata_of(table);
  std::vector<int64_t> sizes;
  for (const auto& rows : strata) sizes.push_back(std::ssize(rows));
  const std::vector<int64_t> counts = proportional_shares(sizes, held_out);
  std::vector<bool> is_test(static_cast<std::size_t>(table.rows));
  for (std::size_t i = 0; i < strata.size(); ++i) {
    const std::vector<int64_t> order = rng.permutation(std::ssize(strata[i]));
    for (std::size_t k = 0; k < static_cast<std::size_t>(counts[i]); ++k)
      is_test[static_cast<std::size_t>(strata[i][static_cast<std::size_t>(order[k])])] = true;
  }
  return split_of(is_test);
}

// A bijection whose result looks random (the finalizer of SplitMix64, Steele et al. 2014).
uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t hash_of_number(float value) {
  constexpr uint64_t missing = 0x9e3779b97f4a7c15;
  if (std::isnan(value)) return missing;
  return std::bit_cast<uint32_t>(value == 0 ? 0.0f : value);
}

std::vector<uint64_t> hashes_of_texts(const std::vector<std::string>& texts) {
  std::vector<uint64_t> hashes;
  for (const std::string& text : texts) hashes.push_back(checksum(text));
  return hashes;
}

}  // namespace

TableSplit split_table(const DataTable& table, double fraction, Rng& rng) {
  const int64_t held_out = held_out_samples("split_table", table.rows, fraction);
  if (!table.times.empty()) return split_by_time(table, held_out);
  if (!table.groups.empty()) return split_by_group(table, held_out, rng);
  return split_by_class(table, held_out, rng);
}

std::vector<uint64_t> row_hashes(const DataTable& table, std::span<const int64_t> rows,
                                 bool with_targets) {
  std::vector<std::vector<uint64_t>> texts;
  for (std::size_t i = 0; i < table.features.size(); ++i)
    texts.push_back(hashes_of_texts(table.feature(i).values));
  const Targets& targets = table.targets;
  with_targets = with_targets && targets.values.defined();
  const bool has_classes = with_targets && targets.kind == TargetKind::classes;
  const std::vector<uint64_t> classes =
      has_classes ? hashes_of_texts(targets.names) : std::vector<uint64_t>();
  std::vector<uint64_t> hashes;
  for (const int64_t row : rows) {
    const float* const values =
        table.values.data() + static_cast<std::size_t>(row) * table.features.size();
    uint64_t hash = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const bool is_text = !texts[i].empty() && !std::isnan(values[i]);
      hash = mixed(hash + (is_text ? texts[i][static_cast<std::size_t>(values[i])]
                                   : hash_of_number(values[i])));
    }
    if (has_classes)
      hash = mixed(hash + classes[static_cast<std::size_t>(targets.values.data<int64_t>()[row])]);
    for (int64_t i = 0; with_targets && !has_classes && i < targets.count; ++i)
      hash = mixed(hash + hash_of_number(targets.values.data<float>()[row * targets.count + i]));
    hashes.push_back(hash);
  }
  return hashes;
}

}  // namespace gradus::data
