#include "base/numerics.hpp"

#include "base/blas_kernels.hpp"

#include <Eigen/Core>

#include <malloc.h>

namespace attnpaths {

void fix_matrix_products() {
    constexpr std::ptrdiff_t kibi = 1024;
    Eigen::setCpuCacheSizes(32 * kibi, 1024 * kibi, 8192 * kibi);
    Eigen::setNbThreads(1);
    choose_blas_kernels();
}

void initialise_numerics() {
    fix_matrix_products();
    constexpr int mebi = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, 1024 * mebi);
    mallopt(M_TRIM_THRESHOLD, 1024 * mebi);
    mallopt(M_TOP_PAD, 16 * mebi);
    // All threads take their memory from the one heap that these limits are for; they take turns anyway.
    mallopt(M_ARENA_MAX, 1);
}

}  // namespace attnpaths
