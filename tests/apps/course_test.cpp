// The course: each chapter's program prints what the chapter quotes, and learns what it says.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "apps/pictures/plot.hpp"
#include "core/ops/creation.hpp"
#include "tests/apps/pictures/same_picture.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

using Words = std::vector<std::string>;

const std::string docs = GRADUS_SOURCE "/docs/course/";
const std::string programs = GRADUS_SOURCE "/apps/examples/";
const std::string exercises = GRADUS_SOURCE "/apps/exercises/";
const std::string pictures_folder = docs + "pictures/";

// The names of a folder's numbered files without `ending`: "01_neuron".
Words numbered(const std::string& folder, const std::string& ending) {
  Words result;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (std::isdigit(static_cast<unsigned char>(name[0])) && name.ends_with(ending))
      result.push_back(name.substr(0, name.size() - ending.size()));
  }
  std::sort(result.begin(), result.end());
  return result;
}

// The contents of a page's ```language blocks.
Words blocks(const std::string& page, const std::string& language) {
  Words result;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("```")) {
      inside = !inside && line == "```" + language;
      if (inside) result.emplace_back();
    } else if (inside) {
      result.back() += line + "\n";
    }
  }
  return result;
}

std::string without_indent(const std::string& text) {
  std::string result;
  for (const std::string& line : lines_of(text))
    result += line.substr(std::min(line.find_first_not_of(' '), line.size())) + "\n";
  return result;
}

const std::regex number(R"([-+]?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?)");

std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> result;
  for (std::sregex_iterator match(text.begin(), text.end(), number), end; match != end; ++match)
    result.push_back(std::stod(match->str()));
  return result;
}

// The distinct first groups of all matches of `pattern`.
std::set<std::string> found(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> result;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
    result.insert((*match)[1]);
  return result;
}

// The pictures that a page shows: name and alternative text.
std::map<std::string, std::string> pictures_of(const std::string& page) {
  static const std::regex picture(R"(!\[([^\]]*)\]\(pictures/([a-z0-9_]+\.(?:svg|png))\))");
  std::map<std::string, std::string> result;
  for (std::sregex_iterator match(page.begin(), page.end(), picture), end; match != end; ++match)
    result[(*match)[2]] = (*match)[1];
  return result;
}

// The output of a chapter's program. Checks that the chapter quotes it and shows its pictures.
std::string output_of(const std::string& chapter) {
  const TemporaryFolder folder;
  const std::string program = fmt::format("{}/{}", GRADUS_EXAMPLES, chapter);
  const Process::Result result = Process({program}, folder.path()).wait();
  REQUIRE_MESSAGE(result.code == 0, result.err);

  const Words quoted = blocks(read_text(docs + chapter + ".md"), "text");
  std::string expected;
  for (const std::string& block : quoted) expected += block;
  CHECK(result.out == expected);
  auto shown = pictures_of(read_text(docs + chapter + ".md"));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string picture = entry.path().filename();
    CAPTURE(picture);
    CHECK(difference_of_pictures(entry.path(), pictures_folder + picture) == "");
    CHECK(shown.erase(picture) == 1);
  }
  CHECK(shown.empty());
  return result.out;
}

// A text in small letters, without emphasis and line breaks.
std::string plain_words(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c != '*' && c != '`')
      result += c == '\n' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// The numbers that follow `label` in its line.
std::vector<double> after(const std::string& output, const std::string& label) {
  const std::size_t at = output.find(label);
  REQUIRE_MESSAGE(at != output.npos, label);
  const std::size_t start = at + label.size();
  return numbers_in(output.substr(start, output.find('\n', start) - start));
}

}  // namespace

TEST_CASE("The course has seventeen chapters, each with a program and a place in the contents") {
  const Words chapters = numbered(docs, ".md");
  CHECK(chapters.size() == 17);
  CHECK(chapters == numbered(programs, ".cpp"));
  const std::string contents = read_text(docs + "README.md");
  for (const std::string& chapter : chapters) {
    CAPTURE(chapter);
    CHECK(contents.find("(" + chapter + ".md)") != contents.npos);
    const std::string page = read_text(docs + chapter + ".md");
    CHECK(page.find("(../../apps/examples/" + chapter + ".cpp)") != page.npos);
    CHECK(found(page, "gradus lab ([a-z-]+)").size() >= 1);
  }
}

