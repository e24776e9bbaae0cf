// Claim: along a narrow valley plain descent is slow, because the steep direction limits its rate;
// momentum is faster (Polyak 1964). Near a saddle point plain descent stays longest, because the
// gradients are nearly 0; methods that divide by their size leave at once (Dauphin et al. 2014).
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::valley_experiment {

struct Point {
  double x, y;
};

struct Landscape {
  std::string name;
  std::function<Tensor(const Tensor& x, const Tensor& y)> height;
  double x, y;                 // start of the paths
  double least;                // the minimum
  std::vector<double> levels;  // heights whose lines are drawn
  // A point with this height; t from 0 to 1 goes round the line. NaN where there is none.
  Point (*at_height)(double height, double t);
};

// The points of an optimizer's path, starting with the first.
struct Path {
  std::vector<double> x = {}, y = {};
  bool arrived = false;  // within 0.001 of the minimum
  int64_t limit = 0;     // largest number of steps

  // Steps until it arrived, else `limit`.
  double steps() const { return static_cast<double>(arrived ? x.size() - 1 : limit); }
  // Steps until |y| > 1, else `limit`.
  double away() const {
    const auto found = std::ranges::find_if(y, [](double at) { return std::abs(at) > 1; });
    return static_cast<double>(found == y.end() ? limit : found - y.begin());
  }
};

// Runs the named optimizer until it arrives, for at most `limit` steps; stops if the height above
// the minimum becomes ten times the initial one.
Path walk(const Landscape& landscape, const std::string& optimizer, double rate, int64_t limit) {
  Tensor x = Tensor::scalar(landscape.x, DType::f64).set_requires_grad();
  Tensor y = Tensor::scalar(landscape.y, DType::f64).set_requires_grad();
  const auto descent = optim::optimizers().find(optimizer)({{"x", x}, {"y", y}}, rate);
  Path path{.limit = limit};
  double first = 0;
  for (int64_t step = 0; step <= limit; ++step) {
    path.x.push_back(x.item());
    path.y.push_back(y.item());
    const Tensor height = landscape.height(x, y);
    const double above = height.item() - landscape.least;
    if (step == 0) first = above;
    path.arrived = above < 1e-3;
    if (path.arrived || !(above < 10 * first)) break;
    descent->zero_grad();
    height.backward();
    descent->step();
  }
  return path;
}

// |y| by step, counted from 1.
Series by_step(const std::string& name, const Path& path) {
  Series series{name};
  for (const double y : path.y) series.add(static_cast<double>(series.x.size() + 1), std::abs(y));
  return series;
}

// y over x; a long path is thinned to some hundred points.
Series drawn(const std::string& name, const Path& path) {
  Series series{name};
  for (std::size_t i = 0; i < path.x.size(); i += 1 + path.x.size() / 300)
    series.add(path.x[i], path.y[i]);
  return series;
}

// 100 times as steep across as along.
Tensor valley_of(const Tensor& along, const Tensor& across) {
  return 0.5 * square(along) + 50 * square(across);
}
Tensor rotated(const Tensor& x, const Tensor& y) {
  return valley_of((x + y) / std::sqrt(2), (x - y) / std::sqrt(2));
}
Tensor rosenbrock(const Tensor& x, const Tensor& y) {
  return square(1 - x) + 100 * square(y - square(x));
}
Tensor saddle(const Tensor& x, const Tensor& y) {
  return 50 * square(x) - square(y) / 2 + pow(y, 4) / 32;
}

double turn(double t) {
  return 2 * std::numbers::pi * t;
}
Point at_height_of_valley(double height, double t) {
  return {std::sqrt(2 * height) * math::cos(turn(t)), std::sqrt(height / 50) * math::sin(turn(t))};
}
Point at_height_of_rotated(double height, double t) {
  const auto [along, across] = at_height_of_valley(height, t);
  return {(along + across) / std::sqrt(2), (along - across) / std::sqrt(2)};
}
Point at_height_of_rosenbrock(double height, double t) {
  const double x = 1 + std::sqrt(height) * math::cos(turn(t));
  return {x, x * x + std::sqrt(height / 100) * math::sin(turn(t))};
}
// One half of t is for x > 0, the other for x < 0.
Point at_height_of_saddle(double height, double t) {
  const double way = t < 0.5 ? 4 * t - 1 : 3 - 4 * t, y = 4 * way;
  const double x = std::sqrt((height + y * y / 2 - y * y * y * y / 32) / 50);
  return {t < 0.5 ? x : -x, y};
}

const Landscape landscapes[] = {
    {"valley", valley_of, -4, 1, 0, {0.5, 4, 16, 50}, at_height_of_valley},
    {"rotated valley", rotated, -4, -2, 0, {0.5, 4, 16, 50}, at_height_of_rotated},
    {"Rosenbrock", rosenbrock, -1.2, 1, 0, {0.3, 3, 30, 150}, at_height_of_rosenbrock},
    {"saddle", saddle, 1, 1e-6, -2, {-1.5, -0.5, 0.5, 5, 20, 50}, at_height_of_saddle}};

// The lines of equal height, as far as the paths of the chart reach.
Series lines_of_height(const Landscape& landscape, const Chart& paths) {
  pictures::AxisRange xs, ys;
  for (const Series& path : paths.series)
    for (std::size_t i = 0; i < path.x.size(); ++i) {
      xs.add(path.x[i]);
      ys.add(path.y[i]);
    }
  Series lines{.name = fmt::format("height {}", fmt::join(landscape.levels, ", ")),
               .mark = pictures::Mark::faint,
               .colour = 5};
  for (const double level : landscape.levels)
    for (int step = 0; step <= 400; ++step) {
      const auto [x, y] = landscape.at_height(level, step / 400.);
      const bool inside = x >= xs.low && x <= xs.high && y >= ys.low && y <= ys.high;
      lines.add(inside ? x : NAN, step < 400 ? y : NAN);
    }
  return lines;
}

const char* const optimizers[] = {"sgd",     "momentum", "nag",     "adagrad",
                                  "rmsprop", "adam",     "adadelta"};

// An optimizer at its best rate.
struct Trial {
  double rate = 0;
  std::vector<Path> paths = {};
  Estimate steps = {.mean = INFINITY};
};

Trial best_of(const Landscape& landscape, const std::string& optimizer,
              const ExperimentOptions& options) {
  Trial best;
  for (int i = -12; i <= 4; i += options.small ? 2 : 1) {
    const double rate = math::pow(10, i / 4.0);
    options.report(fmt::format("{}, {}, rate {:.2g}", landscape.name, optimizer, rate));
    const auto paths = over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
      Rng rng(seed);
      Landscape moved = landscape;
      for (double* const at : {&moved.x, &moved.y}) *at *= 1 + 0.1 * rng.normal();
      return walk(moved, optimizer, rate, options.small ? 2000 : 4000);
    });
    const Estimate steps = estimate_of(paths, &Path::steps);
    if (steps.mean < best.steps.mean) best = {rate, paths, steps};
  }
  return best;
}

