// matches: a pattern of the first line, a name of the second, as a simple matcher has it where the
// pattern is of * and ? alone.
#include "core/text/glob.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

namespace {

bool simply_matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0, star = pattern.npos, from = 0, i = 0;
  while (i < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      from = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == name[i])) {
      ++at;
      ++i;
    } else if (star != pattern.npos) {
      at = star + 1;
      i = ++from;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == pattern.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view pattern = text.substr(0, end), name = text.substr(std::min(end + 1, size));
  const bool found = matches(pattern, name);
  const bool is_simple = pattern.find('[') == pattern.npos && text.find('\0') == text.npos;
  fuzz::require(!is_simple || found == simply_matches(pattern, name), "another answer");
  return 0;
}
