#include "python/solution.hpp"

#include "base/error.hpp"
#include "theory/evidence.hpp"
#include "theory/two_loop.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths::python {

Solution::Solution(Statement statement, double tolerance, const Poll& poll)
    : problem_(stated_problem(std::move(statement))) {
    if (!(tolerance > 0)) throw UsageError("tolerance: is not a positive number");
    SaddlePointOptions options;
    options.tolerance = tolerance;
    options.poll = poll;
    DataTerm data_term = problem_.data_term();
    saddle_ = solve_saddle_point(architecture(), data_term, options);
}

Prediction Solution::predict(const Matrix& features) const {
    return predict(features, saddle_.order_parameters.U.front());
}

Prediction Solution::predict(const Matrix& features, const Matrix& U) const {
    const Index size = saddle_.order_parameters.U.front().rows();
    if (U.rows() != size || U.cols() != size || !U.allFinite() || U != U.transpose())
        throw UsageError(fmt::format(
            "order_parameter: is not a symmetric matrix of numbers [n D, n D] = [{}, {}]", size, size));
    return problem_.predictor(U).predict(features);
}

ExactDraws Solution::sample(const DrawRequest& request, const Poll& poll) const {
    return {problem_, saddle_, request, poll};
}

void Solution::require_expansion() const {
    if (!is_in_regime(architecture()))
        throw UsageError(
            "width: is below its number of paths (N_l < H_l ... H_L D), where there is no expansion about "
            "the saddle point; choose a larger one");
}

Expansion Solution::next_order(const Poll& poll) const {
    require_expansion();
    DataTerm data_term = problem_.data_term();
    return {problem_, NextOrder(problem_, data_term, saddle_, poll)};
}

double Solution::log_evidence(bool two_loop, const Poll& poll) const {
    require_expansion();
    DataTerm data_term = problem_.data_term();
    return two_loop ? log_evidence_two_loop(problem_, data_term, saddle_, poll)
                    : log_evidence_ratio(problem_, data_term, saddle_);
}

WideNetwork::WideNetwork(Statement statement) : problem_(stated_problem(std::move(statement))) {
    TrainingKernels& training = problem_.training();
    const GaussianProcess& process = training.gaussian_process();
    eigenvalues_ = gaussian_process_variance(architecture()) * process.eigenvalues();
    powers_ = process.targets().rowwise().squaredNorm() / training.training_set().power();
    DataTerm data_term = problem_.data_term();
    log_evidence_ = log_evidence_of_gaussian_process(architecture(), data_term, training.targets().size());
}

Prediction WideNetwork::predict(const Matrix& features) const {
    const GaussianProcess& process = problem_.training().gaussian_process();
    return process.predict(process.points(features), problem_.temperature(),
                           gaussian_process_variance(architecture()));
}

}  // namespace attnpaths::python
