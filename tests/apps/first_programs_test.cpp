// The programs of apps/examples/first: each is short, runs, and learns or shows what it says.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "data/files/image.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// What a program prints; it writes its picture into `folder`.
std::string printed(const std::string& name, const TemporaryFolder& folder) {
  const Process::Result result =
      Process({fmt::format("{}/first/{}", GRADUS_EXAMPLES, name)}, folder.path()).wait();
  REQUIRE_MESSAGE(result.code == 0, result.err);
  return result.out;
}

// The number after the last `label`.
double last_number(const std::string& output, const std::string& label) {
  const std::size_t at = output.rfind(label);
  REQUIRE_MESSAGE(at != output.npos, output);
  return std::stod(output.substr(at + label.size()));
}

// The words of a text that can be names in C++.
std::set<std::string> words_in(const std::string& text) {
  std::set<std::string> result;
  std::string word;
  for (const char c : text + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += c;
    } else {
      result.insert(word);
      word.clear();
    }
  }
  return result;
}

// The words of the library's headers, without those of comments.
std::set<std::string> words_of_headers() {
  std::string code;
  for (const char* room : {"core", "layers", "optim", "data", "train"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(fmt::format("{}/{}", GRADUS_SOURCE, room)))
      if (entry.path().extension() == ".hpp")
        for (const std::string& line : lines_of(read_text(entry.path())))
          code += line.substr(0, line.find("//")) + "\n";
  return words_in(code);
}

bool has(const std::string& output, const std::string& text) {
  return output.find(text) != output.npos;
}

}  // namespace

TEST_CASE(
    "Each first program has at most 40 lines, names its subject and stands beside PyTorch's") {
  const std::string page = read_text(GRADUS_SOURCE "/docs/from_pytorch.md");
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(GRADUS_SOURCE "/apps/examples/first")) {
    CAPTURE(entry.path().string());
    const std::string text = read_text(entry.path());
    CHECK(lines_of(text).size() <= 40);
    CHECK(text.starts_with("// "));
    CHECK(has(page, fmt::format("](../apps/examples/first/{})", entry.path().filename().string())));
    CHECK(text.find("#include <gradus.hpp>\n") == text.find('\n') + 1);
    ++count;
  }
  CHECK(count == 14);
}

TEST_CASE("First programs: printing") {
  const TemporaryFolder folder;
  const std::string output = printed("printing", folder);
  CHECK(
      output.starts_with("[[ 1. ,  2.5],\n [-3. ,  0.1]]  f64 (2, 2)\n"
                         "[1.e+00, 1.e-07, 1.e+07]  f32 (3)\n"));
  CHECK(has(output,
            "[0, 1, 2, 3, 4, 5]  i64 (6)\n[false, false, false, false,  true,  true]  bool (6)\n"
            "15  i64 () 15\n[[   0,    1,    2, ...,   97,   98,   99],\n"));
  CHECK(
      output.ends_with("(6), bool\nSequential(\n"
                       "  (0): Dense(4, 8): weight (8, 4), bias (8): 40 parameters\n"
                       "  (1): Tanh()\n"
                       "  (2): Dense(8, 3): weight (3, 8), bias (3): 27 parameters\n"
                       "): 67 parameters\n"));
}

TEST_CASE("First programs: indices and masks") {
  const TemporaryFolder folder;
  CHECK(printed("indices_and_masks", folder) ==
        "x\n[[ 0,  1,  2,  3],\n [ 4,  5,  6,  7],\n [ 8,  9, 10, 11]]  i64 (3, 4)\n"
        "x[1]\n[4, 5, 6, 7]  i64 (4)\n"
        "x(1, 2)\n6  i64 ()\n"
        "x(Slice{}, -1)\n[ 3,  7, 11]  i64 (3)\n"
        "x(0, Slice{1, 3})\n[1, 2]  i64 (2)\n"
        "x(0, Slice{.step = 2})\n[0, 2]  i64 (2)\n"
        "x[Tensor::from({2, 0})]\n[[ 8,  9, 10, 11],\n [ 0,  1,  2,  3]]  i64 (2, 4)\n"
        "x[(x > 2) & (x < 6)]\n[3, 4, 5]  i64 (3)\n"
        "rows with a 5\n[false,  true, false]  bool (3)\n"
        "x after assign()\n"
        "[[ 7, -1, -1,  3],\n [ 8,  5,  6,  7],\n [ 9,  9, 10, 11]]  i64 (3, 4)\n"
        "0 instead of negative numbers\n"
        "[[ 7,  0,  0,  3],\n [ 8,  5,  6,  7],\n [ 9,  9, 10, 11]]  i64 (3, 4)\n");
}

