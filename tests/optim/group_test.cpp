#include "optim/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/algorithms/adam.hpp"
#include "optim/algorithms/sgd.hpp"
#include "optim/schedules/decay.hpp"

using namespace gradus;
using namespace gradus::optim;

namespace {

// A layer's weight and bias, and a second weight, all of ones with a gradient of ones.
struct Model {
  Tensor weight = ones({2, 2}), bias = ones({2}), last = ones({1, 2});

  static Tensor ones(const Shape& shape) {
    Tensor tensor = Tensor::ones(shape, DType::f64).set_requires_grad();
    tensor.set_grad(Tensor::ones(shape, DType::f64));
    return tensor;
  }
  NamedTensors parameters() const {
    return {{"0.weight", weight}, {"0.bias", bias}, {"2.weight", last}};
  }
  std::vector<double> values() const {
    return {weight.data<double>()[0], bias.data<double>()[0], last.data<double>()[0]};
  }
};

using Values = std::vector<double>;

}  // namespace

TEST_CASE("Groups have their own rate, a factor of the optimizer's, or a schedule") {
  Model model;
  SGD optimizer(model.parameters(), {.lr = 0.5});
  optimizer.add_group({.pattern = "*.bias", .lr = 0.25});
  optimizer.add_group({.pattern = "2.*", .lr_factor = 0.125});
  optimizer.step();
  CHECK(model.values() == Values{0.5, 0.75, 1 - 0.0625});
  optimizer.set_lr(0.25);
  optimizer.step();
  CHECK(model.values() == Values{0.25, 0.5, 1 - 0.0625 - 0.03125});

  Model other;
  SGD scheduled(other.parameters(), {.lr = 0.5});
  scheduled.add_group(
      {.pattern = "0.*", .schedule = step_decay(0.25, {.step_size = 1, .gamma = 0.5})});
  scheduled.step();
  scheduled.step();
  CHECK(other.values() == Values{1 - 0.25 - 0.125, 1 - 0.25 - 0.125, 0});
}

TEST_CASE(
    "Groups have their own weight decay, of both kinds, and later groups override earlier ones") {
  Model model;
  SGD coupled(model.parameters(), {.lr = 0.5, .weight_decay = 0.5});
  coupled.add_group({.pattern = "*", .weight_decay = 0.25});
  coupled.add_group({.pattern = "*.bias", .lr = 0.25, .weight_decay = 0});
  coupled.add_group({.pattern = "0.*", .weight_decay = 1});
  coupled.step();
  CHECK(model.values() == Values{1 - 0.5 * 2, 1 - 0.25 * 2, 1 - 0.5 * 1.25});

  Model other;
  SGD decoupled(other.parameters(), {.lr = 0.5, .decoupled_weight_decay = 0.125});
  decoupled.add_group({.pattern = "2.weight", .weight_decay = 0.5});
  decoupled.step();
  CHECK(other.values() == Values{1 - 0.125 - 0.5, 1 - 0.125 - 0.5, 0});

  // A decoupled decay is a fraction; the other has no limit.
  Model third;
  SGD strong(third.parameters(), {.lr = 0.5});
  strong.add_group({.pattern = "*", .weight_decay = 4});
  strong.step();
  CHECK(third.values() == Values{-1.5, -1.5, -1.5});
  decoupled.add_group({.pattern = "2.weight", .weight_decay = 1});
  CHECK_THROWS_WITH(decoupled.step(), "[sgd] decoupled_weight_decay must be in [0, 1), got 1");
}

TEST_CASE("Parameters can be exempt from weight decay") {
  Model model, plain, decayed;
  AdamW exempt(model.parameters(), {.lr = 0.5, .weight_decay = 0.5});
  AdamW without(plain.parameters(), {.lr = 0.5, .weight_decay = 0});
  AdamW with(decayed.parameters(), {.lr = 0.5, .weight_decay = 0.5});
  exempt.exempt_from_decay({model.parameters()[1]});
  for (Optimizer* optimizer : {&exempt, &without, &with}) optimizer->step();
  CHECK(model.values()[0] == decayed.values()[0]);
  CHECK(model.values()[1] == plain.values()[1]);
  CHECK(model.values()[2] == decayed.values()[2]);
  CHECK(decayed.values()[1] != plain.values()[1]);
}

TEST_CASE("Groups without a match or with wrong options are refused") {
  Model model;
  SGD sgd(model.parameters(), {.lr = 0.5});
  CHECK_THROWS_WITH(sgd.add_group({.pattern = "*.biass", .lr = 1}),
                    "[sgd] no trained parameter matches '*.biass': did you mean 0.bias?");
  CHECK_THROWS_WITH(
      sgd.add_group({.pattern = "head.*", .lr = 1}),
      "[sgd] no trained parameter matches 'head.*', there are 0.bias, 0.weight, 2.weight");
  CHECK_THROWS_WITH(sgd.add_group({.pattern = "*", .lr = -1}),
                    "[sgd] lr of group '*' must be 0 or more and finite, got -1");
  CHECK_THROWS_WITH(sgd.add_group({.pattern = "*", .weight_decay = -0.5}),
                    "[sgd] weight_decay of group '*' must be 0 or more and finite, got -0.5");
  CHECK_THROWS_WITH(sgd.add_group({.pattern = "*", .lr_factor = NAN}),
                    "[sgd] lr_factor of group '*' must be 0 or more and finite, got nan");
  CHECK_THROWS_WITH(sgd.add_group({.pattern = "*", .lr = 1, .lr_factor = 1}),
                    "[sgd] group '*' must have at most one of lr, lr_factor and schedule");
  sgd.add_group({.pattern = "*", .schedule = [](int64_t) { return NAN; }});
  CHECK_THROWS_WITH(sgd.step(),
                    "[sgd] the rate of group '*' must be 0 or more and finite, got nan");
}
