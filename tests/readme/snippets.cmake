# add_snippets: compiles and runs the C++ programs in the README and the pages of docs/; snippets without main()
# are only compiled. The README's commands with build/gradus are run too, and those of the course's project.
function(add_snippets page)
  file(READ ${page} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  get_filename_component(name ${page} NAME_WE)
  string(TOLOWER ${name} name)
  # Semicolons separate lists, so they are replaced while the text is split.
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
    if(snippet MATCHES "int main\\(")
      add_executable(${name}_${number} ${source})
      add_test(NAME ${name}.${number} COMMAND ${name}_${number})
    else()
      add_library(${name}_${number} OBJECT ${source})
    endif()
    add_dependencies(quick_tests ${name}_${number})
    target_link_libraries(${name}_${number} PRIVATE gradus_lab gradus gradus_options)
    target_compile_options(${name}_${number} PRIVATE ${GRADUS_LIGHT})
    take_headers(${name}_${number} user_headers)
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
add_test(NAME course.project
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/readme/project_test.sh ${PROJECT_SOURCE_DIR}/docs/course/16_project.md
          $<TARGET_FILE:gradus_program>)
set_tests_properties(course.project PROPERTIES LABELS slow TIMEOUT 900)
add_test(NAME regression.commands
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/readme/regression_test.sh ${PROJECT_SOURCE_DIR}/docs/regression.md
          $<TARGET_FILE:gradus_program>)
