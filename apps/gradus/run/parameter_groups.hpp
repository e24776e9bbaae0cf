// Groups of parameters, as the command line says them.
#pragma once

#include <string>
#include <vector>

#include "optim/group.hpp"

namespace gradus::app {

/// "*.bias:weight-decay=0 + 0.*:lr-factor=0.1": groups joined by "+" or ";", each a pattern and,
/// after its last colon, lr, lr-factor or weight-decay between commas. Throws UsageError.
std::vector<optim::Group> parse_groups(const std::string& text);

}  // namespace gradus::app
