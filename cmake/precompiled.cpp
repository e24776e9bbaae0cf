// An empty file for targets that only precompile headers: see add_headers() in Compiler.cmake.
