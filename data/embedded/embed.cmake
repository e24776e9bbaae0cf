# Writes the files *.csv.gz of this folder as arrays into a source file, with a function that finds them by
# their names: the library then needs no file at run time.
file(GLOB embedded_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.csv.gz)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${embedded_files})
set(embedded_arrays "")
set(embedded_rows "")
foreach(file IN LISTS embedded_files)
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE - _ identifier ${name})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(APPEND embedded_arrays "static const uint8_t ${identifier}_file[] = {${bytes}};\n")
  string(APPEND embedded_rows "  if (name == \"${name}\") return ${identifier}_file;\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded_bytes.cpp @ONLY CONTENT
"#include <cstdint>
#include <span>
#include <string_view>
namespace gradus::data {
@embedded_arrays@std::span<const uint8_t> embedded_bytes(std::string_view name) {
@embedded_rows@  return {};
}
}
")
target_sources(gradus PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/embedded_bytes.cpp)
