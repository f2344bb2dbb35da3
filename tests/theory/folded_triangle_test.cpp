#include "theory/folded_triangle.hpp"

#include "theory/data_term.hpp"
#include "theory/random_problem.hpp"
#include "theory/training_set.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

/// R with a positive diagonal, of rows that are folded so many at a time.
Matrix folded(const Matrix& matrix, Index rows_at_a_time) {
    FoldedTriangle triangle(matrix.cols());
    for (Index first = 0; first < matrix.rows(); first += rows_at_a_time) {
        Matrix rows = matrix.middleRows(first, std::min(rows_at_a_time, matrix.rows() - first));
        triangle.add(rows);
    }
    const Vector signs = triangle.triangle().diagonal().cwiseSign();
    return signs.asDiagonal() * triangle.triangle();
}

TEST(FoldedTriangle, IsThatOfTheWholeMatrixWhateverTheBlocks) {
    const Matrix matrix = normal_matrix(300, 20, 1);
    const Matrix whole =
        Eigen::HouseholderQR<Matrix>(matrix).matrixQR().topRows(20).triangularView<Eigen::Upper>();
    const Matrix expected = whole.diagonal().cwiseSign().asDiagonal() * whole;
    for (const Index rows : {1, 7, 64, 299, 300})
        EXPECT_LT((folded(matrix, rows) - expected).norm(), 1e-13 * expected.norm()) << rows;
}

/// Of a matrix of condition 10^8 half of the digits of the least singular value stay; a Gram matrix, whose
/// condition is the square, loses all.
TEST(FoldedTriangle, KeepsDigitsThatAGramMatrixLoses) {
    constexpr Index columns = 12;
    constexpr double least = 1e-8;
    const Matrix left = Eigen::HouseholderQR<Matrix>(normal_matrix(500, columns, 1)).householderQ() *
                        Matrix::Identity(500, columns);
    const Matrix right = Eigen::HouseholderQR<Matrix>(normal_matrix(columns, columns, 2)).householderQ();
    Vector singular(columns);
    for (Index i = 0; i < columns; ++i) singular(i) = std::pow(least, static_cast<double>(i) / (columns - 1));
    const Matrix matrix = left * singular.asDiagonal() * right.transpose();
    const double by_folding = Eigen::JacobiSVD<Matrix>(folded(matrix, 32)).singularValues()(columns - 1);
    EXPECT_NEAR(by_folding, least, 1e-6 * least);
    const Matrix gram = matrix.transpose() * matrix;
    const double by_gram = std::sqrt(
        std::abs(Eigen::SelfAdjointEigenSolver<Matrix>(gram, Eigen::EigenvaluesOnly).eigenvalues()(0)));
    EXPECT_GT(std::abs(by_gram - least), 1e-3 * least);
}

