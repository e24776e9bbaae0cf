# Writes digits.csv.gz as an array into a source file: the library then needs no file at run time.
set(digits_file ${CMAKE_CURRENT_LIST_DIR}/digits.csv.gz)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${digits_file})
file(READ ${digits_file} digits_bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," digits_bytes "${digits_bytes}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/digits_bytes.cpp @ONLY CONTENT
"#include <cstdint>
#include <span>
namespace gradus::data {
static const uint8_t bytes[] = {@digits_bytes@};
std::span<const uint8_t> digits_bytes() { return bytes; }
}
")
target_sources(gradus PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/digits_bytes.cpp)
