// Hint: i heads in n throws have the probability n!/(i!·(n − i)!)/2ⁿ. Sum them for i from 0 to
// min(only_a, only_b). Each is exp(ln n! − ln i! − ln (n − i)! − n·ln 2).
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  const auto [only_a, only_b] =
      differing({0, 1, 2, 3, 4, 5}, {0, 1, 2, 9, 9, 9}, {0, 9, 9, 3, 9, 8});
  exercise::expect_near("only_a of six samples", static_cast<double>(only_a), 2, 0);
  exercise::expect_near("only_b of six samples", static_cast<double>(only_b), 1, 0);

  // By hand: of one sample, of ten (2·(1 + 10)/1024), and of ten that are divided equally.
  for (const auto& [a, b, right] : {std::tuple{1, 0, 1.0},
                                    {0, 0, 1.0},
                                    {9, 1, 22.0 / 1024},
                                    {1, 9, 22.0 / 1024},
                                    {0, 10, 2.0 / 1024},
                                    {5, 5, 1.0}})
    exercise::expect_near(fmt::format("p_value({}, {})", a, b), p_value(a, b), right, 1e-9);
  fmt::print("only a  only b  p\n");
  for (const auto& [a, b] : {std::pair{10, 2}, {20, 8}, {100, 80}, {1000, 800}, {1030, 970}}) {
    fmt::print("{:6}  {:6}  {:.2g}\n", a, b, p_value(a, b));
    const double right = gd::mcnemar_p_value(a, b);
    exercise::expect_near(fmt::format("p_value({}, {})", a, b), p_value(a, b), right,
                          1e-7 * right + 1e-12);
  }
}
