// What a target needs that only precompiles headers: see add_headers() in Compiler.cmake.
