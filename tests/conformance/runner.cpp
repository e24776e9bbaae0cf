#include "conformance/runner.hpp"

#include <cmath>
#include <filesystem>

#include "core/autograd.hpp"
#include "core/io/safetensors.hpp"
#include "core/ops/shape.hpp"

namespace gradus::conformance {
namespace {

Case read_case(const std::string& family, const nlohmann::json& entry, SafetensorsFile& file) {
  Case test{.family = family,
            .name = entry.at("name"),
            .op = entry.at("op"),
            .attrs = entry.at("attrs"),
            .args = entry.at("args"),
            .outs = entry.at("outs"),
            .rtol = entry.at("rtol"),
            .atol = entry.at("atol")};
  const auto tensor = [&](const char* kind, const std::string& name) {
    return file.at(test.name + "/" + kind + "/" + name);
  };
  for (const std::string& name : test.args) test.inputs[name] = tensor("in", name);
  for (const std::string name : entry.at("grads")) {
    test.gradients[name] = tensor("grad", name);
    test.inputs.at(name).set_requires_grad();
  }
  for (const std::string& name : test.outs) test.outputs[name] = tensor("out", name);
  const std::string upstream = test.name + "/grad_out/";
  for (const auto& [name, value] : file.tensors)
    if (name.starts_with(upstream)) test.grad_outputs[name.substr(upstream.size())] = value;
  return test;
}

// By how much two numbers differ beyond what is allowed: negative when they agree.
double excess(double got, double want, const Case& test) {
  if (std::isnan(got) || std::isnan(want))
    return std::isnan(got) == std::isnan(want) ? -1 : INFINITY;
  if (got == want) return -1;
  if (std::isinf(got) || std::isinf(want)) return INFINITY;
  return std::abs(got - want) - (test.atol + test.rtol * std::abs(want));
}

std::string compare(const std::string& what, const Tensor& got, const Tensor& want,
                    const Case& test) {
  // A number is stored as one element.
  if (got.shape() != want.shape() && !(got.rank() == 0 && want.shape() == Shape{1}))
    return fmt::format("{} is {}, wanted {}", what, got.shape(), want.shape());
  if (got.dtype() != want.dtype())
    return fmt::format("{} is {}, wanted {}", what, to_string(got.dtype()),
                       to_string(want.dtype()));
  return dispatch(got.dtype(), [&]<class T>(T) -> std::string {
    const T *values = got.data<T>(), *wanted = want.data<T>();
    int64_t worst = 0, count = 0;
    double largest = -1;
    for (int64_t i = 0; i < got.numel(); ++i) {
      const double beyond =
          excess(static_cast<double>(values[i]), static_cast<double>(wanted[i]), test);
      count += beyond > 0;
      if (beyond > largest) {
        largest = beyond;
        worst = i;
      }
    }
    if (count == 0) return "";
    const double value = static_cast<double>(values[worst]);
    const double reference = static_cast<double>(wanted[worst]);
    return fmt::format(
        "{} differs in {} of {} elements, most in element {}: {:.9g}, wanted {:.9g}, off by {:.3g}",
        what, count, got.numel(), worst, value, reference, std::abs(value - reference));
  });
}

std::string compare_gradients(const Case& test, const Tensors& outputs) {
  if (test.gradients.empty()) return "";
  Tensors seeded, inputs;
  GradOptions options{.allow_unused = true};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto upstream = test.grad_outputs.find(test.outs[i]);
    if (upstream == test.grad_outputs.end() || !outputs[i].requires_grad()) continue;
    seeded.push_back(outputs[i]);
    options.grad_outputs.push_back(reshape(upstream->second, outputs[i].shape()));
  }
  for (const auto& [name, want] : test.gradients) inputs.push_back(test.input(name));
  const Tensors found = grad(seeded, inputs, options);
  std::size_t next = 0;
  for (const auto& [name, want] : test.gradients) {
    const Tensor& got = found[next++];
    const std::string difference =
        compare("the gradient by " + name,
                got.defined() ? got : Tensor::zeros(want.shape(), want.dtype()), want, test);
    if (!difference.empty()) return difference;
  }
  return "";
}

}  // namespace

std::vector<Case> read_cases(const std::string& path) {
  SafetensorsFile file = read_safetensors(path);
  const auto format = file.metadata.find("format"), list = file.metadata.find("cases");
  if (format == file.metadata.end() || format->second != "conformance-1" ||
      list == file.metadata.end())
    file_error(path, "holds no cases of the format conformance-1");
  const std::string family = std::filesystem::path(path).stem().string();
  std::vector<Case> cases;
  try {
    for (const nlohmann::json& entry : nlohmann::json::parse(list->second))
      cases.push_back(read_case(family, entry, file));
  } catch (const std::exception& error) {
    file_error(path, "case {}: {}", cases.size(), error.what());
  }
  return cases;
}

std::string run_case(const Case& test, const Operation& operation) {
  try {
    const Tensors outputs = operation.run(test);
    if (outputs.size() != test.outs.size())
      return fmt::format("gives {} outputs, wanted {}", outputs.size(), test.outs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::string difference =
          compare(test.outs[i], outputs[i], test.outputs.at(test.outs[i]), test);
      if (!difference.empty()) return difference;
    }
    return compare_gradients(test, outputs);
  } catch (const std::exception& error) {
    return fmt::format("throws: {}", error.what());
  }
}

}  // namespace gradus::conformance
