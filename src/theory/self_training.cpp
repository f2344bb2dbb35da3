#include "theory/self_training.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Root mean square of the difference, relative to that of `before`.
double relative_change(const Matrix& after, const Matrix& before) {
    if (before.size() == 0) return 0;
    return (after - before).norm() / std::max(before.norm(), std::numeric_limits<double>::min());
}

}  // namespace

Matrix distinct_targets(const Matrix& y) {
    std::vector<Index> first;
    for (Index row = 0; row < y.rows(); ++row) {
        bool is_known = false;
        for (const Index other : first) is_known = is_known || y.row(row) == y.row(other);
        if (!is_known) first.push_back(row);
    }
    return y(first, Eigen::all);
}

Matrix pseudo_labels(const Matrix& mean, PseudoLabels kind, const Matrix& classes) {
    if (kind == PseudoLabels::soft) return mean;
    Matrix labels(mean.rows(), mean.cols());
    for (Index row = 0; row < mean.rows(); ++row) {
        // The class that the means point to most: for +-1 the sign, for several outputs the largest.
        Index best = 0;
        (classes * mean.row(row).transpose()).maxCoeff(&best);
        labels.row(row) = classes.row(best);
    }
    return labels;
}

TrainingSet joint_training_set(const Matrix& features, const Matrix& y, const Matrix& unlabelled,
                               const Matrix& labels, double relative_noise) {
    const double scale = 1 / std::sqrt(relative_noise);
    Matrix all(features.rows() + unlabelled.rows(), features.cols());
    all << features, scale * unlabelled;
    Matrix targets(all.rows(), y.cols());
    targets << y, scale * labels;
    return make_training_set(all, targets);
}

std::vector<SelfTrainingRound> self_train(const Problem& problem, const Matrix& teacher,
                                          const SelfTrainingFeatures& features,
                                          const SelfTrainingOptions& options, const OrderParameterOf& solve) {
    TrainingKernels& training = problem.training();
    const Matrix& test = problem.test_features().front();
    const double T = problem.temperature();
    const auto round_of = [&](const Predictor& predictor, const Matrix& U) {
        return SelfTrainingRound{U, predictor.predict(test), predictor.predict(features.unlabelled).mean, 0};
    };
    std::vector<SelfTrainingRound> rounds = {round_of(problem.predictor(teacher), teacher)};
    const Matrix classes =
        options.labels == PseudoLabels::sign ? distinct_targets(training.targets()) : Matrix();
    while (static_cast<int>(rounds.size()) <= options.rounds) {
        const TrainingSet set = joint_training_set(
            features.labelled, training.targets(), features.unlabelled,
            pseudo_labels(rounds.back().unlabelled, options.labels, classes), options.relative_noise);
        const PathKernels kernels(set.features, training.paths(), training.targets().cols(),
                                  training.prefactor(), problem.kernels().storage());
        DataTerm data_term(kernels, set, T);
        const Matrix U = solve(data_term);
        SelfTrainingRound round = round_of(Predictor(kernels, set.y, T, U), U);
        round.change = relative_change(round.unlabelled, rounds.back().unlabelled);
        rounds.push_back(std::move(round));
        if (rounds.back().change < options.tolerance) break;
    }
    return rounds;
}

}  // namespace attnpaths
