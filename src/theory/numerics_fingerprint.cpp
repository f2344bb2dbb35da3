#include "theory/numerics_fingerprint.hpp"

#include "base/blas_kernels.hpp"

#include <Eigen/Core>
#include <fmt/format.h>

#include <gnu/libc-version.h>
#include <sstream>

extern "C" {
char* openblas_get_config();
}

namespace attnpaths {

namespace {

/// "OpenBLAS 0.3.21 DYNAMIC_ARCH ..."
std::string openblas_version() {
    std::istringstream words(openblas_get_config());
    std::string name;
    std::string version = "unknown";
    words >> name >> version;
    return version;
}

/// The compiler's instructions that matter for rounding: whether products and sums are fused, and how many
/// numbers are summed side by side.
std::string compiled_instructions() {
    std::string text = ATTNPATHS_ARCH;
#ifdef __FMA__
    text += "+fma";
#endif
#if defined(__AVX512F__)
    text += "+avx512";
#elif defined(__AVX2__)
    text += "+avx2";
#elif defined(__AVX__)
    text += "+avx";
#endif
    return text;
}

/// libm has a version with and one without fused multiply-add of most functions.
std::string libm_instructions() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("fma") != 0 && __builtin_cpu_supports("avx2") != 0) return "fma";
    return __builtin_cpu_supports("avx") != 0 ? "avx" : "sse2";
#else
    return "default";
#endif
}

std::string compiler() {
#if defined(__clang__)
    return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

const std::string& numerics_fingerprint() {
    static const std::string text =
        fmt::format("OpenBLAS {} {}, arch {}, glibc {} {}, Eigen {}.{}.{}, {}", openblas_version(),
                    blas_kernels(), compiled_instructions(), gnu_get_libc_version(), libm_instructions(),
                    EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION, compiler());
    return text;
}

}  // namespace attnpaths
