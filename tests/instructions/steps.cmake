# Counts are the same on every processor that has AVX2 only in code that was compiled for just that:
# what a few training steps need of the library, once more, with flags of its own.
file(GLOB counted_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*.cpp
  ${PROJECT_SOURCE_DIR}/core/ops/*.cpp ${PROJECT_SOURCE_DIR}/core/kernels/*.cpp)
list(FILTER counted_sources EXCLUDE REGEX  # to compile less
  "/(checksum|dropout|embedding|file|gradcheck|information|peak|recurrent.*|safetensors.*|weight_normalization)\\.cpp$")
foreach(source layers/activation layers/batch_norm layers/convolution layers/dense layers/init
        layers/module layers/pooling layers/sequential layers/weighted
        optim/adam optim/optimizer optim/parameters optim/schedule)
  list(APPEND counted_sources ${PROJECT_SOURCE_DIR}/${source}.cpp)
endforeach()
add_executable(steps instructions/steps.cpp ${counted_sources})
target_compile_options(steps PRIVATE -O3 -march=x86-64-v3 -fno-math-errno -Wno-psabi)
target_compile_definitions(steps PRIVATE NDEBUG)
target_include_directories(steps PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(steps PRIVATE fmt::fmt Threads::Threads)
add_dependencies(quick_tests steps)

add_test(NAME instructions
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/instructions/instructions_test.sh $<TARGET_FILE:steps>
    "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
set_tests_properties(instructions PROPERTIES SKIP_RETURN_CODE 77)