TEST(FoldingPlan, StrandsTakeAllBlocksOnce) {
    for (const Index rows : {1, 4096, 4097, 40'000, 1'000'000}) {
        const FoldingPlan plan(rows, 924);
        EXPECT_EQ(plan.first_block(0), 0);
        EXPECT_EQ(plan.first_block(plan.strands), plan.blocks);
        EXPECT_LT((plan.blocks - 1) * plan.rows_at_a_time, rows);
        EXPECT_GE(plan.blocks * plan.rows_at_a_time, rows);
        for (Index strand = 0; strand < plan.strands; ++strand)
            EXPECT_LT(plan.first_block(strand), plan.first_block(strand + 1));
    }
    EXPECT_EQ(FoldingPlan(100, 100'000).rows_at_a_time, 512);
}

/// A training set of more than one block, by a factorisation of all its rows at once.
TrainingSet reduced_at_once(const Matrix& features, const Matrix& y) {
    const Eigen::HouseholderQR<Matrix> qr(features);
    const Index columns = features.cols();
    const Matrix rotated = qr.householderQ().adjoint() * y;
    TrainingSet set;
    set.features = qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
    set.y = rotated.topRows(columns);
    set.examples = features.rows();
    set.accuracy.residual_squared_norm = rotated.bottomRows(features.rows() - columns).squaredNorm();
    return set;
}

/// Energy and gradient are those of all rows at once, with one output and with three.
TEST(TrainingFold, OfManyBlocksIsTheReductionAtOnce) {
    for (const Index outputs : {1, 3}) {
        const RandomProblem problem{9000, 4, uneven_architecture({2, 2}, outputs)};
        const TrainingSet folded = make_training_set(problem.features(), problem.targets());
        const TrainingSet whole = reduced_at_once(problem.features(), problem.targets());
        ASSERT_EQ(folded.features.rows(), 16);
        EXPECT_NEAR(folded.accuracy.residual_squared_norm, whole.accuracy.residual_squared_norm,
                    1e-12 * whole.accuracy.residual_squared_norm);
        EXPECT_NEAR(folded.power(), problem.targets().squaredNorm(), 1e-11 * folded.power());
        const Matrix half = normal_matrix(4 * outputs, 4 * outputs, 3);
        const Matrix U = half * half.transpose();
        std::vector<double> energies;
        std::vector<Matrix> gradients;
        for (const TrainingSet* const set : {&folded, &whole}) {
            const PathKernels kernels(set->features, 4, outputs, 0.05, KernelStorage::features);
            gradients.emplace_back();
            energies.push_back(DataTerm(kernels, *set, 0.3).value_and_gradient(U, gradients.back()));
        }
        EXPECT_NEAR(energies[0], energies[1], 1e-12 * std::abs(energies[1]));
        EXPECT_LT((gradients[0] - gradients[1]).norm(), 1e-11 * gradients[1].norm());
    }
}

/// Strands that are folded by themselves, each from its saved bytes on after every block, and then joined are
/// the training set to the last bit: of uneven blocks, of strands of one and of two, of one example more than
/// features.
TEST(TrainingFold, OfStrandsThatWereSavedIsTheSameToTheBit) {
    for (const Index examples : {17, 4097, 9000, 11 * 4096 + 1}) {
        const Matrix features = normal_matrix(examples, 16, 1);
        const Matrix y = normal_matrix(examples, 2, 2);
        const FoldingPlan plan(examples, 16);
        TrainingFold fold(examples, 16, 2);
        for (Index strand = 0; strand < plan.strands; ++strand) {
            FoldedStrand folded(18);
            for (Index block = plan.first_block(strand); block < plan.first_block(strand + 1); ++block) {
                const Index first = plan.first_row(block);
                const Index rows = plan.first_row(block + 1) - first;
                folded.add(features.middleRows(first, rows), y.middleRows(first, rows));
                const std::string saved = folded.save();
                ASSERT_EQ(saved.size(), FoldedStrand::saved_bytes(18));
                folded = FoldedStrand(18, saved);
            }
            fold.add(folded);
        }
        const TrainingSet joined = fold.finish(1e-14);
        const TrainingSet whole = make_training_set(features, y, 1e-14);
        EXPECT_EQ(joined.features, whole.features) << examples;
        EXPECT_EQ(joined.y, whole.y) << examples;
        EXPECT_EQ(joined.power(), whole.power()) << examples;
        EXPECT_EQ(joined.accuracy.error, whole.accuracy.error) << examples;
    }
}

TEST(TrainingFold, KnowsTheLongestTokenOfItsStrands) {
    TrainingFold fold(9000, 4, 1);
    for (const double norm : {2.0, 5.0, 3.0}) {
        FoldedStrand strand(5);
        strand.add(normal_matrix(10, 4, 1), normal_matrix(10, 1, 2));
        strand.note_token(norm);
        strand.note_token(1);
        FoldedStrand saved(5, strand.save());
        fold.add(saved);
    }
    EXPECT_EQ(fold.largest_token(), 5);
}

/// One direction is left of examples that are all alike, with the targets' mean along it.
TEST(TrainingFold, OfEqualExamplesHasOneRow) {
    const Matrix features = normal_matrix(1, 8, 1).replicate(5000, 1);
    const Matrix y = normal_matrix(5000, 1, 2);
    const TrainingSet set = make_training_set(features, y);
    ASSERT_EQ(set.features.rows(), 1);
    EXPECT_NEAR(set.y.squaredNorm(), std::pow(y.sum(), 2) / 5000, 1e-9);
    EXPECT_NEAR(set.power(), y.squaredNorm(), 1e-11 * y.squaredNorm());
}

TEST(TrainingFold, OfOneExampleMoreThanFeaturesIsReduced) {
    const Matrix features = normal_matrix(9, 8, 1);
    const Matrix y = normal_matrix(9, 3, 2);
    const TrainingSet set = make_training_set(features, y);
    ASSERT_EQ(set.features.rows(), 8);
    EXPECT_LT((set.features.transpose() * set.y - features.transpose() * y).norm(), 1e-12);
    EXPECT_NEAR(set.power(), y.squaredNorm(), 1e-12);
}

}  // namespace
}  // namespace attnpaths
