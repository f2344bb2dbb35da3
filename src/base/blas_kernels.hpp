#pragma once

#include <string>
#include <string_view>

namespace attnpaths {

/// What a processor has beyond the instructions of all x86-64 ones.
struct VectorInstructions {
    bool avx2 = false;    ///< with fused multiply-add
    bool avx512 = false;  ///< as of Skylake-X: F, CD, BW, DQ, VL
};

/// OpenBLAS chooses kernels by the processor's model. Processors newer than itself get kernels of the oldest,
/// several times slower than what they could do: as of version 0.3.21 Sapphire Rapids.
/// @param chosen  name of the kernels that OpenBLAS has chosen
/// @return name of those to take by the processor's instructions; empty if the choice is as good
std::string better_blas_kernels(std::string_view chosen, VectorInstructions instructions);

/// Name of the kernels in use.
std::string blas_kernels();

/// Takes others, where OpenBLAS has them to choose from. Not while others compute.
void use_blas_kernels(const std::string& name);

/// Takes better ones if there are; whoever says OPENBLAS_CORETYPE in the environment has chosen.
void choose_blas_kernels();

}  // namespace attnpaths
