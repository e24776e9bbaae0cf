// summarize: parameters and operations of modules that have both their own and those of children.
#include "layers/summary.hpp"

#include "layers/network/models.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

struct Totals {
  int64_t parameters = 0, flops = 0;
};

Totals totals_of(const std::vector<LayerSummary>& rows) {
  Totals totals;
  for (const LayerSummary& row : rows) {
    totals.parameters += row.parameters;
    totals.flops += row.flops;
  }
  return totals;
}

// A layer with a parameter of its own and a child.
class Shifted : public Layer<Shifted> {
 public:
  Parameter shift = Parameter(Tensor::zeros({3}));
  Sequential inner;

  Tensor forward(const Tensor& x) override { return call_child("inner", inner, x) + shift; }
  void members(Members& members) override {
    members.parameter("shift", shift);
    members.child("inner", inner);
  }
  std::string description() const override { return "Shifted(" + inner.description() + ")"; }
};

}  // namespace

TEST_CASE("A summary counts a transformer layer as one counts it by hand") {
  Rng rng(1);
  Sequential model = build("patches 2, dense 8, transformer heads 2 hidden 20, globalpool, dense 3",
                           {.input = {1, 6, 4}, .classes = 3}, rng);
  const std::vector<LayerSummary> rows = summarize(model, {1, 6, 4});
  std::vector<std::string> paths;
  for (const LayerSummary& row : rows) paths.push_back(row.path);
  CHECK(paths == std::vector<std::string>{"0", "1", "2.norm1", "2.self_attn.in_proj",
                                          "2.self_attn.out_proj", "2.self_attn", "2.norm2",
                                          "2.linear1", "2.activation", "2.linear2", "3", "4"});
  const LayerSummary &in_proj = rows[3], &attention = rows[5];
  CHECK(in_proj.description == "InProjection(8)");
  CHECK(in_proj.parameters == 3 * 8 * 8 + 3 * 8);
  CHECK(in_proj.flops == 2 * 6 * 8 * 24);
  CHECK(in_proj.output == Shape{6, 24});
  CHECK(attention.description == "MultiheadAttention(8, heads=2)");
  CHECK(attention.parameters == 0);
  CHECK(attention.flops == 2 * (2 * 6 * 6 * 8));  // the scores, and the means of the values
  CHECK(attention.equation == "MultiheadAttention: 2 heads of width 4, each softmax(Q·Kᵀ/√4)·V");
  const Totals totals = totals_of(rows);
  const int64_t steps = 6;
  CHECK(totals.flops == 2 * steps * 4 * 8 + 2 * steps * 8 * 24 + 4 * steps * steps * 8 +
                            2 * steps * 8 * 8 + 2 * (2 * steps * 8 * 20) + 2 * 8 * 3);
  CHECK(totals.parameters == (4 * 8 + 8) + (3 * 8 * 8 + 24) + (8 * 8 + 8) + (8 * 20 + 20) +
                                 (20 * 8 + 8) + 2 * 16 + (8 * 3 + 3));
  CHECK(totals.parameters == model.parameter_count());
}

TEST_CASE("A summary has the product of a tied embedding, whose weight counts once") {
  Rng rng(2);
  Sequential model = build("tied 4 (dense 4)", {.input = {5}, .classes = 7, .tokens = 7}, rng);
  const std::vector<LayerSummary> rows = summarize(model, {5}, DType::i64);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].path == "0.embedding");
  CHECK(rows[0].parameters == 7 * 4);
  CHECK(rows[1].path == "0.body.0");
  CHECK(rows[2].path == "0");
  CHECK(rows[2].description == "TiedEmbedding(7, 4, …)");
  CHECK(rows[2].parameters == 0);
  CHECK(rows[2].flops == 2 * 5 * 4 * 7);
  CHECK(rows[2].output == Shape{5, 7});
  CHECK(totals_of(rows).parameters == model.parameter_count());
}

TEST_CASE("A summary has the own parameters of a layer with children") {
  Shifted shifted;
  const std::vector<LayerSummary> rows = summarize(shifted, {3});
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].description == "Shifted(…)");
  CHECK(rows[1].parameters == 3);
}
