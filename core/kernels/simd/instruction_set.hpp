// InstructionSet, instruction_set: the processor's instructions that kernels use.
#pragma once

namespace gradus::kernels {

/// The sets that a portable build has kernels for. Results have the same bits with all of them.
enum class InstructionSet {
  portable,         ///< what every processor of the architecture has
  neon,             ///< aarch64: the same instructions, tiles for its 32 registers
  avx2,             ///< x86-64-v3
  emulated_avx512,  ///< x86-64-v3 with the tiles of AVX-512, to check these on other processors
  avx512,           ///< x86-64-v4
};

/// The set for this process, chosen at the first call: the one that GRADUS_CPU in the environment
/// names, otherwise the best one of the processor. Throws std::invalid_argument if GRADUS_CPU is an
/// unknown name or a set that the processor lacks, and if it is set in a build for one processor.
InstructionSet instruction_set();

/// Its name as the value of GRADUS_CPU: "avx512".
const char* name_of(InstructionSet set);

}  // namespace gradus::kernels
