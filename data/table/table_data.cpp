#include "data/table/table_data.hpp"

#include <numeric>

#include "core/ops/indexing.hpp"
#include "data/table/read_table.hpp"

namespace gradus::data {
namespace {

std::vector<int64_t> all_rows(const DataTable& table) {
  std::vector<int64_t> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

template <class T>
std::vector<T> chosen(const std::vector<T>& values, std::span<const int64_t> rows) {
  std::vector<T> result;
  if (!values.empty())
    for (const int64_t row : rows) result.push_back(values[static_cast<std::size_t>(row)]);
  return result;
}

}  // namespace

Dataset dataset_of(DataTable table, const TableEncoding& encoding, std::vector<int64_t>* unknown) {
  Targets targets = table.targets;
  if (!targets.values.defined()) targets = {TargetKind::numbers, Tensor::zeros({table.rows, 1}), 1};
  if (unknown) unknown->assign(encoding.columns.size(), 0);
  std::vector<float> values = encoding.is_identity(table)
                                  ? std::move(table.values)
                                  : encoding.encode(table, all_rows(table), unknown);
  Dataset result = Dataset::of_features(std::move(values), encoding.features(), std::move(targets))
                       .with_quantities(encoding.is_number());
  return table.weights.empty() ? result : result.weighted(table.weights);
}

Split load_table(const std::string& path, Rng& rng, const TableOptions& options,
                 double test_fraction) {
  DataTable table = read_table(path, options);
  const auto [train, test] = split_table(table, test_fraction, rng);
  const TableEncoding encoding = TableEncoding::fit(table, train);
  const Dataset samples = dataset_of(std::move(table), encoding);
  return normalized_by_train({samples.subset(train), samples.subset(test)});
}

DataTable without_values(const DataTable& table, std::span<const int64_t> rows) {
  DataTable result{.name = table.name,
                   .rows = std::ssize(rows),
                   .targets = table.targets,
                   .groups = chosen(table.groups, rows),
                   .times = chosen(table.times, rows)};
  if (result.targets.values.defined())
    result.targets.values = index_select(
        table.targets.values, 0,
        Tensor::from(std::vector<int64_t>(rows.begin(), rows.end()), {std::ssize(rows)}));
  return result;
}

}  // namespace gradus::data
