#include "core/text/option_table.hpp"

#include <fmt/ranges.h>

#include <charconv>
#include <cstring>
#include <optional>

namespace gradus {
namespace {

// "1,2.5,3" as numbers, none for an empty text; nothing where it is something else.
template <class T>
std::optional<std::vector<T>> parse_list(std::string_view text) {
  std::vector<T> result;
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    T& value = result.emplace_back();
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stop != end && (*stop != ',' || stop + 1 == end))) return {};
    at = stop == end ? end : stop + 1;
  }
  return result;
}

template <class T>
bool assign_list(std::vector<T>& list, const std::string& text) {
  std::optional<std::vector<T>> parsed = parse_list<T>(text);
  if (parsed) list = *std::move(parsed);
  return parsed.has_value();
}

template <class T>
std::string joined(const std::vector<T>& list) {
  return fmt::format("{}", fmt::join(list, ","));
}

template <class T>
const T& at(const void* options, std::size_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(options) + offset);
}

template <class T>
T& at(void* options, std::size_t offset) {
  return *reinterpret_cast<T*>(static_cast<char*>(options) + offset);
}

}  // namespace

namespace detail {

OptionInfo Member::info(const void* options) const {
  return {name_, help_, value(options), range_, choices()};
}

void Member::check(std::string_view owner, const void* options) const {
  if (kind_ == Kind::number) range_.check(owner, name_, at<double>(options, offset_));
  if (kind_ == Kind::whole_number) range_.check(owner, name_, at<int64_t>(options, offset_));
}

void Member::set(std::string_view owner, void* options, const OptionValue& value) const {
  if (assign(options, value)) return;
  const std::string text =
      std::visit([](const auto& given) { return fmt::format("{}", given); }, value);
  fail(owner, "{} must be {}, got {}", name_, rule(), text);
}

OptionValue Member::value(const void* options) const {
  switch (kind_) {
    case Kind::number:
      return at<double>(options, offset_);
    case Kind::whole_number:
      return static_cast<double>(at<int64_t>(options, offset_));
    case Kind::numbers:
      return joined(at<std::vector<double>>(options, offset_));
    case Kind::whole_numbers:
      return joined(at<std::vector<int64_t>>(options, offset_));
    case Kind::flag:
      return at<bool>(options, offset_);
    case Kind::choice:
      break;
  }
  int chosen;  // the enumeration's value
  std::memcpy(&chosen, static_cast<const char*>(options) + offset_, sizeof chosen);
  return std::string(choices_[static_cast<std::size_t>(chosen)]);
}

bool Member::assign(void* options, const OptionValue& value) const {
  const auto* number = std::get_if<double>(&value);
  const auto* flag = std::get_if<bool>(&value);
  const auto* text = std::get_if<std::string>(&value);
  switch (kind_) {
    case Kind::number:
      if (number) at<double>(options, offset_) = *number;
      return number != nullptr;
    case Kind::whole_number:
      if (!number || !range_.holds(*number)) return false;
      at<int64_t>(options, offset_) = static_cast<int64_t>(*number);
      return true;
    case Kind::numbers:
      return text && assign_list(at<std::vector<double>>(options, offset_), *text);
    case Kind::whole_numbers:
      return text && assign_list(at<std::vector<int64_t>>(options, offset_), *text);
    case Kind::flag:
      if (flag) at<bool>(options, offset_) = *flag;
      return flag != nullptr;
    case Kind::choice:
      break;
  }
  const std::vector<std::string> names = choices();
  const auto chosen = text ? std::find(names.begin(), names.end(), *text) : names.end();
  if (chosen == names.end()) return false;
  const int value_of_name = static_cast<int>(chosen - names.begin());
  std::memcpy(static_cast<char*>(options) + offset_, &value_of_name, sizeof value_of_name);
  return true;
}

std::vector<std::string> Member::choices() const {
  return {choices_.begin(), std::find(choices_.begin(), choices_.end(), nullptr)};
}

std::string Member::rule() const {
  if (kind_ == Kind::numbers) return "numbers separated by commas";
  if (kind_ == Kind::whole_numbers) return "whole numbers separated by commas";
  if (kind_ == Kind::flag) return "true or false";
  if (kind_ == Kind::choice) return fmt::format("one of {}", fmt::join(choices(), ", "));
  return range_.text();
}

const Member& find(std::string_view owner, const std::vector<Member>& members,
                   std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name() == name; });
  require(found != members.end(), owner, "has no option {}", name);
  return *found;
}

}  // namespace detail
}  // namespace gradus
