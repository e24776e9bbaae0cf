# Links the library with a mutation to the tests of the experiments, which must fail.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(check ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/mutations/mutations_test.py)
add_test(NAME mutations.list COMMAND ${check} --list)

if(NOT GRADUS_SANITIZE)
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/mutated_link CONTENT
    "${CMAKE_CXX_COMPILER} $<JOIN:$<TARGET_OBJECTS:experiments>, > $<TARGET_OBJECTS:test_main> MUTATED $<TARGET_FILE:gradus_lab> \
$<TARGET_FILE:gradus_pictures> $<TARGET_FILE:gradus_images> $<TARGET_FILE:gradus> \
$<TARGET_FILE:fmt::fmt> $<TARGET_FILE:PNG::PNG> $<TARGET_FILE:JPEG::JPEG> $<TARGET_FILE:ZLIB::ZLIB> \
-pthread\n")
  add_test(NAME mutations COMMAND ${check} --build ${PROJECT_BINARY_DIR})
  set_tests_properties(mutations PROPERTIES LABELS slow RUN_SERIAL ON TIMEOUT 3600)
endif()
