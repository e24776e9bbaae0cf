// Hint: a one-hot input chooses a column of each matrix. The query of step t must fit the key of
// step t − 1 and no other, so one of the two matrices is moved by a column. Then ask how large a
// score must be for a softmax over all steps to give it 0.99.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  for (const int64_t steps : {2, 5, 50}) {
    const Projections found = previous_step(steps);
    for (const gd::Tensor& matrix : {found.query, found.key})
      exercise::expect(
          matrix.rank() == 2 && matrix.shape() == gd::Shape{found.query.size(0), steps},
          fmt::format("previous_step({}) has matrices of the shapes {} and {}, they should be (d, "
                      "{})",
                      steps, found.query.shape(), found.key.shape(), steps));
    // The inputs are the identity, so that the queries are the columns of the matrix.
    const gd::Tensor weights =
        gd::attention_weights(found.query.t(), found.key.t(), {.is_causal = true});
    for (int64_t t = 1; t < steps; ++t) {
      const double weight = weights[t][t - 1].item();
      exercise::expect(
          weight >= 0.99,
          fmt::format("of {} steps, step {} gives step {} the weight {:.3g}, it should "
                      "be at least 0.99",
                      steps, t, t - 1, weight));
    }
  }
}