TEST_CASE("First programs: a line by hand comes near y = 2x + 1") {
  const TemporaryFolder folder;
  const std::string output = printed("line", folder);
  CHECK(has(output, "y = 0.000x + 0.000\n"));
  CHECK(last_number(output, "loss ") < 0.02);  // the variance of the noise is 0.01
  CHECK(last_number(output, "y = ") == doctest::Approx(2).epsilon(0.02));
  CHECK(last_number(output, "x + ") == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("First programs: the moons are told apart, and drawn in two colours") {
  const TemporaryFolder folder;
  CHECK(last_number(printed("moons", folder), "test accuracy ") > 0.95);
  const Tensor picture = data::read_image(folder.path("moons.png"));
  REQUIRE(picture.shape() == Shape{3, 300, 300});
  const Tensor above = picture(Slice{}, 20, 100), below = picture(Slice{}, 280, 200);
  CHECK(above[2].item() > above[0].item() + 0.5);  // blue is the first moon
  CHECK(below[0].item() > below[2].item() + 0.5);  // orange the second
  CHECK(amin(picture.amin(0)).item() == 0);        // points of the first moon are black
  CHECK(amax(picture.amin(0)).item() == 1);        // of the second white
}

TEST_CASE("First programs: a layer of one's own learns its factors") {
  const TemporaryFolder folder;
  const std::string output = printed("own_layer", folder);
  CHECK(has(output, "\n  (1): Swish(16): beta (16): 16 parameters\n"));
  CHECK(last_number(output, "step    0: loss ") > 0.5);
  CHECK(last_number(output, "loss ") < 0.01);
  CHECK(!has(output, "beta, 1 at the start: [1.00"));
}

TEST_CASE("First programs: a momentum of one's own is that of the library") {
  const TemporaryFolder folder;
  const std::string output = printed("own_optimizer", folder);
  CHECK(last_number(output, "own: ") < 0.001);
  CHECK(last_number(output, "own: ") ==
        doctest::Approx(last_number(output, "library's: ")).epsilon(0.05));
  CHECK(has(output, "\nstep: 2000  i64 ()\nlr: 0.0005  f64 ()\np.velocity: ["));
}

TEST_CASE("First programs: a recurrent network repeats what it heard") {
  const TemporaryFolder folder;
  const std::string output = printed("echo", folder);
  CHECK(last_number(output, "step   0: loss ") > 0.8);
  CHECK(last_number(output, "loss ") < 0.05);
  CHECK(last_number(output, "heard    [") ==
        doctest::Approx(last_number(output, "repeated [")).epsilon(0.3));
}

TEST_CASE("First programs: a generator finds all clusters") {
  const TemporaryFolder folder;
  const std::string output = printed("ring", folder);
  CHECK(last_number(output, "step 2000: ") == 8);
  CHECK(last_number(output, "have points, ") > 60);
}

TEST_CASE("First programs: an autoencoder keeps a digit in two numbers, and draws their plane") {
  const TemporaryFolder folder;
  const std::string output = printed("autoencoder", folder);
  CHECK(last_number(output, "loss ") < 0.6 * last_number(output, "the mean digit: loss "));
  const Tensor picture = data::read_image(folder.path("autoencoder.png"));
  REQUIRE(picture.shape() == Shape{1, 448, 448});
  const auto corner = [&](int64_t row, int64_t column) {
    return picture(0, Slice{row, row + 28}, Slice{column, column + 28});
  };
  const auto distance = [](const Tensor& a, const Tensor& b) {
    return (a - b).abs().mean().item();
  };
  CHECK(amax(corner(0, 0)).item() > 0.8);
  CHECK(distance(corner(0, 0), corner(420, 0)) > 0.05);
  CHECK(distance(corner(0, 0), corner(0, 420)) > 0.05);
  CHECK(distance(corner(0, 0), corner(0, 28)) < 0.05);  // neighbours are alike
}

TEST_CASE("First programs: errors name the layer, the rule and the shapes") {
  const TemporaryFolder folder;
  CHECK(printed("shape_error", folder) ==
        "layer 1: [linear] input must be (…, in) and weight (out, in), got (8, 676) and (10, 784)\n"
        "the features have the shape (8, 676)\n"
        "now the scores have the shape (8, 10)\n"
        "[add] shapes (2, 3) and (2) don't broadcast: 3 against 2\n"
        "[matmul] inner extents must be equal, got 3 and 2: (2, 3) by (2, 3)\n"
        "[index] the index of dimension 1 of (2, 3) must be -3 to 2, got 3\n"
        "[cross_entropy] label at position 1 must be 0 to 2, got 3\n");
}

TEST_CASE("First programs: a NaN is found in the layer and operation where it arises") {
  const TemporaryFolder folder;
  const std::vector<std::string> lines = lines_of(printed("nan", folder));
  REQUIRE(lines.size() == 5);
  CHECK(std::isnan(last_number(lines[1], "step 2: loss ")));
  CHECK(lines[2] ==
        "layer 2: [sqrt] backward: the gradient (16, 8) of input 0 has a NaN or infinity; the "
        "result is (16, 8)");
  CHECK(last_number(lines[4], "step 2: loss ") < last_number(lines[3], "step 1: loss "));
}

TEST_CASE("First programs: the Hessian of Rosenbrock's function leads to its lowest point") {
  const TemporaryFolder folder;
  const std::string output = printed("rosenbrock", folder);
  CHECK(output.starts_with(
      "the Hessian at the start:\n[[1330.,  480.],\n [ 480.,  200.]]  f64 (2, 2)\n"));
  CHECK(has(output, "step 6: f(1.000000, 1.000000) = "));
  CHECK(last_number(output, "= ") < 1e-15);
}

TEST_CASE("First programs: weights are saved and loaded, and a wrong file is named") {
  const TemporaryFolder folder;
  const std::string output = printed("save_and_load", folder);
  CHECK(has(output, "equal before loading: false\nequal after loading: true\n"));
  CHECK(
      output.ends_with("classifier.safetensors: [load_state_dict] 0.weight is f32 (32, 4), got f32 "
                       "(16, 4); 0.bias is "
                       "f32 (32), got f32 (16); 2.weight is f32 (3, 32), got f32 (3, 16)\n"));
  CHECK(std::filesystem::exists(folder.path() + "/classifier.safetensors"));
}

TEST_CASE("First programs: the gradients of each sample have that of the batch as their mean") {
  const TemporaryFolder folder;
  const std::string output = printed("gradients_per_sample", folder);
  CHECK(has(output, "f64 (8, 3)\n"));
  CHECK(has(output, "\nequal: true\n"));
}

TEST_CASE("from_pytorch.md gives names that the headers have") {
  const std::string page = read_text(GRADUS_SOURCE "/docs/from_pytorch.md");
  std::set<std::string> known = words_of_headers();
  known.insert({"gd", "fmt", "print", "INFINITY", "params"});
  int rows = 0;
  for (const std::string& line : lines_of(page.substr(page.find("## Names")))) {
    if (!line.starts_with("| ") || line.starts_with("| PyTorch")) continue;
    CAPTURE(line);
    // Gradus's names are the code in the second column, outside of texts.
    const std::size_t second = line.find(" | ") + 3;
    const auto parts =
        split(std::string_view(line).substr(second, line.find(" |", second) - second), '`');
    for (std::size_t i = 1; i < parts.size(); i += 2) {
      const auto pieces = split(parts[i], '"');
      for (std::size_t piece = 0; piece < pieces.size(); piece += 2)
        for (const std::string& word : words_in(std::string(pieces[piece])))
          CHECK_MESSAGE((known.contains(word) || std::isdigit(word[0])), word);
    }
    ++rows;
  }
  CHECK(rows > 130);
}