// `moved` is the largest distance that an optimizer moves from a start exactly on the ridge.
Verdict verdict(const Table& table, double moved) {
  const auto steps = [&](const char* landscape, const char* optimizer) {
    return number_at(table, {landscape, optimizer}, "steps");
  };
  const auto leaves_before = [&](const char* optimizer, const char* other) {
    return lower(fmt::format("{} leaves the saddle point in fewer steps than {}", optimizer, other),
                 number_at(table, {"saddle", optimizer}, "away"),
                 number_at(table, {"saddle", other}, "away"), 0);
  };
  Verdict result{{lower("momentum takes fewer steps along the valley than plain descent",
                        steps("valley", "momentum"), steps("valley", "sgd"), 0)}};
  for (const char* faster : {"momentum", "nag"})
    result.parts.push_back(leaves_before(faster, "sgd"));
  for (const char* adaptive : {"adagrad", "rmsprop", "adam", "adadelta"})
    for (const char* other : {"momentum", "nag"})
      result.parts.push_back(leaves_before(adaptive, other));
  result.remark = fmt::format(
      "Exactly on the ridge all move by {:.1g}. RMSProp takes {:.0f} steps along the valley and "
      "{:.0f} when it is rotated by 45°: adaptive rates work along coordinates.",
      moved, steps("valley", "rmsprop").mean, steps("rotated valley", "rmsprop").mean);
  return result;
}

Report run(const ExperimentOptions& options) {
  Table table{"Steps at the best rate: until within 0.001 of the minimum; until |y| > 1",
              {"landscape", "optimizer", {"rate", 3}, {"steps", 1}, {"away", 1}}};
  std::vector<Chart> charts{
      {"Distance from the saddle point", "step, from 1", "distance |y|", {}, log_log}};
  double moved = 0;  // from the ridge
  for (const Landscape& landscape : landscapes) {
    charts.push_back({landscape.name, "x", "y"});
    for (const char* name : optimizers) {
      const Trial best = best_of(landscape, name, options);
      table.rows.push_back({landscape.name, name, best.rate, best.steps, ""});
      charts.back().series.push_back(drawn(name, best.paths[0]));
      if (landscape.name != "saddle") continue;
      table.rows.back()[4] = estimate_of(best.paths, &Path::away);
      charts[0].series.push_back(by_step(name, best.paths[0]));
      Landscape ridge = landscape;
      ridge.y = 0;
      moved = std::max(moved, std::abs(walk(ridge, name, best.rate, 1000).y.back()));
    }
    charts.back().series.push_back(lines_of_height(landscape, charts.back()));
  }
  const char* const measured =
      "½x² + 50y², the same rotated by 45°, Rosenbrock's function, and 50x² − ½y² + y⁴/32; "
      "random starts that differ by a tenth.";
  return {verdict(table, moved), measured, {table}, in_rows(charts, 2)};
}

}  // namespace gradus::lab::valley_experiment
