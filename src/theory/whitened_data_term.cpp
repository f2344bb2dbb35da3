#include "theory/whitened_data_term.hpp"

#include "base/error.hpp"
#include "theory/blas.hpp"
#include "theory/lapack.hpp"
#include "theory/mirror.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

/// Features that are worked on at a time, of all paths: products are long enough to be fast, and what they
/// need is small beside the features.
constexpr Index part_bytes = Index{32} << 20U;

/// Calls use(part) for copies of some of the N0 features of all paths, one after the other: a part has a
/// path's features in each column [P width, n].
template <class Use>
void for_each_part(const Matrix& features, Index paths, const Use& use) {
    const Index examples = features.rows();
    const Index input_width = features.cols() / paths;
    const Index row_bytes = Index{sizeof(double)} * examples * paths;
    const Index width = std::clamp<Index>(part_bytes / std::max<Index>(row_bytes, 1), 1, input_width);
    const Eigen::Map<const Matrix> by_path(features.data(), examples * input_width, paths);
    Matrix part;
    for (Index first = 0; first < input_width; first += width) {
        part = by_path.middleRows(first * examples, std::min(width, input_width - first) * examples);
        use(part);
    }
}

/// The same numbers with examples as rows [P, width n].
Eigen::Map<Matrix> by_example(Matrix& part, Index examples) {
    return {part.data(), examples, part.size() / examples};
}

/// What has to be added to a symmetric matrix in units of I, so that it has a Cholesky factor whatever its
/// signs.
double definite_shift(double frobenius_norm) {
    return 1.5 * frobenius_norm;
}

/// Lower triangular R with R R' = symmetric + shift I.
Matrix factor_of_shifted(Matrix symmetric, double shift) {
    symmetric.diagonal().array() += shift;
    if (!lapack::cholesky(symmetric)) throw NumericalError("a change of the order parameter is not finite");
    return symmetric;
}

}  // namespace

WhitenedDataTerm::WhitenedDataTerm(const PathKernels& kernels, Vector targets, double temperature)
    : kernels_(kernels), targets_(std::move(targets)), temperature_(temperature) {}

Matrix WhitenedDataTerm::mixed_kernel(const Matrix& F, const Matrix& M) const {
    const Index examples = F.rows();
    Matrix kernel = Matrix::Zero(examples, examples);
    for_each_part(F, kernels_.paths(), [&](Matrix& part) {
        blas::multiply_by_lower(M, part);
        blas::add_gram_of_rows(kernels_.prefactor(), by_example(part, examples), kernel);
    });
    return kernel;
}

Matrix WhitenedDataTerm::projections(const Vector& x) const {
    return (whitened_.transpose() * x).reshaped(kernels_.input_width(), kernels_.paths());
}

bool WhitenedDataTerm::evaluate(const Matrix& A) {
    if (evaluated_.size() == A.size() && evaluated_ == A) return true;
    evaluated_.resize(0, 0);
    factor_ = mixed_kernel(kernels_.features(), A);
    factor_.diagonal().array() += temperature_;
    if (!lapack::cholesky(factor_)) return false;
    v_ = targets_;
    factor_.triangularView<Eigen::Lower>().solveInPlace(v_);
    whitened_ = kernels_.features();
    blas::solve_lower(factor_, whitened_);
    gram_.setZero(kernels_.paths(), kernels_.paths());
    blas::add_gram_of_columns(1, whitened_.reshaped(whitened_.size() / kernels_.paths(), kernels_.paths()),
                              gram_);
    projections_ = projections(v_);
    evaluated_ = A;
    return true;
}

void WhitenedDataTerm::require(const Matrix& A) {
    if (!evaluate(A)) throw NumericalError("K + T I is not positive definite");
}

double WhitenedDataTerm::value_and_gradient(const Matrix& A, Matrix& gradient) {
    if (!evaluate(A)) return std::numeric_limits<double>::infinity();
    gradient = gram_;
    gradient.triangularView<Eigen::Lower>() -= projections_.transpose() * projections_;
    gradient *= kernels_.prefactor();
    mirror_lower(gradient);
    return 2 * factor_.diagonal().array().log().sum() + v_.squaredNorm();
}

// With A^{-1} dU A'^{-1} = D, the kernel changes by dK = c (xi A) D (xi A)', and S = L^{-1} dK L'^{-1}. Then
//     d(dE/dU_ab) = c [ -<Z_a, S Z_b> + t_a . p_b + p_a . t_b ],   t_a = Z_a'S v.
// D and S have both signs. Moved by multiples of the identity they have factors, and products with those cost
// half: moves D -> D + s I and S -> S + s I are taken back as s (I - T L^{-1} L'^{-1}) and s <Z_a, Z_b>,
// which are at hand.
Matrix WhitenedDataTerm::hessian_times(const Matrix& A, const Matrix& change) {
    require(A);
    const Index examples = kernels_.examples();
    Matrix relative = change.triangularView<Eigen::Lower>();
    blas::solve_lower(A, relative);
    relative += relative.transpose().eval();
    const double moved = definite_shift(relative.norm());
    Matrix result = Matrix::Zero(A.rows(), A.cols());
    if (moved == 0) return result;

    Matrix mixing = A.triangularView<Eigen::Lower>();
    blas::multiply_by_lower(factor_of_shifted(std::move(relative), moved), mixing);
    Matrix S = mixed_kernel(whitened_, mixing);
    Matrix noise = Matrix::Identity(examples, examples);
    blas::solve_lower(factor_, noise);
    blas::add_gram_of_rows(moved * temperature_, noise, S);
    S.diagonal().array() -= moved;
    mirror_lower(S);
    const Matrix t = projections(S * v_);

    const double raised = definite_shift(S.norm());
    result = raised * gram_;
    result.triangularView<Eigen::Lower>() += t.transpose() * projections_;
    result.triangularView<Eigen::Lower>() += projections_.transpose() * t;
    if (raised > 0) {
        const Matrix root = factor_of_shifted(std::move(S), raised);
        for_each_part(whitened_, kernels_.paths(), [&](Matrix& part) {
            blas::multiply_lower_transposed(root, by_example(part, examples));
            blas::add_gram_of_columns(-1, part, result);
        });
    }
    result *= kernels_.prefactor();
    mirror_lower(result);
    return result;
}

SolvedNorms WhitenedDataTerm::solved_norms(const Matrix& A, const Vector& weights) {
    require(A);
    Matrix inverse = factor_;
    lapack::inverse_from_cholesky(inverse);
    evaluated_.resize(0, 0);
    blas::solve_lower_transposed(factor_, whitened_);
    const auto of_paths = [&](const Vector& squares) -> Vector {
        return squares.reshaped(kernels_.input_width(), kernels_.paths()).colwise().sum().cwiseSqrt();
    };
    // Solving for Z, and the products of Z, have roundings of their own: |e o M_a||Z_b| and |Z_a||Z_b|.
    const Vector weighted = of_paths((weights.asDiagonal() * whitened_).colwise().squaredNorm());
    return {inverse.diagonal(), of_paths(whitened_.colwise().squaredNorm()),
            (weighted.cwiseAbs2() + gram_.diagonal()).cwiseSqrt()};
}

Vector WhitenedDataTerm::solved_targets() const {
    return factor_.triangularView<Eigen::Lower>().transpose().solve(v_);
}

}  // namespace attnpaths
