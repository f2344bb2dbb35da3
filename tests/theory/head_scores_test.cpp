#include "theory/head_scores.hpp"

#include "theory/reference_task.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(HeadScores, AreEqualForTheIdentity) {
    for (const Index outputs : {1, 2}) {
        const Matrix U = Matrix::Identity(6 * outputs, 6 * outputs);
        const Vector paths = path_scores(U, {3, 2}, outputs);
        EXPECT_TRUE(paths.isApproxToConstant(1));
        // Every head of a layer with H heads carries 1/H of the diagonal.
        Vector expected(5);
        expected << 2.0 / 3, 2.0 / 3, 2.0 / 3, 1, 1;
        EXPECT_TRUE(head_scores(U, {3, 2}, outputs).isApprox(expected));
    }
}

TEST(HeadScores, AgreeWithTheAuthorsCode) {
    const testing::ReferenceTask task;
    for (const std::string group : {"/reference/N10", "/reference/N100", "/reference/N1000"}) {
        const Vector scores = head_scores(task.matrix(group + "/U_1"), {2, 2}, 1);
        const Vector sorted = task.vector(group + "/heads_score");
        const Vector layer = task.vector(group + "/heads_score_layer");
        const Vector head = task.vector(group + "/heads_score_head");
        for (Index i = 0; i < 4; ++i)
            EXPECT_NEAR(scores(static_cast<Index>(2 * layer(i) + head(i))), sorted(i), 1e-6);
    }
}

}  // namespace
}  // namespace attnpaths
