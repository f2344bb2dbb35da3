#pragma once

#include <string>

namespace attnpaths {

/// What decides the rounding of this process' results, in one line: the kernels that OpenBLAS has chosen for
/// this processor, the instructions that this program was compiled for (fused multiply-add above all) and
/// those that libm finds, and the versions of libraries and compiler. Processes of equal fingerprints get the
/// same bits; others agree to rounding only.
const std::string& numerics_fingerprint();

}  // namespace attnpaths
