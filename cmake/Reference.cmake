# The target reference makes pages about every public name from the comments in headers. Public are the
# headers that gradus.hpp and plot.hpp include, directly or indirectly, except those whose comment says that they are
# no part of the interface.
find_package(Doxygen QUIET)
if(NOT DOXYGEN_FOUND)
  add_custom_target(reference
    COMMAND ${CMAKE_COMMAND} -E echo "The reference needs doxygen: install the package doxygen"
    COMMAND ${CMAKE_COMMAND} -E false
    VERBATIM)
  return()
endif()

set(headers gradus.hpp apps/pictures/plot.hpp)
set(reference_input "")
while(headers)
  list(POP_FRONT headers header)
  set(path ${PROJECT_SOURCE_DIR}/${header})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(STRINGS ${path} internal REGEX "^//.* no part of the interface")
  if(internal)
    continue()
  endif()
  list(APPEND reference_input ${path})
  file(STRINGS ${path} includes REGEX "^#include \"")
  foreach(include ${includes})
    string(REGEX REPLACE "^#include \"(.*)\"" "\\1" include ${include})
    if(NOT include IN_LIST headers AND NOT ${PROJECT_SOURCE_DIR}/${include} IN_LIST reference_input)
      list(APPEND headers ${include})
    endif()
  endforeach()
endwhile()
list(APPEND reference_input ${PROJECT_SOURCE_DIR}/docs/reference.md)

file(GLOB examples CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/apps/examples
  apps/examples/*.cpp apps/examples/first/*.cpp)
list(TRANSFORM examples REPLACE "(.+)" "/** @example \\1 */\n" OUTPUT_VARIABLE example_pages)
string(JOIN "" example_pages ${example_pages})
configure_file(docs/examples.dox.in examples.dox @ONLY)
list(APPEND reference_input ${PROJECT_BINARY_DIR}/examples.dox)

list(JOIN reference_input "\" \"" reference_input)
configure_file(docs/Doxyfile.in Doxyfile @ONLY)
add_custom_target(reference
  COMMAND ${DOXYGEN_EXECUTABLE} ${PROJECT_BINARY_DIR}/Doxyfile
  COMMENT "reference/index.html"
  VERBATIM)
