# Each C++ program in the README and the pages of docs/ is compiled and run, and each command in the
# README that starts the built program.
function(add_snippets page)
  file(READ ${page} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  get_filename_component(name ${page} NAME_WE)
  string(TOLOWER ${name} name)
  # Semicolons separate lists: they are set aside while the text is cut up.
  string(REPLACE ";" "<semicolon>" text "${text}")
  string(REPLACE "[" "<open>" text "${text}")
  string(REPLACE "]" "<close>" text "${text}")
  string(REGEX MATCHALL "```cpp\n([^`]+)```" snippets "${text}")
  set(number 0)
  foreach(snippet IN LISTS snippets)
    math(EXPR number "${number} + 1")
    string(REGEX REPLACE "```cpp\n([^`]+)```" "\\1" snippet "${snippet}")
    string(REPLACE "<semicolon>" ";" snippet "${snippet}")
    string(REPLACE "<open>" "[" snippet "${snippet}")
    string(REPLACE "<close>" "]" snippet "${snippet}")
    set(source ${CMAKE_CURRENT_BINARY_DIR}/readme/${name}_${number}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "${snippet}" @ONLY)
    add_executable(${name}_${number} ${source})
    target_link_libraries(${name}_${number} PRIVATE gradus gradus_options)
    target_compile_options(${name}_${number} PRIVATE -O1)
    add_test(NAME ${name}.${number} COMMAND ${name}_${number})
  endforeach()
endfunction()

add_snippets(${PROJECT_SOURCE_DIR}/README.md)
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
foreach(page IN LISTS pages)
  add_snippets(${page})
endforeach()

add_test(NAME readme.commands
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/readme/commands_test.sh ${PROJECT_SOURCE_DIR}/README.md
          $<TARGET_FILE:gradus_program>)
