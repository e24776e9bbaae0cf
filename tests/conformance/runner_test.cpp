// runner_test: the runner, started as a program on files of its own.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <limits>

#include "core/io/safetensors.hpp"

using namespace gradus;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() : path(fs::temp_directory_path() / fmt::format("gradus-conformance-{}", getpid())) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

struct Result {
  int exit_code;
  std::string output;
};

Result run(const std::string& arguments) {
  FILE* pipe = popen(fmt::format("{} {} 2>&1", CONFORMANCE, arguments).c_str(), "r");
  REQUIRE(pipe);
  Result result;
  char buffer[4096];
  while (const std::size_t n = fread(buffer, 1, sizeof buffer, pipe))
    result.output.append(buffer, n);
  result.exit_code = WEXITSTATUS(pclose(pipe));
  return result;
}

// One case of x², with the wanted value and gradient.
void write_square(const fs::path& path, double x, double value, double gradient,
                  const std::string& op = "square") {
  const auto one = [](double v) { return Tensor::full({1}, v, DType::f64); };
  write_safetensors(path.string(),
                    {{"case.0/in/x", one(x)},
                     {"case.0/out/y", one(value)},
                     {"case.0/grad_out/y", one(1)},
                     {"case.0/grad/x", one(gradient)}},
                    {{"format", "conformance-1"},
                     {"cases", R"([{"name": "case.0", "op": ")" + op +
                                   R"(", "attrs": {}, "args": ["x"], "outs": ["y"],)"
                                   R"( "grads": ["x"], "rtol": 1e-7, "atol": 1e-9}])"}});
}

}  // namespace

TEST_CASE("the conformance runner distinguishes right values and gradients from wrong ones") {
  const Folder folder;
  const fs::path file = folder.path / "elementwise.safetensors";
  write_square(file, 3, 9, 6);
  CHECK(run(folder.path.string()).output == "1 passed, 0 failed, 0 skipped\n");
  CHECK(run(file.string()).exit_code == 0);

  write_square(file, 3, 9.5, 6);
  Result result = run(file.string());
  CHECK(result.exit_code == 1);
  CHECK(
      result.output ==
      "failed elementwise case.0: y differs in 1 of 1 elements, most in element 0: 9, wanted 9.5, "
      "off by 0.5\n0 passed, 1 failed, 0 skipped\n");

  write_square(file, 3, 9, 5);
  result = run(file.string());
  CHECK(result.exit_code == 1);
  CHECK(result.output.starts_with("failed elementwise case.0: the gradient by x differs"));
}

TEST_CASE("the conformance runner compares infinities and NaN") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Folder folder;
  const fs::path file = folder.path / "elementwise.safetensors";
  const auto passes = [&](double x, double value, double gradient) {
    write_square(file, x, value, gradient);
    return run(file.string()).exit_code == 0;
  };
  CHECK(passes(infinity, infinity, infinity));
  CHECK(passes(nan, nan, nan));
  CHECK_FALSE(passes(infinity, 9, infinity));
  CHECK_FALSE(passes(3, infinity, 6));
  CHECK_FALSE(passes(-infinity, infinity, infinity));
  CHECK_FALSE(passes(3, nan, 6));
  CHECK_FALSE(passes(nan, 9, nan));
}

TEST_CASE("the conformance runner skips unknown operations and reports bad arguments and files") {
  const Folder folder;
  const fs::path file = folder.path / "own.safetensors";
  write_square(file, 3, 9, 6, "cube");
  Result result = run(file.string());
  CHECK(result.exit_code == 0);
  CHECK(result.output == "skipped own cube: unknown operation\n0 passed, 0 failed, 1 skipped\n");

  result = run("--family other " + folder.path.string());
  CHECK(result.exit_code == 2);
  CHECK(result.output == "error: unknown family 'other': one of own\n");
  result = run("");
  CHECK(result.exit_code == 2);
  CHECK(result.output == "error: needs files or folders: conformance [--family NAME] PATH…\n");
  result = run("--quick");
  CHECK(result.exit_code == 2);
  CHECK(result.output == "error: unknown option '--quick': the only one is --family NAME\n");

  result = run((folder.path / "none").string());
  CHECK(result.exit_code == 1);
  CHECK(result.output ==
        fmt::format("error: {}: no such file or folder\n", (folder.path / "none").string()));
  write_safetensors(file.string(), {{"x", Tensor::ones({2})}});
  result = run(file.string());
  CHECK(result.exit_code == 1);
  CHECK(result.output ==
        fmt::format("error: {}: holds no cases of the format conformance-1\n", file.string()));
}
