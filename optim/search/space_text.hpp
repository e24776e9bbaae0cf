// How the text of a search space is read. For sources here, no part of the interface.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "optim/search/search_parameter.hpp"

namespace gradus::optim::detail {

/// Throws std::invalid_argument "[search_space] at 'entry': message".
template <class... Args>
[[noreturn]] void fail_at(std::string_view entry, fmt::format_string<Args...> message,
                          Args&&... args) {
  fail("search_space", "at '{}': {}", entry, fmt::format(message, std::forward<Args>(args)...));
}

/// The texts between commas and line ends outside brackets, without blanks around them and empty
/// ones.
std::vector<std::string_view> split_outside_brackets(std::string_view text);
/// Whether `text` begins with one bracket and ends with the other.
bool is_in(std::string_view text, char open, char close);
/// The items of "[a, b]". `entry` stands in errors, here and below.
std::vector<std::string> parse_list(std::string_view entry, std::string_view text);
/// The parameter of "[a, b]", "log(1e-4, 1)" and the like.
SearchParameter parse_values(std::string_view entry, std::string_view name, std::string_view text);
/// Blocks and classes of "4, 10".
std::pair<int64_t, int64_t> parse_network(std::string_view entry, std::string_view text);

}  // namespace gradus::optim::detail