TEST_CASE("Each exercise of the course has a stub, a test with a hint, and a solution") {
  std::set<std::string> on_pages;
  for (const std::string& chapter : numbered(docs, ".md")) {
    CAPTURE(chapter);
    const std::string page = read_text(docs + chapter + ".md");
    const std::string prefix = std::to_string(std::stoi(chapter)) + ".";
    const auto of_page = found(page, R"(\*\*Exercise ([0-9.]+)\*\*)");
    CHECK(of_page.size() >= 3);
    for (const std::string& exercise : of_page) CHECK(exercise.starts_with(prefix));
    CHECK(page.find(fmt::format("`./run exercise {}1` begins", prefix)) != page.npos);
    on_pages.insert(of_page.begin(), of_page.end());
  }
  const Words folders = numbered(exercises, "");
  CHECK(std::set(folders.begin(), folders.end()) == on_pages);
  for (const std::string& exercise : folders) {
    CAPTURE(exercise);
    const std::string stub = read_text(exercises + exercise + "/stub.cpp");
    const std::string title = stub.substr(0, stub.find('\n') + 1);
    CHECK(title.starts_with(fmt::format("// Exercise {}: ", exercise)));
    CHECK(read_text(exercises + exercise + "/solution.cpp").starts_with(title));
    CHECK(read_text(exercises + exercise + "/test.cpp").starts_with("// Hint: "));
  }
}

TEST_CASE("Each word of the glossary occurs in the chapter that it names") {
  const std::regex row(R"(\| ([^|]+) \| [^|]+ \| \[[0-9]+\]\(([^)]+)\) \|)");
  int count = 0;
  for (const std::string& line : lines_of(read_text(docs + "glossary.md"))) {
    std::smatch match;
    if (!std::regex_match(line, match, row)) continue;
    CAPTURE(line);
    CHECK(plain_words(read_text(docs + match[2].str())).find(plain_words(match[1])) !=
          std::string::npos);
    ++count;
  }
  CHECK(count > 40);
}

TEST_CASE("Each program of the course has at most 80 lines, that of the GPT 150") {
  for (const std::string& chapter : numbered(programs, ".cpp")) {
    CAPTURE(chapter);
    CHECK(lines_of(read_text(programs + chapter + ".cpp")).size() <=
          (chapter == "15_gpt" ? 150 : 80));
  }
}

TEST_CASE("What a chapter quotes stands in its program") {
  for (const std::string& chapter : numbered(docs, ".md")) {
    const std::string program = without_indent(read_text(programs + chapter + ".cpp"));
    const Words quoted = blocks(read_text(docs + chapter + ".md"), "cpp");
    CHECK(quoted.size() >= 2);
    for (const std::string& block : quoted) {
      CAPTURE(chapter);
      CAPTURE(block);
      CHECK(("\n" + program).find("\n" + without_indent(block)) != std::string::npos);
    }
  }
}

