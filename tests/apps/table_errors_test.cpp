// Tables with odd cells, columns and sizes, and options that don't fit a table.
#include <algorithm>
#include <array>

#include "tests/apps/refusal.hpp"

using namespace gradus;

namespace {

const std::string odd_table_line = "train --model mlp --epochs 1 --threads 1 --out run --data ";

// 40 rows of two numbers and a target.
template <class Target>
std::string pairs_csv(Target&& target, const std::string& header = "a,b,y") {
  std::string text = header + '\n';
  for (int i = 0; i < 40; ++i) {
    const int a = i * 37 % 40, b = i * 7 % 11;
    text += fmt::format("{},{},{}\n", a, b, target(a, b));
  }
  return text;
}

std::string yes_or_no(int a, int b) {
  return a > 3 * b ? "yes" : "no";
}

// Trains, without errors; the text on stdout.
std::string train_odd_table(const TemporaryFolder& folder, const std::string& text,
                            const std::string& options = "") {
  folder.write("t.csv", text);
  std::filesystem::remove_all(folder.path("run"));
  const Process::Result result = run_gradus(odd_table_line + "t.csv " + options, folder);
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  CHECK(std::filesystem::exists(folder.path("run/report.json")));
  return result.out;
}

nlohmann::json report_of_odd_table(const TemporaryFolder& folder) {
  return json_of_file(folder.path("run/report.json"));
}

// The lines before "epoch 1/1", without what a newer program may add about the task.
std::vector<std::string> lines_before_training(const std::string& out) {
  std::vector<std::string> lines = lines_of(out.substr(0, out.find("epoch 1/1")));
  std::erase_if(lines, [](const std::string& line) { return line.starts_with("task "); });
  return lines;
}

const std::string long_cell(3'000'000, 'x');
const std::string long_cell_shown = std::string(59, 'x') + "…" + std::string(20, 'x');

}  // namespace

