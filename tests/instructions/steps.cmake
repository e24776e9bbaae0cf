# The program steps. Counts are only the same on every processor with AVX2 if the code is compiled for
# AVX2: the files of the library that training steps need are compiled again with other options.
file(GLOB_RECURSE counted_sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/core/*.cpp)
list(FILTER counted_sources EXCLUDE REGEX  # files that aren't needed
  "/(dropout|embedding|folder_lock|gradcheck|information|recurrent.*|weight_normalization)\\.cpp$")
foreach(source layers/activation layers/norm/batch_norm layers/convolution layers/dense layers/init_functions
        layers/module layers/pooling layers/sequential layers/weighted
        layers/reparametrization optim/algorithms/adam optim/optimizer optim/parameters
        optim/schedule)
  list(APPEND counted_sources ${source}.cpp)
endforeach()
set(light_sources ${counted_sources})
list(FILTER light_sources INCLUDE REGEX ${GRADUS_LIGHT_FILES})
list(REMOVE_ITEM counted_sources ${light_sources})
set(slow_sources ${counted_sources})
list(FILTER slow_sources INCLUDE REGEX ${GRADUS_SLOW_FILES})
list(REMOVE_ITEM counted_sources ${slow_sources})
foreach(list light_sources slow_sources counted_sources)
  list(TRANSFORM ${list} PREPEND ${PROJECT_SOURCE_DIR}/)
endforeach()
add_library(light_steps OBJECT EXCLUDE_FROM_ALL ${light_sources})
add_executable(steps EXCLUDE_FROM_ALL instructions/steps.cpp ${slow_sources} ${counted_sources})
target_compile_options(light_steps PRIVATE -O1)
target_compile_options(steps PRIVATE -O3)
foreach(part light_steps steps)
  target_compile_options(${part} PRIVATE -march=x86-64-v3 -fno-math-errno -fno-trapping-math -Wno-psabi)
  target_compile_definitions(${part} PRIVATE NDEBUG)
  target_include_directories(${part} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${part} PRIVATE fmt::fmt Threads::Threads Eigen3::Eigen)
endforeach()
target_link_libraries(steps PRIVATE light_steps)
distribute(light_steps 2 ${light_sources})
distribute(steps 4 ${counted_sources})
add_dependencies(slow_tests steps)

add_test(NAME instructions
  COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/instructions/instructions_test.sh $<TARGET_FILE:steps>
    "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
set_tests_properties(instructions PROPERTIES SKIP_RETURN_CODE 77 LABELS slow)
