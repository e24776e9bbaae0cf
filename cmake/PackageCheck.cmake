# cpack reads this first: a package must run on other machines, and be whole.
if(CPACK_GRADUS_NATIVE)
  message(FATAL_ERROR "A native build crashes elsewhere: package one of the preset portable")
endif()
foreach(program gradus gradus-lab gradus-bench)
  if(NOT EXISTS ${CPACK_GRADUS_BUILD}/${program})
    message(FATAL_ERROR "${program} isn't built: cmake --build ${CPACK_GRADUS_BUILD} --target programs")
  endif()
endforeach()
