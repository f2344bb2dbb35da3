#include "base/blas_kernels.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cstdlib>

namespace attnpaths {
namespace {

TEST(BlasKernels, ProcessorsThatOpenBlasDoesNotKnowGetThoseOfTheirInstructions) {
    for (const char* old : {"Prescott", "Nehalem", "Sandybridge", "Generic"}) {
        EXPECT_EQ(better_blas_kernels(old, {true, true}), "SkylakeX") << old;
        EXPECT_EQ(better_blas_kernels(old, {true, false}), "Haswell") << old;
        EXPECT_EQ(better_blas_kernels(old, {false, false}), "") << old;
    }
    for (const char* good : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"})
        EXPECT_EQ(better_blas_kernels(good, {true, true}), "") << good;
}

/// On the processors of the tests: what was chosen is taken again, older kernels give the same product up to
/// rounding.
TEST(BlasKernels, AreChangedWithinTheProcess) {
    const Eigen::MatrixXd A = Eigen::MatrixXd::Random(90, 120);
    const Eigen::MatrixXd B = Eigen::MatrixXd::Random(120, 70);
    const Eigen::MatrixXd expected = A.lazyProduct(B);
    const std::string chosen = blas_kernels();
    const char* const said = std::getenv("OPENBLAS_CORETYPE");
    const std::string before = said != nullptr ? said : "";
    for (const std::string& name : {std::string("Nehalem"), chosen}) {
        use_blas_kernels(name);
        EXPECT_EQ(blas_kernels(), name);
        const Eigen::MatrixXd product = A * B;
        EXPECT_LT((product - expected).cwiseAbs().maxCoeff(), 1e-13);
    }
    const char* const after = std::getenv("OPENBLAS_CORETYPE");
    EXPECT_EQ(after != nullptr ? after : "", before);
}

}  // namespace
}  // namespace attnpaths
