#include "base/blas_kernels.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

extern "C" {
char* openblas_get_corename();
// Of libraries that have kernels of one processor alone, these are missing.
[[gnu::weak]] void gotoblas_dynamic_quit();
[[gnu::weak]] void gotoblas_dynamic_init();
}

namespace attnpaths {

namespace {

constexpr const char* variable = "OPENBLAS_CORETYPE";

VectorInstructions instructions_here() {
    VectorInstructions has;
#if defined(__x86_64__)
    __builtin_cpu_init();
    has.avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    has.avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
                 __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                 __builtin_cpu_supports("avx512vl") != 0;
#endif
    return has;
}

}  // namespace

std::string better_blas_kernels(std::string_view chosen, VectorInstructions instructions) {
    constexpr std::array<std::string_view, 5> modern = {"Haswell", "Zen", "SkylakeX", "Cooperlake",
                                                        "SapphireRapids"};
    if (std::find(modern.begin(), modern.end(), chosen) != modern.end()) return "";
    if (instructions.avx512) return "SkylakeX";
    return instructions.avx2 ? "Haswell" : "";
}

std::string blas_kernels() {
    return openblas_get_corename();
}

void use_blas_kernels(const std::string& name) {
    if (gotoblas_dynamic_quit == nullptr || gotoblas_dynamic_init == nullptr) return;
    // The library reads its choice from the environment alone.
    const char* const before = std::getenv(variable);
    const std::string kept = before != nullptr ? before : "";
    ::setenv(variable, name.c_str(), 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    if (before != nullptr)
        ::setenv(variable, kept.c_str(), 1);
    else
        ::unsetenv(variable);
}

void choose_blas_kernels() {
    if (std::getenv(variable) != nullptr) return;
    if (const std::string better = better_blas_kernels(blas_kernels(), instructions_here()); !better.empty())
        use_blas_kernels(better);
}

}  // namespace attnpaths
