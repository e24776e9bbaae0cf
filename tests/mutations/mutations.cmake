# Links the library with a mutation to the tests of the experiments, which must fail, and to the program, whose
# `gradus check` or `gradus fingerprint --check` must notice it.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(check ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/mutations/mutations_test.py)
add_test(NAME mutations.list COMMAND ${check} --list)

# mutated_link(NAME PARTS…): a file with the command that links the parts and MUTATED.
function(mutated_link name)
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name} CONTENT
    "${CMAKE_CXX_COMPILER} $<JOIN:${ARGN}, > $<TARGET_FILE:gradus_pictures> $<TARGET_FILE:gradus_images> \
$<TARGET_FILE:gradus> $<TARGET_FILE:fmt::fmt> $<TARGET_FILE:PNG::PNG> $<TARGET_FILE:JPEG::JPEG> \
$<TARGET_FILE:WebP::webp> $<TARGET_FILE:ZLIB::ZLIB> ${NETTLE_LIBRARY} -pthread\n")
endfunction()

if(NOT GRADUS_SANITIZE)
  mutated_link(mutated_link $<TARGET_OBJECTS:experiments> $<TARGET_OBJECTS:test_main> MUTATED $<TARGET_FILE:gradus_lab>)
  mutated_link(mutated_program_link $<TARGET_OBJECTS:gradus_program> MUTATED $<TARGET_FILE:gradus_app>)
  add_test(NAME mutations COMMAND ${check} --build ${PROJECT_BINARY_DIR})
  set_tests_properties(mutations PROPERTIES LABELS slow RUN_SERIAL ON TIMEOUT 3600)
endif()
