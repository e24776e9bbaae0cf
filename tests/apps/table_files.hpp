// Tables like those that people know: passengers, wines, digits, incomes; made up, with a pattern
// to learn.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace gradus {

/// Numbers that look random (a linear congruential generator, Knuth's MMIX).
class DrawnNumbers {
 public:
  explicit DrawnNumbers(uint64_t seed) : state_(seed) {}
  /// From 0 to below 1.
  double part() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 33) / 2147483648.0;
  }
  /// From 0 to below `count`.
  int below(int count) { return static_cast<int>(part() * count); }
  std::size_t place(int count) { return static_cast<std::size_t>(below(count)); }
  /// About normal, with mean 0 and deviation 1.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += part();
    return sum;
  }
  bool is_true(double probability) { return part() < probability; }

 private:
  uint64_t state_;
};

/// 891 passengers of a ship, with the columns of the Titanic's.
inline std::string passengers_csv() {
  DrawnNumbers draw(1912);
  std::string text =
      "PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked\n";
  for (int id = 1; id <= 891; ++id) {
    const int travel_class = draw.is_true(0.25) ? 1 : 2 + draw.below(2);
    const bool is_woman = draw.is_true(0.35);
    const double age = std::clamp(30 + 14 * draw.normal(), 1.0, 80.0);
    const double fare = 60.0 / travel_class + 8 * draw.part();
    const double wish = (is_woman ? 1.6 : -1.4) + 0.9 * (2 - travel_class) - 0.03 * (age - 30);
    const int survived = draw.is_true(1 / (1 + std::exp(-1.5 * wish)));
    const std::string age_text = draw.is_true(0.2) ? "" : fmt::format("{:.0f}", age);
    const bool has_cabin = draw.is_true(travel_class == 1 ? 0.75 : 0.05);
    const char deck = "ABCDE"[draw.place(5)];
    const int room = 1 + draw.below(99), siblings = draw.below(3), parents = draw.below(3);
    const char port = "SCQ"[draw.place(3)];
    text += fmt::format("{},{},{},\"Person{}, {}. Given Name{}\",{},{},{},{},A/5 {},{:.4f},{},{}\n",
                        id, survived, travel_class, id, is_woman ? "Mrs" : "Mr", id,
                        is_woman ? "female" : "male", age_text, siblings, parents, 21000 + 7 * id,
                        fare, has_cabin ? fmt::format("{}{}", deck, room) : "", port);
  }
  return text;
}

/// 600 wines, with semicolons and a header in quotes.
inline std::string wines_csv() {
  DrawnNumbers draw(1855);
  std::string text =
      "\"fixed acidity\";\"volatile acidity\";\"citric acid\";\"residual sugar\";\"chlorides\";"
      "\"free sulfur dioxide\";\"total sulfur dioxide\";\"density\";\"pH\";\"sulphates\";"
      "\"alcohol\";\"quality\"\n";
  for (int i = 0; i < 600; ++i) {
    const double acid = draw.normal(), volatile_acid = draw.normal(), sugar = draw.normal();
    const double salt = draw.normal(), sulfur = draw.normal(), more_sulfur = draw.normal();
    const double density = draw.normal(), sulphates = draw.normal(), alcohol = draw.normal();
    const double quality = 5.6 + 0.6 * alcohol - 0.4 * volatile_acid + 0.3 * sulphates -
                           0.2 * sulphates * sulphates + 0.35 * draw.normal();
    text += fmt::format(
        "{:.1f};{:.3f};{:.2f};{:.1f};{:.3f};{:.0f};{:.0f};{:.5f};{:.2f};{:.2f};{:.1f};{}\n",
        8.3 + 1.7 * acid, 0.53 + 0.1 * volatile_acid, 0.3 + 0.05 * acid, 2.5 + 0.4 * sugar,
        0.09 + 0.01 * salt, 30 + 5 * sulfur, 90 + 9 * sulfur + more_sulfur,
        0.9967 + 0.001 * density, 3.3 - 0.1 * acid, 0.66 + 0.15 * sulphates, 10.4 + alcohol,
        std::clamp<int64_t>(std::lround(quality), 3, 8));
  }
  return text;
}

/// 600 digits of 8×8 pixels: the label first, as on Kaggle.
inline std::string pixels_csv() {
  // Five rows of three pixels.
  constexpr std::array<std::string_view, 10> shapes{
      "111101101101111", "010110010010111", "111001111100111", "111001111001111",
      "101101111001001", "111100111001111", "111100111101111", "111001010010010",
      "111101111101111", "111101111001111"};
  DrawnNumbers draw(28);
  std::string text = "label";
  for (int i = 0; i < 64; ++i) text += fmt::format(",pixel{}", i);
  text += '\n';
  for (int i = 0; i < 600; ++i) {
    const int digit = draw.below(10), right = 1 + draw.below(3), down = 1 + draw.below(2);
    text += std::to_string(digit);
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < 8; ++x) {
        const int column = x - right, row = y - down;
        const bool is_inside = column >= 0 && column < 3 && row >= 0 && row < 5;
        const bool is_ink =
            is_inside &&
            shapes[static_cast<std::size_t>(digit)][static_cast<std::size_t>(3 * row + column)] ==
                '1';
        const bool is_flipped = is_inside && draw.is_true(0.04);
        const int grey = 150 + draw.below(106);
        text += fmt::format(",{}", is_ink != is_flipped ? grey : 0);
      }
    text += '\n';
  }
  return text;
}

/// 800 people with ", " between cells, "?" for missing ones and no header.
inline std::string incomes_csv() {
  DrawnNumbers draw(1994);
  std::string text;
  for (int i = 0; i < 800; ++i) {
    const int age = 18 + draw.below(60), schooling = 5 + draw.below(11),
              hours = 20 + draw.below(41);
    const bool is_married = draw.is_true(0.5);
    const double wish = 0.5 * (schooling - 10) + 0.06 * (hours - 40) + (is_married ? 1.5 : -1.5) -
                        0.002 * (age - 48) * (age - 48);
    const bool is_rich = draw.is_true(1 / (1 + std::exp(-1.5 * wish)));
    const char* const employer = std::array{"Private", "Self-emp", "State-gov"}[draw.place(3)];
    const char* const job = std::array{"Sales", "Tech-support", "Craft-repair"}[draw.place(3)];
    const bool has_employer = draw.is_true(0.94), has_job = draw.is_true(0.94);
    text += fmt::format("{}, {}, {}, {}, {}, {}, {}, {}\n", age, has_employer ? employer : "?",
                        100000 + 211 * i % 7919, schooling,
                        is_married ? "Married-civ-spouse" : "Never-married", has_job ? job : "?",
                        hours, is_rich ? ">50K" : "<=50K");
  }
  return text;
}

}  // namespace gradus
