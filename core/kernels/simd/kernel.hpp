// GRADUS_KERNEL: compiles a kernel for several processors.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC
#define GRADUS_SANITIZED
#elif defined(__has_feature)  // clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GRADUS_SANITIZED
#endif
#endif

// In a portable build each kernel exists for several processors, and the dynamic linker chooses the
// best one that runs; a native build has one version. The sanitizers' runtimes start too late for
// such a choice.
#if defined(GRADUS_PORTABLE) && defined(__x86_64__) && !defined(GRADUS_SANITIZED)
#define GRADUS_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GRADUS_KERNEL
#endif
