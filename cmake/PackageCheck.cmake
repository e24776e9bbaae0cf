# Read by cpack before packing: checks that a package runs on other machines and is complete.
if(CPACK_GRADUS_NATIVE)
  message(FATAL_ERROR "A native build doesn't run on other processors: use the preset portable for packages")
endif()
foreach(program gradus gradus-lab gradus-bench)
  if(NOT EXISTS ${CPACK_GRADUS_BUILD}/${program})
    message(FATAL_ERROR "${program} isn't built: cmake --build ${CPACK_GRADUS_BUILD} --target programs")
  endif()
endforeach()
