#include "theory/kernel_alignment.hpp"

#include "theory/data_term.hpp"
#include "theory/reference_task.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(KernelAlignment, AgreesWithTheAuthorsCode) {
    const testing::ReferenceTask task;
    const PathKernels kernels = task.kernels();
    for (const std::string group : {"/reference/N10", "/reference/N100", "/reference/N1000"}) {
        Matrix K;
        kernels.assemble(task.matrix(group + "/U_1"), K);
        const KernelAlignment alignment =
            kernel_alignment(K, stacked_targets(task.targets("train")), 30, 100, 100.0);
        const Vector eigenvalues = task.vector(group + "/top30_eigenvalues");
        EXPECT_LT((alignment.eigenvalues - eigenvalues).cwiseAbs().maxCoeff(), 1e-9 * eigenvalues(0));
        EXPECT_LT((alignment.overlaps - task.vector(group + "/top30_overlaps")).cwiseAbs().maxCoeff(), 1e-6);
    }
}

/// Parseval: over all eigenvectors the overlaps carry the whole task.
TEST(KernelAlignment, AllPowerIsCountedOnce) {
    const testing::ReferenceTask task;
    const PathKernels kernels = task.kernels();
    Matrix K;
    kernels.assemble(Matrix::Identity(4, 4), K);
    const double trace = K.trace();
    const KernelAlignment alignment =
        kernel_alignment(K, stacked_targets(task.targets("train")), 1000, 100, 100.0);
    EXPECT_EQ(alignment.eigenvalues.size(), 100);
    EXPECT_NEAR(alignment.eigenvalues.sum(), trace, 1e-10 * trace);
    EXPECT_NEAR(alignment.overlaps.squaredNorm(), 1, 1e-12);
    EXPECT_NEAR(alignment.cumulative_power(99), 1, 1e-12);
}

}  // namespace
}  // namespace attnpaths