TEST_CASE("A cell of 3 MB is cut where it is shown") {
  const TemporaryFolder folder;
  const std::string text = pairs_csv(yes_or_no);
  const std::string out = train_odd_table(folder, text + long_cell + ",1,yes\n");
  CHECK(lines_before_training(out)[1] ==
        "left out: a ('" + long_cell_shown + "' in line 42 is not a number)");
  CHECK(out.size() < 5000);

  train_odd_table(folder, text + "1,2," + long_cell + '\n');
  CHECK(run_gradus("evaluate run", folder).out.size() < 5000);
  const Process::Result predicted = run_gradus("predict run t.csv", folder);
  CHECK(predicted.code == 0);
  CHECK(predicted.out.size() < 20000);
  CHECK(predicted.out.find("p(" + long_cell_shown.substr(0, 50)) != std::string::npos);
  CHECK(read_text(folder.path("run/report.html")).size() < 500000);

  std::filesystem::remove_all(folder.path("run"));
  folder.write("number.csv", text + long_cell + ",1,yes\n");
  folder.write("target.csv", pairs_csv([](int a, int b) { return a + 0.5 * b; }) + "1,2," +
                                 std::string(3'000'000, '9') + '\n');
  check_refused(folder,
                {{odd_table_line + "number.csv --number a", 1,
                  "number.csv: line 42, column 1 (a): '" + long_cell_shown + "' is not a number"},
                 {odd_table_line + "target.csv", 1,
                  "target.csv: line 42, column 3 (y): the target '" + std::string(59, '9') + "…" +
                      std::string(20, '9') + "' is not a finite number"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("Escape codes in a table don't reach the terminal") {
  const TemporaryFolder folder;
  const std::string red = "\x1b[31m";
  const std::string text =
      pairs_csv([&](int a, int b) { return red + yes_or_no(a, b); }, red + "a,b,kind" + red);
  const std::string out = train_odd_table(folder, text);
  CHECK(lines_before_training(out)[0] == "40 samples: 2 numbers; target kind\\x1b[31m: 2 classes");
  for (const std::string& shown :
       {out, run_gradus("evaluate run", folder).out, run_gradus("predict run t.csv", folder).out,
        run_gradus("predict run t.csv --out -", folder).out}) {
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK(shown.find("\\x1b[31m") != std::string::npos);
  }
  folder.write("bad.csv", pairs_csv(yes_or_no) + red + "1,2,yes\n");
  folder.write("zero.csv", pairs_csv(yes_or_no) + std::string("1,2,y\0s\n", 8));
  std::filesystem::remove_all(folder.path("run"));
  check_refused(folder,
                {{odd_table_line + "bad.csv --number a", 1,
                  "bad.csv: line 42, column 1 (a): '\\x1b[31m1' is not a number"},
                 {odd_table_line + "zero.csv", 1, "zero.csv: is a binary file, not a table"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("The labels 0, 5 and 70000 are three classes") {
  const TemporaryFolder folder;
  const std::string text = pairs_csv([](int a, int) {
    return std::array{0, 5, 70000}[static_cast<std::size_t>(a % 3)];
  });
  CHECK(lines_before_training(train_odd_table(folder, text))[0] ==
        "40 samples: 2 numbers; target y: 3 classes");
  const auto classes = report_of_odd_table(folder)["classes"];
  REQUIRE(classes.size() == 3);
  CHECK(classes[0]["name"] == "0");
  CHECK(classes[1]["name"] == "5");
  CHECK(classes[2]["name"] == "70000");
  CHECK(nlohmann::json::parse(run_gradus("evaluate run --json", folder).out)["accuracy"] ==
        report_of_odd_table(folder)["test_accuracy"]);
}

TEST_CASE("More than 1,000 classes have no confusion matrix") {
  const TemporaryFolder folder;
  std::string text = "a,b,y\n";
  for (int i = 0; i < 1100; ++i) text += fmt::format("{},{},kind {}\n", i / 25, i % 7, i);
  const std::string out = train_odd_table(folder, text, "--batch-size 500");
  CHECK(lines_before_training(out)[0] == "1,100 samples: 2 numbers; target y: 1,100 classes");
  CHECK(out.find("\nno confusion matrix: 1100 classes have too many pairs\n") != std::string::npos);
  const auto report = report_of_odd_table(folder);
  CHECK(report.contains("test_accuracy"));
  CHECK_FALSE(report.contains("confusion_matrix"));
  CHECK_FALSE(report.contains("classes"));
  const Process::Result evaluated = run_gradus("evaluate run --threads 1", folder);
  CHECK(evaluated.code == 0);
  CHECK(evaluated.out.ends_with("\nno confusion matrix: 1100 classes have too many pairs\n"));
}

TEST_CASE("A table with a single class or a constant target is trained, with a note") {
  const TemporaryFolder folder;
  const std::string one = train_odd_table(folder, pairs_csv([](int, int) { return "same"; }));
  CHECK(lines_before_training(one) ==
        std::vector<std::string>{
            "40 samples: 2 numbers; target y: 1 class", "all samples have the same y: same",
            "t.csv: 32 samples to train, 8 to test; mlp, 133121 parameters; 1 thread; into run"});
  CHECK(report_of_odd_table(folder)["test_accuracy"] == 1);
  CHECK(run_gradus("evaluate run", folder).code == 0);
  CHECK(run_gradus("predict run t.csv", folder).code == 0);

  const std::string constant = pairs_csv([](int, int) { return "7.5"; });
  CHECK(lines_before_training(train_odd_table(folder, constant)) ==
        std::vector<std::string>{
            "40 samples: 2 numbers; target y: a number", "all samples have the same y: 7.5",
            "t.csv: 32 samples to train, 8 to test; mlp, 133121 parameters; 1 thread; into run"});
  CHECK(report_of_odd_table(folder)["test_rmse"] < 1);
  CHECK(run_gradus("evaluate run", folder).code == 0);
}

TEST_CASE("Five samples are trained with a note, two are refused") {
  const TemporaryFolder folder;
  const std::string five = "a,b,y\n1,2,no\n3,2,yes\n2,2,no\n4,1,yes\n0,3,no\n";
  CHECK(lines_before_training(train_odd_table(folder, five)) ==
        std::vector<std::string>{
            "5 samples: 2 numbers; target y: 2 classes",
            "1 test sample can't tell much about the scores",
            "t.csv: 4 samples to train, 1 to test; mlp, 133378 parameters; 1 thread; into run"});
  const std::string numbers = "a,b,y\n1,2,.5\n3,2,1.5\n2,2,.7\n4,1,2.5\n0,3,.1\n";
  CHECK(lines_before_training(train_odd_table(folder, numbers))[1] ==
        "1 test sample can't tell much about the scores");
  std::filesystem::remove_all(folder.path("run"));
  folder.write("two.csv", "a,b,y\n1,2,no\n3,2,yes\n");
  folder.write("one.csv", "a,b,y\n1,2,no\n");
  const std::string few =
      ": too few to hold a fifth out for the test; --test FILE tests on another table";
  check_refused(folder, {{odd_table_line + "two.csv", 1, "two.csv: has 2 samples" + few},
                         {odd_table_line + "one.csv", 1, "one.csv: has 1 sample" + few},
                         {odd_table_line + "t.csv --target 3 --task classify --folds 9", 2,
                          "9 folds need 9 samples of every class, class 0.5 has 1"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
  CHECK(run_gradus(odd_table_line + "two.csv --test one.csv --quiet", folder).code == 0);
}

TEST_CASE("A column without values is left out, and a table without values is refused") {
  const TemporaryFolder folder;
  std::string text = "a,b,c,y\n", none = "a,b,y\n";
  for (int i = 0; i < 40; ++i) {
    text += fmt::format("{},{},{},{}\n", i * 37 % 40, i % 2 ? "" : "NA", i % 11,
                        i % 40 > 20 ? "yes" : "no");
    none += fmt::format(",?,{}\n", i % 40 > 20 ? "yes" : "no");
  }
  const std::string out = train_odd_table(folder, text);
  CHECK(lines_before_training(out)[0] == "40 samples: 2 numbers; target y: 2 classes");
  CHECK(lines_before_training(out)[1] == "left out: b (empty)");
  std::filesystem::remove_all(folder.path("run"));
  folder.write("none.csv", none);
  check_refused(folder, {{odd_table_line + "none.csv", 1,
                          "none.csv: no column is an input: a (empty), b (empty), y (target)"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("A header of numbers is asked for if it stands beside texts") {
  const TemporaryFolder folder;
  folder.write("half.csv", pairs_csv(yes_or_no, "2019,b,y"));
  check_refused(folder, {{odd_table_line + "half.csv", 1,
                          "half.csv: line 1: is it a header? 'b' stands above numbers, but '2019' "
                          "is a number; --header yes or --header no tells"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
  REQUIRE(run_gradus(odd_table_line + "half.csv --header yes --quiet", folder).code == 0);
  const std::string numbers = pairs_csv([](int a, int b) { return a + 0.5 * b; }, "1,2,3.5");
  CHECK(lines_before_training(train_odd_table(folder, numbers))[0] ==
        "41 samples: 2 numbers; target column 3: a number");
  CHECK(lines_before_training(train_odd_table(folder, numbers, "--header yes"))[0] ==
        "40 samples: 2 numbers; target 3.5: a number");
}

TEST_CASE("Two columns of one name are refused, unless one is left out") {
  const TemporaryFolder folder;
  const std::string text = pairs_csv(yes_or_no, "a,a,y");
  folder.write("t.csv", text);
  check_refused(folder, {{odd_table_line + "t.csv", 1,
                          "t.csv: two columns are named 'a' (1 and 2); rename one, or leave one "
                          "out by its number"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
  CHECK(lines_before_training(train_odd_table(folder, text, "--ignore 2"))[0] ==
        "40 samples: 1 number; target y: 2 classes");
}

TEST_CASE("A category of many texts beside one number is trained, and isn't mixed") {
  const TemporaryFolder folder;
  std::string text = "a,town,y\n";
  for (int i = 0; i < 200; ++i)
    text += fmt::format("{},t{},{}\n", i * 37 % 200, i % 19, i * 37 % 200 > 90 ? "yes" : "no");
  CHECK(lines_before_training(train_odd_table(folder, text))[0] ==
        "200 samples: 1 number, 1 category (town: 19); target y: 2 classes");
  CHECK(run_gradus("evaluate run", folder).code == 0);
  std::filesystem::remove_all(folder.path("run"));
  check_refused(folder, {{odd_table_line + "t.csv --mixup .2", 2,
                          "--mixup needs numbers, but column 'town' has 19 different texts"},
                         {odd_table_line + "t.csv --preprocess min-max", 2,
                          "--preprocess min-max needs numbers, but column 'town' has 19 different "
                          "texts"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("A target of numbers with a stray text is refused") {
  const TemporaryFolder folder;
  folder.write("t.csv", pairs_csv([](int a, int b) { return a + 0.5 * b; }) + "1,2,n/k\n");
  folder.write("grades.csv", pairs_csv([](int a, int) { return a % 5; }) + "1,2,5+\n");
  check_refused(folder, {{odd_table_line + "t.csv", 1,
                          "t.csv: line 42, column 3 (y): the target 'n/k' is not a number, but "
                          "most are; --task classify takes them as classes"},
                         {odd_table_line + "t.csv --task regress", 1,
                          "t.csv: line 42, column 3 (y): the target 'n/k' is not a number"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
  CHECK(run_gradus(odd_table_line + "t.csv --task classify --quiet", folder).code == 0);
  std::filesystem::remove_all(folder.path("run"));
  CHECK(run_gradus(odd_table_line + "grades.csv --quiet", folder).code == 0);
}

TEST_CASE("Weights, groups and times that leave a part without samples are refused") {
  const TemporaryFolder folder;
  std::string text = "a,w,same,day,y\n";
  for (int i = 0; i < 40; ++i)
    text += fmt::format("{},{},one,{},{}\n", i * 0.7, i < 32 ? 1 : 0, i, i % 3 ? "yes" : "no");
  folder.write("t.csv", text);
  folder.write("zero.csv", "a,w,same,day,y\n1,0,one,1,yes\n2,0,one,2,no\n");
  folder.write("below.csv", "a,w,y\n1,1,yes\n2,-1,no\n3,1,no\n");
  check_refused(folder,
                {{odd_table_line + "t.csv --weight w --split-by-time day", 1,
                  "t.csv: --weight w: the test samples all have the weight 0"},
                 {odd_table_line + "t.csv --weight w --test zero.csv", 1,
                  "zero.csv: column 2: all weights are 0"},
                 {odd_table_line + "below.csv --weight w", 1,
                  "below.csv: line 3, column 2 (w): a weight must be a number from 0 on, got '-1'"},
                 {odd_table_line + "t.csv --split-by same", 2,
                  "--split-by same: all samples are in one group"},
                 {odd_table_line + "zero.csv --test t.csv --target y --weight y", 1,
                  "zero.csv: column 5 can't be used twice, as weights and as target"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
  folder.write("t.csv", pairs_csv([](int, int) { return "2024-01-01"; }, "a,b,day"));
  check_refused(folder, {{odd_table_line + "t.csv --target b --split-by-time day", 2,
                          "--split-by-time day: all samples have the same time"}});
}

TEST_CASE("Options that don't fit a table or its task") {
  const TemporaryFolder folder;
  folder.write("t.csv", pairs_csv(yes_or_no));
  folder.write("n.csv", pairs_csv([](int a, int b) { return a + 0.5 * b; }));
  folder.write("new.csv", "a,b,y\n1,2,maybe\n3,2,yes\n");
  const std::string t = odd_table_line + "t.csv ", n = odd_table_line + "n.csv ";
  check_refused(
      folder,
      {{t + "--cutmix .2", 2, "--cutmix needs images, but samples of t.csv are (2)"},
       {t + "--augment flip", 2, "--augment needs images, but samples of t.csv are (2)"},
       {t + "--data-dir .", 2,
        "--data-dir needs --data auto or --data mnist or --data fashion-mnist, got t.csv"},
       {t + "--target nosuch", 1, "t.csv: has no column 'nosuch': its columns are a, b, y"},
       {t + "--target 4", 1, "t.csv: has no column 4: it has 3 of them"},
       {t + "--header maybe", 2, "unknown value of --header 'maybe': one of yes, no"},
       {t + "--task regress", 1, "t.csv: line 2, column 3 (y): the target 'no' is not a number"},
       {t + "--test new.csv", 1, "new.csv: line 2, column 3 (y): the run has no class 'maybe'"},
       {t + "--test nosuch.csv", 1, "nosuch.csv: no such file"},
       {t + "--test t.csv --folds 3", 2, "--test cannot be combined with --folds"},
       {t + "--split-by a --folds 3", 2, "--split-by cannot be combined with --folds"},
       {n + "--class-weights balanced", 2,
        "--class-weights needs --loss cross-entropy or --loss focal or --loss binary, got squared"},
       {n + "--label-smoothing .1", 2, "--label-smoothing needs --loss cross-entropy, got squared"},
       {n + "--calibrate", 2, "--calibrate needs --task classify, got regress"},
       {n + "--balanced", 2, "--balanced needs --task classify, got regress"},
       {odd_table_line + "digits --target x", 2,
        "--target needs a table, but --data digits isn't one"},
       {odd_table_line + "nosuch.csv", 1, "nosuch.csv: no such file or folder"}});
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("--task classify takes 300 different numbers as classes") {
  const TemporaryFolder folder;
  std::string text = "a,y\n";
  for (int i = 0; i < 600; ++i) text += fmt::format("{},{}\n", i * 37 % 600, i % 300 * 3);
  CHECK(lines_before_training(train_odd_table(folder, text))[0] ==
        "600 samples: 1 number; target y: a number");
  CHECK(lines_before_training(train_odd_table(folder, text, "--task classify"))[0] ==
        "600 samples: 1 number; target y: 300 classes");
  const auto report = report_of_odd_table(folder);
  CHECK(report["classes"].size() == 300);
  CHECK(report["confusion_matrix"].size() == 300);
}

TEST_CASE("Files that aren't tables are refused by what they are") {
  const TemporaryFolder folder;
  std::string wide;
  for (const char c : pairs_csv(yes_or_no)) wide += {c, '\0'};
  folder.write("wide.csv", wide);
  folder.write("marked.csv", "\xFF\xFE" + wide);
  folder.write("book.xlsx", "PK\x03\x04" + std::string(100, 'x'));
  folder.write("empty.csv", "");
  folder.write("blank.csv", "\n\n  \n");
  folder.write("header.csv", "a,b,y\n");
  check_refused(
      folder,
      {{odd_table_line + "wide.csv", 1, "wide.csv: is UTF-16 text; save it as UTF-8"},
       {odd_table_line + "marked.csv", 1, "marked.csv: is UTF-16 text; save it as UTF-8"},
       {odd_table_line + "book.xlsx", 1,
        "book.xlsx: is a zip file (a spreadsheet?); save it as CSV"},
       {odd_table_line + "empty.csv", 1, "empty.csv: is empty"},
       {odd_table_line + "blank.csv", 1, "blank.csv: is empty"},
       {odd_table_line + "header.csv", 1, "header.csv: line 1: no samples follow the header"}});
  CHECK(folder.files() == 6);
}
