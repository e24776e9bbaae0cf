// Case, Family: inputs of an operation with the outputs and gradients of a reference library. Each
// file of cases is a family; the family's table lists its operations.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/tensor.hpp"

namespace gradus::conformance {

struct Case {
  std::string family, name, op;
  nlohmann::json attrs;
  std::vector<std::string> args, outs;
  double rtol = 0, atol = 0;
  std::map<std::string, Tensor> inputs = {};        ///< those with a gradient to check require one
  std::map<std::string, Tensor> outputs = {};       ///< wanted, for each of `outs`
  std::map<std::string, Tensor> grad_outputs = {};  ///< upstream gradients
  std::map<std::string, Tensor> gradients = {};     ///< wanted, by input

  /// An input; undefined when the case has none of that name.
  Tensor input(const std::string& argument) const {
    const auto it = inputs.find(argument);
    return it == inputs.end() ? Tensor() : it->second;
  }
  /// An attribute. Throws when the case has none of that name, or it isn't a T.
  template <class T>
  T attr(const char* attribute) const {
    return attrs.at(attribute).get<T>();
  }
  template <class T>
  T attr(const char* attribute, T fallback) const {
    return attrs.value(attribute, fallback);
  }
};

/// One row of a table: computes a case's `outs` with the library, in their order. An exception
/// fails the case.
struct Operation {
  std::string name;
  std::function<Tensors(const Case&)> run;
};

struct Family {
  std::string name;  ///< of its file, without the extension
  std::vector<Operation> operations;
};

Family elementwise();
Family reduce();
Family shape();
Family linear();
Family convolution();
Family normalization();
Family weight_normalization();
Family loss();
Family information();
Family initialization();
Family recurrent();
Family attention();
Family gradients();
Family optimizer();
Family preprocessing();
Family schedule();
Family judgments();

/// The cases of a file. Throws std::runtime_error "path: …" if it isn't a file of cases.
std::vector<Case> read_cases(const std::string& path);

/// The differences from the case's expected values; empty if there are none.
std::string run_case(const Case& test, const Operation& operation);

}  // namespace gradus::conformance
