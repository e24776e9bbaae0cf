// option_texts_test: texts of options in the documentation, presets and stored runs are valid.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "apps/gradus/run/build.hpp"
#include "core/text/split.hpp"
#include "data/transform/augmentation.hpp"
#include "data/transform/preprocessing.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/flatten.hpp"
#include "layers/init/initialize.hpp"
#include "layers/network/models.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/recurrent.hpp"
#include "optim/schedules/schedule_text.hpp"
#include "optim/search/space.hpp"
#include "tests/layers/network/model_inputs.hpp"

using namespace gradus;
namespace fs = std::filesystem;

namespace {

void read_norm(const std::string& text) {
  const layers::NormText norm(text);
  layers::normalizations().make(norm.activations, Shape{64, 8, 8});
  if (!norm.weights.name.empty()) layers::weight_normalizations().make(norm.weights);
}

// The files in the texts don't exist; that error comes after the text is parsed.
void read_init(const std::string& text) {
  Rng rng(1);
  layers::Sequential model{layers::Conv2d({.in_channels = 1, .out_channels = 2, .kernel = 3}, rng),
                           layers::Flatten(), layers::Dense(18, 3, rng)};
  if (text.find("recurrent=") != text.npos)
    model = layers::Sequential{layers::LSTM({.input = 5, .hidden = 3}, rng)};
  try {
    layers::initialize(model, text, rng, randn({4, 1, 5, 5}, rng));
  } catch (const std::runtime_error&) {
  }
}

const std::map<std::string, std::function<void(const std::string&)>>& readers() {
  static const std::map<std::string, std::function<void(const std::string&)>> table{
      {"norm", read_norm},
      {"init", read_init},
      {"schedule", [](const std::string& text) { optim::make_schedule(text, 0.1, 100000); }},
      {"augment", [](const std::string& text) { data::augment(text); }},
      {"preprocess",
       [](const std::string& text) {
         Rng rng(1);
         data::fit(text, randn({90, 60}, rng));
       }},
      {"group", [](const std::string& text) { app::parse_groups(text); }},
      {"penalize",
       [](const std::string& text) {
         for (const std::string_view pattern : split(text, ',')) CHECK_FALSE(pattern.empty());
       }},
      {"model",
       [](const std::string& text) {
         Rng rng(1);
         layers::build(text, layers::options_for(text, {}), rng);
       }},
      {"space", [](const std::string& text) { optim::SearchSpace space(text); }}};
  return table;
}

void read(const std::string& option, const std::string& text, const std::string& where) {
  CAPTURE(where);
  CAPTURE(option);
  CAPTURE(text);
  CHECK_NOTHROW(readers().at(option)(text));
}

std::string contents(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void read_config(const app::Json& config, const std::string& where) {
  for (const auto& [option, reader] : readers()) {
    const auto value = config.find(option);
    if (value != config.end() && value->is_string() && *value != "")
      read(option, value->get<std::string>(), where);
  }
}

}  // namespace

TEST_CASE("Texts of options in the documentation are valid") {
  // A quoted text, perhaps over several lines, or a word; not file names and placeholders.
  const std::regex given("--(\\w+) (?:'([^']+)'|([\\w*][^\\s`'\"]*))");
  const std::regex none("[A-Z]+|.*\\.txt|.*[|].*");
  std::map<std::string, int> counts;
  std::vector<fs::path> pages{fs::path(GRADUS_SOURCE) / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(GRADUS_SOURCE) / "docs"))
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  for (const fs::path& page : pages) {
    const std::string text = contents(page);
    for (std::sregex_iterator at(text.begin(), text.end(), given), end; at != end; ++at) {
      const std::string option = (*at)[1], value = (*at)[2].matched ? (*at)[2] : (*at)[3];
      if (readers().count(option) == 0 || std::regex_match(value, none)) continue;
      ++counts[option];
      read(option, value, page.filename());
    }
  }
  for (const auto& reader : readers()) CHECK_MESSAGE(counts[reader.first] > 0, reader.first);
}

TEST_CASE("Texts of options in presets and stored runs are valid") {
  for (const auto& preset : app::presets().entries()) read_config(preset.make, preset.name);
  for (const auto& run : fs::directory_iterator(fs::path(TEST_DATA) / "runs"))
    read_config(app::Json::parse(contents(run.path() / "config.json")), run.path().filename());
}

TEST_CASE("Older forms of the texts of options are still valid") {
  const std::pair<const char*, const char*> texts[] = {
      {"norm", "weight_std+group:4"},
      {"init", "conv=he_normal:fan=out,gain=leaky-relu,slope=0.2+dense=normal:1e-2,0"},
      {"init", "he-normal+pretrained:a+b/c+1.safetensors,0.*+bias=zeros"},
      {"schedule", "cosine:min-lr=1e-4/lr=0.1 + exponential:lr=1e-4/gamma=0.999@50%"},
      {"schedule", "multi-step:milestones=1000,2000/gamma=0.2"},
      {"schedule", "piecewise-constant:boundaries=10,20/values=1,0.1,0.01"},
      {"schedule", "one_cycle:cycle-momentum / anneal=linear + constant:lr=1e-5@0.9"},
      {"augment", "rotate:10,shift,elastic:34/4,erase:0.5/0.02/0.2"},
      {"augment", "noise:1e+1"},
      {"preprocess", "pca-whiten:50/0.1"},
      {"preprocess", "pca-whiten:/0.1"},
      {"group", "0.*:lr-factor=0.1;*.bias:lr=0.01,weight-decay=0"},
      {"group", "[[:digit:]].*:lr=1e-2"},
      {"penalize", "1.*,*.bias"},
      {"space", "norm=[batch,group:8], lr=log(1e-4,1)"}};
  for (const auto& [option, text] : texts) read(option, text, "here");
}
