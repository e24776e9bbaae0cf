# gradus_options: the compiler options of Gradus, which aren't passed on to projects that use it.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_FLAGS ${CMAKE_CXX20_STANDARD_COMPILE_OPTION})
check_cxx_source_compiles("
  #include <concepts>
  #include <numbers>
  #include <span>
  struct Point { int x = 0, y = 0; };
  int main() { return std::span(\"a\").empty() || Point{.y = 1}.x; }" GRADUS_CXX20)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT GRADUS_CXX20)
  message(FATAL_ERROR "Gradus needs a compiler with C++20, g++ 12 or clang 14: "
    "${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
endif()

add_library(gradus_options INTERFACE)
target_compile_options(gradus_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  -ffp-contract=off  # products and sums are fused where the code says so: the same bits everywhere
  -fno-math-errno -fno-trapping-math  # errno and floating-point exceptions aren't used: more loops are vectorized
  -Wno-psabi  # vectors wider than the processor's registers are only used inside a file
  $<$<BOOL:${GRADUS_WERROR}>:-Werror>)
if(GRADUS_NATIVE)
  include(CheckCXXCompilerFlag)
  # Without -mfma each fma() would be the call of a function.
  foreach(flag -march=native -mprefer-vector-width=512 -mfma)
    string(MAKE_C_IDENTIFIER "GRADUS_HAS${flag}" has_flag)
    check_cxx_compiler_flag(${flag} ${has_flag})
    set(release $<CONFIG:Release>)
    if(flag STREQUAL "-mfma")
      set(release $<NOT:${release}>)
    endif()
    if(${has_flag})
      target_compile_options(gradus_options INTERFACE $<${release}:${flag}>)
    endif()
  endforeach()
else()
  target_compile_definitions(gradus_options INTERFACE GRADUS_PORTABLE)
endif()
# Files without loops over many numbers (networks, optimizers, texts, files, programs) are compiled with light
# optimization, in two thirds of the time.
set(GRADUS_LIGHT $<$<CONFIG:Release>:-O1>)
set(GRADUS_LIGHT_FILES "^(layers|optim|train)/|^core/(io|text)/|^core/gradcheck\\.cpp$")
# Files that take seconds to compile aren't combined with others.
set(GRADUS_SLOW_FILES "^core/kernels/|^core/linalg/|^core/ops/(activation|elementwise)\\.cpp$")
if(GRADUS_SANITIZE)
  set(GRADUS_LIGHT -O0)
  # Light optimization, since sanitized programs are slow. GCC then gives wrong warnings about its own headers.
  add_compile_options(-O1)  # before the options of targets, which may contain -O0
  target_compile_options(gradus_options INTERFACE -fsanitize=${GRADUS_SANITIZE} -fno-omit-frame-pointer -g1
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(gradus_options INTERFACE -fsanitize=${GRADUS_SANITIZE})
  # Tiles are thousands of unrolled accesses, which AddressSanitizer checks. Checks of the pointers would take clang
  # two more minutes.
  set_source_files_properties(core/kernels/gemm/tiles.cpp PROPERTIES
    COMPILE_OPTIONS -fno-sanitize=null,alignment,object-size,pointer-overflow)
endif()

if(GRADUS_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "GRADUS_FUZZ needs clang, which has libFuzzer: CMAKE_CXX_COMPILER is ${CMAKE_CXX_COMPILER}")
  endif()
  set(GRADUS_LIGHT -O1)  # a reader runs millions of times
  target_compile_options(gradus_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(gradus_options INTERFACE -fsanitize=fuzzer-no-link)
  # The branches of kernels say nothing about a reader.
  file(GLOB_RECURSE kernels CONFIGURE_DEPENDS core/kernels/*.cpp)
  set_property(SOURCE ${kernels} APPEND PROPERTY
    COMPILE_OPTIONS -fno-sanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table,stack-depth)
endif()

# combine(TARGET GROUP SOURCES…): compiles these files of the target as one file, so that common headers are read
# once and common templates are instantiated once.
# distribute(TARGET GROUPS SOURCES…): the same in GROUPS groups. Neighbours in the list get different groups.
if(GRADUS_COMBINE)
  function(combine target group)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    set_property(SOURCE ${ARGN} PROPERTY UNITY_GROUP ${group})
  endfunction()
else()
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
  function(combine)
  endfunction()
endif()
function(distribute target groups)
  set(at 0)
  foreach(source IN LISTS ARGN)
    math(EXPR group "${at} % ${groups}")
    math(EXPR at "${at} + 1")
    combine(${target} ${group} ${source})
  endforeach()
endfunction()

# add_headers(NAME OPTION HEADERS…): precompiles the headers with this optimization, for targets with the same
# options, which use them by take_headers(TARGET NAME).
function(add_headers name optimization)
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_compile_options(${name} PRIVATE ${optimization})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE gradus_options fmt::fmt)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

function(take_headers target name)
  if(GRADUS_COMBINE)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()