TEST_CASE("Each chapter shows a picture, and says what is seen") {
  std::set<std::string> all;
  for (const std::string& chapter : numbered(docs, ".md")) {
    CAPTURE(chapter);
    const auto shown = pictures_of(read_text(docs + chapter + ".md"));
    CHECK(!shown.empty());
    const std::string program = read_text(programs + chapter + ".cpp");
    for (const auto& picture : shown) {
      const std::string& name = picture.first;
      CAPTURE(name);
      CHECK(picture.second.size() > 25);
      CHECK(program.find(fmt::format("(\"{}\", ", name)) != program.npos);
      REQUIRE(std::filesystem::exists(pictures_folder + name));
      CHECK(std::filesystem::file_size(pictures_folder + name) < 64'000);
      all.insert(name);
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(pictures_folder))
    CHECK(all.contains(entry.path().filename()));
}

TEST_CASE("Pictures are the same if their texts are, and their points and colours nearly") {
  const TemporaryFolder folder;
  const auto saved = [&](const std::string& title, double last, double colour) {
    pictures::Chart chart{title, "x", "y"};
    chart.line("line", {0, 1, 2}, {0, 10, last});
    chart.heat_map(Tensor::from<double>({0, colour, 1}, {1, 3}), {0, 2}, {0, 10});
    pictures::save(folder.path("last.svg"), chart);
    return folder.path("last.svg");
  };
  std::filesystem::copy(saved("title", 5, 0.5), folder.path("page.svg"));
  const auto difference = [&](const std::string& title, double last, double colour) {
    return difference_of_pictures(saved(title, last, colour), folder.path("page.svg"));
  };
  CHECK(difference("title", 5, 0.5) == "");
  CHECK(difference("title", 5.5, 0.501) == "");
  CHECK(difference("other", 5, 0.5) != "");
  CHECK(difference("title", 7, 0.5).starts_with("coordinates"));
  CHECK(difference("title", NAN, 0.5) != "");
  CHECK(difference("title", 5, 0.8).starts_with("images differ"));
}

TEST_CASE("Course 0: shapes, broadcasting, and the digits of f32") {
  const std::string out = output_of("00_tensors");
  CHECK(after(out, "mean of each test:") == std::vector<double>{6.5, 6.75, 6, 32, 3});
  CHECK(out.find("[sub] shapes (4, 3) and (4) don't broadcast: 3 against 4\n") != out.npos);
  CHECK(after(out, "weighted mean:") == std::vector<double>{7.25, 6.25, 8.25, 4, 32, 4});
  const auto slopes = after(out, "h = 1e-07:");
  REQUIRE(slopes.size() == 4);
  CHECK(std::abs(slopes[0] - 2) > 0.1);
  CHECK(slopes[2] == doctest::Approx(2).epsilon(1e-6));
  CHECK(after(out, "after a change:") == std::vector<double>{10, 10, 3});
}

TEST_CASE("Course 1: three ways agree on a gradient, and a neuron learns OR") {
  const std::string out = output_of("01_neuron");
  const double gradient = 1 / (1 + std::exp(-0.45)) - 1;  // y − t for z = 0.5·1 − 0.3·½ + 0.1
  for (const char* way : {"by hand:", "by differences:", "by autograd:"}) {
    const auto slopes = after(out, way);
    REQUIRE(slopes.size() == 3);
    CHECK(slopes[0] == doctest::Approx(gradient).epsilon(1e-3));
    CHECK(slopes[1] == doctest::Approx(gradient / 2).epsilon(1e-3));
    CHECK(slopes[2] == doctest::Approx(gradient).epsilon(1e-3));
  }
  const auto answers = after(out, "1 or 1:");
  REQUIRE(answers.size() == 4);
  CHECK(answers[0] < 0.05);
  for (std::size_t i = 1; i < 4; ++i) CHECK(answers[i] > 0.95);
}

TEST_CASE("Course 2: descent finds the line of the formula, unless the rate is too large") {
  const std::string out = output_of("02_linear_regression");
  const auto formula = after(out, "by formula:"), descent = after(out, "after 100 steps, loss");
  REQUIRE(formula.size() == 2);
  REQUIRE(descent.size() == 3);
  CHECK(formula[0] == doctest::Approx(2).epsilon(0.05));
  CHECK(formula[1] == doctest::Approx(1).epsilon(0.1));
  CHECK(descent[1] == doctest::Approx(formula[0]).epsilon(2e-3));
  CHECK(descent[2] == doctest::Approx(formula[1]).epsilon(2e-3));
  CHECK(after(out, "0.98 of it: loss")[0] < 0.11);
  CHECK(after(out, "1.02 of it: loss")[0] > 1e10);
}

TEST_CASE("Course 3: ten neurons read digits") {
  const std::string out = output_of("03_softmax_regression");
  CHECK(after(out, "before training: loss")[0] == doctest::Approx(std::log(10)).epsilon(1e-4));
  CHECK(out.find("its gradient by the logits is (p - target)/N: true") != out.npos);
  CHECK(after(out, "\n0.0001")[2] + 5 < after(out, "\n0.01 ")[2]);
  CHECK(after(out, "test accuracy")[0] > 94);
}

TEST_CASE("Course 4: gradients by hand are those of autograd, and train a network") {
  const std::string out = output_of("04_backpropagation");
  CHECK(after(out, "difference from autograd:")[0] < 1e-6);
  CHECK(after(out, "step    0: loss")[2] < 50);
  CHECK(after(out, "step 1000: loss")[2] > 95);
}

TEST_CASE("Course 5: a tape gives the gradients of autograd, and trains a network") {
  const std::string out = output_of("05_autograd");
  const auto slopes = after(out, "f'(1.5)");
  REQUIRE(slopes.size() == 3);
  for (const double slope : slopes) CHECK(slope == doctest::Approx(11.384929315).epsilon(1e-9));
  CHECK(out.find("gradcheck: true\n") != out.npos);
  for (const char* seed : {"seed 1:", "seed 2:", "seed 5:"}) {
    CHECK(after(out, seed)[0] > 3);
    CHECK(after(out, seed)[2] < 0.05);
  }
  for (const char* seed : {"seed 3:", "seed 4:"}) CHECK(after(out, seed)[2] > 1.9);
}

TEST_CASE("Course 6: two layers learn tasks that one can't") {
  const std::string out = output_of("06_mlp");
  CHECK(out.find("by hand: [0., 1., 1., 0.]") != out.npos);
  for (const char* task : {"xor  ", "spirals"}) {
    const auto accuracies = after(out, task);
    REQUIRE(accuracies.size() == 6);  // means and deviations
    CHECK(accuracies[0] < 70);
    CHECK(accuracies[2] > 93);
    CHECK(accuracies[4] > 90);
  }
  CHECK(after(out, "digits")[2] > 94);
}

TEST_CASE("Course 7: signals survive twenty layers only from weights of the right size") {
  const std::string out = output_of("07_initialization");
  const auto small = after(out, "normal:std=0.05"), right = after(out, "he-normal   "),
             large = after(out, "normal:std=0.3");
  REQUIRE(right.size() == 4);
  CHECK(small[2] < 1e-6);
  CHECK(right[2] > 0.1);
  CHECK(right[2] < 10);
  CHECK(large[2] > 1e6);
  const std::string trained = out.substr(out.find("after training"));
  const auto small_scores = after(trained, "normal:std=0.05"),
             right_scores = after(trained, "he-normal   ");
  REQUIRE(right_scores.size() == 4);  // means and deviations
  CHECK(small_scores[0] < 20);
  CHECK(right_scores[0] > 90);
  CHECK(small_scores[2] == doctest::Approx(std::log(10)).epsilon(0.01));
  CHECK(right_scores[2] < 0.5);
  CHECK(after(trained, "normal:std=0.3").empty());  // NaN
}

TEST_CASE("Course 8: the rules by hand equal the library's, and Adam depends on the axes") {
  const std::string out = output_of("08_optimizers");
  const auto descent = after(out, "\nsgd"), momentum = after(out, "\nmomentum"),
             adam = after(out, "\nadam");
  for (const auto& row : {descent, momentum, adam}) {
    REQUIRE(row.size() == 4);
    CHECK(row[0] == row[1]);
    CHECK(row[2] == row[3]);
  }
  CHECK(descent[2] == doctest::Approx(descent[0]).epsilon(0.01));  // independent of the axes
  CHECK(momentum[2] == doctest::Approx(momentum[0]).epsilon(0.01));
  CHECK(adam[2] > descent[2]);
  CHECK(momentum[0] < descent[0] / 100);
  CHECK(adam[0] < descent[0] / 10);
  const std::string losses = out.substr(out.find("validation loss"));
  const auto sgd_loss = after(losses, "\nsgd"), adam_loss = after(losses, "\nadam");
  REQUIRE(sgd_loss.size() == 6);  // means and deviations
  CHECK(adam_loss[2] < 0.5);
  CHECK(sgd_loss[2] > 2);
  CHECK(sgd_loss[4] < 1);
}

TEST_CASE("Course 9: batch normalization trains from initial weights of any size") {
  const std::string out = output_of("09_normalization");
  CHECK(out.find("the layer computes the formula: true") != out.npos);
  const auto small = after(out, "normal:std=0.02"), large = after(out, "normal:std=0.5");
  REQUIRE(small.size() == 4);  // means and deviations
  CHECK(small[0] < 20);
  CHECK(small[2] > 80);
  REQUIRE(large.size() == 2);  // without it the loss is not a number
  CHECK(large[0] > 80);
  CHECK(after(out, "he-normal")[2] > 95);
  CHECK(out.find("training: other images change the scores: true") != out.npos);
  CHECK(out.find("evaluation: other images change the scores: false") != out.npos);
}

TEST_CASE("Course 10: regularization prevents memorizing wrong labels") {
  const std::string out = output_of("10_regularization");
  for (const double mean : after(out, "after dropout"))
    CHECK(mean == doctest::Approx(1).epsilon(0.03));
  const auto nothing = after(out, "\nnothing");
  REQUIRE(nothing.size() == 6);  // means and deviations
  for (const char* recipe : {"\ndropout", "\nweight decay", "\nearly stopping"}) {
    const auto row = after(out, recipe);
    REQUIRE(row.size() == 6);
    CHECK(row[0] < nothing[0] - 5);
    CHECK(row[2] > nothing[2] + 5);
    CHECK(row[4] < nothing[4]);
  }
  CHECK(after(out, "true labels, test:")[0] > 90);
}

TEST_CASE("Course 11: a convolution sees the same everywhere") {
  const std::string out = output_of("11_convolution");
  const auto edge = after(out, "an edge by hand");
  REQUIRE(edge.size() == 2);
  CHECK(edge[0] == doctest::Approx(edge[1]).epsilon(1e-3));
  CHECK(out.find("convolution of the moved = the convolution moved: true") != out.npos);
  const auto dense = after(out, "\ndense"), convolutional = after(out, "\nconvolutional");
  REQUIRE(dense.size() == 9);  // weights, means and deviations
  REQUIRE(convolutional.size() == 9);
  CHECK(convolutional[0] < dense[0] / 5);
  CHECK(convolutional[1] > 97);
  CHECK(convolutional[5] > dense[5] + 10);
  const auto slow = after(out, "\n0.0001"), right = after(out, "\n0.001 "),
             dead = after(out, "\n0.1 ");
  REQUIRE(dead.size() == 5);
  CHECK(right[3] < slow[3] / 3);
  CHECK(dead[2] > 1);
  CHECK(dead[3] > 2);
  CHECK(dead[4] > 99);
}

TEST_CASE("Course 12: residual connections let twenty-one convolutions learn") {
  const std::string out = output_of("12_residual");
  const auto plain = after(out, "\nplain"), residual = after(out, "\nresidual");
  REQUIRE(plain.size() == 8);  // means and deviations
  REQUIRE(residual.size() == 8);
  CHECK(plain[0] > 5 * plain[2]);
  CHECK(residual[0] < 5 * residual[2]);
  CHECK(plain[4] < 40);
  CHECK(residual[4] > 70);
  CHECK(residual[6] > 95);
}

TEST_CASE("Course 13: a recurrent network by hand is that of autograd, and gates remember") {
  const std::string out = output_of("13_sequences");
  CHECK(out.find("W as by autograd: true\nU as by autograd: true\n") != out.npos);
  const auto plain = after(out, "\nRNN"), gru = after(out, "\nGRU"),
             lstm = after(out, "\nLSTM, forget bias 1");
  REQUIRE(plain.size() == 8);  // means and deviations
  CHECK(plain[2] > 95);
  CHECK(plain[6] < 60);
  REQUIRE(gru.size() == 8);
  CHECK(gru[6] > 95);
  REQUIRE(lstm.size() == 8);
  CHECK(lstm[6] > 95);
}

TEST_CASE("Course 14: a head looks up what a recurrent network forgets, and needs positions") {
  const std::string out = output_of("14_attention");
  for (const char* d : {"d =    4:", "d =   64:", "d = 1024:"}) {
    const auto weights = after(out, d);
    REQUIRE(weights.size() == 2);
    CHECK(weights[1] == doctest::Approx(0.25).epsilon(0.1));
    CHECK(weights[0] > 1.5 * weights[1]);
  }
  const auto recurrent = after(out, "\nGRU"), head = after(out, "\nhead");
  REQUIRE(recurrent.size() == 6);  // means and deviations
  REQUIRE(head.size() == 6);
  CHECK(recurrent[0] < 50);
  CHECK(recurrent[2] > 95);
  CHECK(head[0] > 99);
  CHECK(head[2] < 50);
  CHECK(head[4] > 99);
}

TEST_CASE("Course 15: a small GPT needs nearly as few bits as its grammar, and writes by it") {
  const std::string out = output_of("15_gpt");
  const auto baselines = after(out, "bits per character:");
  REQUIRE(baselines.size() == 3);
  CHECK(baselines[0] == doctest::Approx(std::log2(19)).epsilon(1e-3));
  CHECK(baselines[1] < baselines[0]);
  CHECK(after(out, "step   0:")[0] > baselines[1]);
  CHECK(after(out, "step 500:")[0] < baselines[2] + 0.1);
  const auto cold = after(out, "temperature 0.5:"), warm = after(out, "temperature 1:"),
             hot = after(out, "temperature 1.5:");
  CHECK(cold[0] > 95);
  CHECK(warm[0] > 85);
  CHECK(hot[0] < warm[0] - 20);
}

TEST_CASE("Course 16: the model that validation chose is better on the test set too") {
  const std::string out = output_of("16_project");
  const auto baseline = after(out, "\nlogistic       rate"),
             chosen = after(out, "\nconvolutional  rate"),
             differing = after(out, "only the second is right:");
  REQUIRE(chosen.size() > 3);
  CHECK(chosen[1] > baseline[1] + 2);
  CHECK(chosen[3] > 97);
  REQUIRE(differing.size() == 3);
  CHECK(differing[0] - differing[1] == chosen[1] - baseline[1]);
  CHECK(differing[2] < 0.2);
}
