// report_of_tokens: the report of a language model.
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/pictures/markup.hpp"

namespace gradus::app {
namespace {

constexpr std::size_t shown_passages = 5;

const train::Score& score_of(const JudgedModel& model, const char* name) {
  return *std::ranges::find(model.scores, name, &train::Score::name);
}

// A window of the text and how well it is predicted.
struct Passage {
  std::string text;
  double bits;  // per character
};

std::vector<Passage> passages(const JudgedModel& model, bool best) {
  const double* rows = model.judged.data<double>();
  const auto bits = [&](int64_t window) {
    const double* const row = rows + window * train::token_measures;
    return row[0] / row[2] / std::numbers::ln2;
  };
  std::vector<int64_t> order(static_cast<std::size_t>(model.data.size()));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(
      order, [&](int64_t a, int64_t b) { return best ? bits(a) < bits(b) : bits(a) > bits(b); });
  order.resize(std::min(order.size(), shown_passages));
  std::vector<Passage> result;
  for (const int64_t window : order) {
    std::string text;
    for (const int64_t token : model.data.batch(window, 1).inputs.to_vector<int64_t>())
      text += model.data.target_name(token);
    result.push_back({printable(text), bits(window)});
  }
  return result;
}

pictures::Table table_of_passages(const JudgedModel& model, bool best) {
  pictures::Table table{best ? "Predicted best" : "Predicted worst",
                        {{"bits per character", 2}, "passage"}};
  for (const Passage& passage : passages(model, best))
    table.rows.push_back({passage.bits, passage.text});
  return table;
}

void add_tokens(Json& json, const JudgedModel& model) {
  json["tokens"] = model.data.target_count();
  json["context"] = model.data.sample_shape().numel();
}

void draw_tokens(RunPage& page, const JudgedModel& model) {
  std::string tables;
  for (const bool best : {true, false})
    tables += pictures::scrolling(to_html(table_of_passages(model, best)));
  page.section("Passages", fmt::format("<p>Of the {} text, windows of {} tokens.</p>\n{}",
                                       model.set_name, model.data.sample_shape().numel(), tables));
}

std::string text_of_tokens(const JudgedModel& model, std::size_t, bool is_short) {
  const train::Score &perplexity = score_of(model, "perplexity"),
                     &bits = score_of(model, "bits_per_character");
  if (is_short)
    return fmt::format("perplexity {:.4g}, {:.4g} bits per character\n", perplexity.value,
                       bits.value);
  return pictures::to_text(table_of_passages(model, true)) + '\n' +
         pictures::to_text(table_of_passages(model, false));
}

}  // namespace

TaskReport report_of_tokens() {
  return {data::TargetKind::tokens, add_tokens, draw_tokens, text_of_tokens};
}

}  // namespace gradus::app
