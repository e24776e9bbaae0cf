// check_same_result: checks that two runs ended in the same state.
#pragma once

#include <doctest/doctest.h>

#include "core/io/safetensors.hpp"
#include "tests/apps/program.hpp"

namespace gradus {

// Compares metrics, weights and the state of the optimizer bit by bit.
inline void check_same_result(const TemporaryFolder& folder, const std::string& a,
                              const std::string& b) {
  CHECK(metric_rows(folder.path(a)) == metric_rows(folder.path(b)));
  CHECK(read_text(folder.path(a + "/best.safetensors")) ==
        read_text(folder.path(b + "/best.safetensors")));
  const SafetensorsFile first = read_safetensors(folder.path(a + "/checkpoint.safetensors"));
  const SafetensorsFile second = read_safetensors(folder.path(b + "/checkpoint.safetensors"));
  REQUIRE(first.tensors.size() == second.tensors.size());
  for (const auto& entry : first.tensors) {
    const auto& [name, tensor] = entry;
    CAPTURE(entry.first);
    const Tensor& other = second.at(name);
    dispatch(tensor.dtype(),
             [&]<class T>(T) { CHECK(entry.second.to_vector<T>() == other.to_vector<T>()); });
  }
}

}  // namespace gradus
