#include "theory/data_term.hpp"

#include "base/error.hpp"
#include "network/kernel_tiles.hpp"
#include "theory/data_term_hessian.hpp"
#include "theory/gradient_bound.hpp"
#include "theory/lapack.hpp"
#include "theory/mirror.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace attnpaths {

Vector stacked_targets(const Matrix& y) {
    return y.reshaped();
}

DataTerm::DataTerm(const PathKernels& kernels, const Matrix& y, double temperature)
    : kernels_(kernels), y_(y), targets_(stacked_targets(y)), temperature_(temperature) {
    // With D outputs the factor's way would cost D times as much as U's own.
    if (kernels.storage() == KernelStorage::features && kernels.outputs() == 1)
        whitened_.emplace(kernels, targets_, temperature);
}

DataTerm::DataTerm(const PathKernels& kernels, const TrainingSet& set, double temperature)
    : DataTerm(kernels, set.y, temperature) {
    constant_ = set.data_term_constant(temperature);
    accuracy_ = set.accuracy;
}

double DataTerm::value_and_gradient(const Matrix& U, Matrix& gradient) {
    return constant_ + varying_value_and_gradient(U, gradient);
}

void DataTerm::evaluate(const Matrix& U) {
    if (evaluated_.size() == U.size() && evaluated_ == U) return;
    Matrix unused;
    if (!std::isfinite(varying_value_and_gradient(U, unused)))
        throw NumericalError("K + T I is not positive definite");
}

Matrix DataTerm::hessian_times(const Matrix& A, const Matrix& change) {
    if (whitened_) return whitened_->hessian_times(A, change);
    evaluate(A * A.transpose());
    const Matrix half = change * A.transpose();
    Matrix kernel_change;
    kernels_.assemble(half + half.transpose(), kernel_change);
    mirror_lower(kernel_change);
    // G = V - w w' with V the inverse and w = V y:  dG = -V dK V + v w' + w v',  v = V dK w.
    Matrix inverse = work_;
    inverse.noalias() += weights_ * weights_.transpose();
    const Matrix image = inverse * kernel_change;
    const Vector v = image * weights_;
    Matrix G_change = -image * inverse;
    G_change += v * weights_.transpose() + weights_ * v.transpose();
    return kernels_.contract(G_change);
}

Matrix DataTerm::gradient_bound(const Matrix& A) {
    const Matrix U = A * A.transpose();
    const Vector e = kernel_row_sizes(kernels_, temperature_, U.diagonal().cwiseSqrt());
    if (whitened_) {
        const SolvedNorms solved = whitened_->solved_norms(A, e);
        return energy_gradient_bound(kernels_, solved, whitened_->solved_targets(), temperature_, U,
                                     accuracy_);
    }
    evaluate(U);
    // A bound needs no digits: the inverse may come from its difference with w w'.
    Matrix inverse = work_;
    inverse.noalias() += weights_ * weights_.transpose();
    return energy_gradient_bound(kernels_, solved_norms(kernels_, inverse, e), weights_, temperature_, U,
                                 accuracy_);
}

double DataTerm::varying_value_and_gradient_of_factor(const Matrix& A, Matrix& gradient) {
    return whitened_ ? whitened_->value_and_gradient(A, gradient)
                     : varying_value_and_gradient(A * A.transpose(), gradient);
}

double DataTerm::varying_value_and_gradient(const Matrix& U, Matrix& gradient) {
    evaluated_.resize(0, 0);
    kernels_.assemble(U, work_);
    const double value = to_gradient_of_kernel(work_, weights_);
    if (!std::isfinite(value)) return value;
    gradient = kernels_.contract(work_);
    evaluated_ = U;
    return value;
}

double DataTerm::to_gradient_of_kernel(Matrix& kernel, Vector& weights) const {
    kernel.diagonal().array() += temperature_;
    if (!lapack::cholesky(kernel)) {
        kernel.setZero();
        return std::numeric_limits<double>::infinity();
    }
    const double log_det = 2 * kernel.diagonal().array().log().sum();
    lapack::inverse_from_cholesky(kernel);
    weights.noalias() = kernel * targets_;
    kernel.noalias() -= weights * weights.transpose();
    return log_det + weights.dot(targets_);
}

Vector DataTerm::varying_values_and_gradients(std::span<const Matrix> U, std::span<Matrix> gradients) {
    Vector values(static_cast<Index>(U.size()));
    Vector weights;
    std::array<Matrix, kernel_tiles::most_lanes> derivatives;
    for (std::size_t start = 0; start < U.size(); start += derivatives.size()) {
        const std::size_t count = std::min(derivatives.size(), U.size() - start);
        kernels_at_work_.resize(std::max(kernels_at_work_.size(), count));
        const std::span<Matrix> kernels = std::span(kernels_at_work_).first(count);
        kernels_.assemble_together(U.subspan(start, count), kernels);
        for (std::size_t i = 0; i < count; ++i)
            values(static_cast<Index>(start + i)) = to_gradient_of_kernel(kernels[i], weights);
        kernels_.contract_together(kernels, std::span(derivatives).first(count));
        for (std::size_t i = 0; i < count; ++i)
            if (std::isfinite(values(static_cast<Index>(start + i))))
                gradients[start + i].swap(derivatives[i]);
    }
    return values;
}

Vector DataTerm::varying_values(std::span<const Matrix> U) const {
    Vector values(static_cast<Index>(U.size()));
    Vector whitened;
    kernels_.assemble_each(U, [&](std::size_t i, Matrix& kernel) {
        double& value = values(static_cast<Index>(i));
        value = std::numeric_limits<double>::infinity();
        kernel.diagonal().array() += temperature_;
        if (!lapack::cholesky(kernel)) return;
        whitened = targets_;
        kernel.triangularView<Eigen::Lower>().solveInPlace(whitened);
        value = 2 * kernel.diagonal().array().log().sum() + whitened.squaredNorm();
    });
    return values;
}

Matrix DataTerm::hessian(const Matrix& U) {
    evaluated_.resize(0, 0);
    kernels_.assemble(U, work_);
    work_.diagonal().array() += temperature_;
    if (!lapack::cholesky(work_)) throw NumericalError("K + T I is not positive definite");
    const auto factor = work_.triangularView<Eigen::Lower>();
    const Index examples = kernels_.examples();
    const Index outputs = kernels_.outputs();
    const Index width = kernels_.input_width();
    const Index size = kernels_.paths() * outputs;

    Matrix whitened = Matrix::Zero(examples * outputs, width * size);
    for (Index path = 0; path < kernels_.paths(); ++path)
        for (Index d = 0; d < outputs; ++d)
            whitened.block(d * examples, (path * outputs + d) * width, examples, width) =
                kernels_.features().middleCols(path * width, width);
    factor.solveInPlace(whitened);
    return data_term_hessian(whitened, factor.solve(targets_), kernels_.prefactor(), size);
}

RelativeDataTerm DataTerm::relative(const Matrix& A) const {
    return {kernels_, y_, temperature_, A};
}

}  // namespace attnpaths
