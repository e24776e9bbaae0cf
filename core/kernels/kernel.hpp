// What every kernel is compiled for.
#pragma once

// In a portable build each kernel exists for several processors, and the dynamic linker takes the
// best that runs; a native build has just the one. Sanitizers' runtimes start too late for such a
// choice.
#if defined(GRADUS_PORTABLE) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define GRADUS_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GRADUS_KERNEL
#endif
