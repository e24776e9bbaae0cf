// chart: a program of another project that draws charts.
#include <apps/pictures/plot.hpp>

int main() {
  gradus::pictures::Chart chart{"Squares", "x", "x²"};
  chart.line("x²", {0, 1, 4, 9});
  gradus::pictures::save("squares.svg", chart);
  gradus::pictures::save("squares.png", chart);
}
