#include "training/pruning/pruning_study.hpp"

#include "training/pruning/removal_order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Every case after 0, ..., K removals, [cases, 1 + K].
struct CaseTable {
    Matrix right;  ///< 1 where the sign is right
    Matrix loss;   ///< (f - y)^2
};

double deviation_of(const Vector& values) {
    if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt((values.array() - values.mean()).square().sum() /
                     static_cast<double>(values.size() - 1));
}

class Study {
  public:
    Study(const std::vector<Index>& heads, const std::function<Vector(const Lesion&)>& answer,
          const Vector& targets)
        : heads_(heads), answer_(answer), targets_(targets) {
        whole_ = right_signs(answer_(lesion_of({}, heads_)), targets_);
    }

    [[nodiscard]] Performance measure(const Vector& right, const Vector& loss) const {
        return {mean_of(right), mean_of(right - whole_), mean_of(loss)};
    }

    [[nodiscard]] Performance remove_one(Index number) const {
        const Vector outputs = answer_(lesion_of({number}, heads_));
        return measure(right_signs(outputs, targets_), (outputs - targets_).array().square());
    }

    /// @param cases  set to what becomes of each case
    PruningCurve prune(std::vector<Index> order, CaseTable& cases) const {
        PruningCurve curve{std::move(order), {}};
        const auto columns = static_cast<Index>(curve.order.size()) + 1;
        cases = {Matrix(targets_.size(), columns), Matrix(targets_.size(), columns)};
        std::vector<Index> removed;
        for (Index removals = 0; removals < columns; ++removals) {
            if (removals > 0) removed.push_back(curve.order[static_cast<std::size_t>(removals - 1)]);
            const Vector outputs = answer_(lesion_of(removed, heads_));
            cases.right.col(removals) = right_signs(outputs, targets_);
            cases.loss.col(removals) = (outputs - targets_).array().square();
            curve.performance.push_back(measure(cases.right.col(removals), cases.loss.col(removals)));
        }
        return curve;
    }

  private:
    const std::vector<Index>& heads_;
    const std::function<Vector(const Lesion&)>& answer_;
    const Vector& targets_;
    Vector whole_;
};

/// Mean over 1, ..., K removals of every case, or every shuffle.
Vector mean_over_removals(const Matrix& right) {
    return right.rightCols(right.cols() - 1).rowwise().mean();
}

}  // namespace

Estimate mean_of(const Vector& cases) {
    return {cases.mean(), deviation_of(cases) / std::sqrt(static_cast<double>(cases.size()))};
}

Vector right_signs(const Vector& outputs, const Vector& targets) {
    return ((outputs.array() > 0) == (targets.array() > 0)).cast<double>();
}

PruningStudy study_pruning(const std::vector<Index>& heads, const Vector& scores, Index shuffles,
                           std::uint64_t seed, const std::function<Vector(const Lesion&)>& answer,
                           const Vector& targets) {
    const Study study(heads, answer, targets);
    PruningStudy result;
    for (Index number = 0; number < scores.size(); ++number) {
        const bool is_only = heads[head_place(number, heads).layer] == 1;
        result.single.push_back(is_only ? Performance{} : study.remove_one(number));
    }
    std::vector<Index> wish = ascending_order(scores);
    CaseTable cases;
    result.ascending = study.prune(removal_order(wish, heads), cases);
    const Vector ascending = mean_over_removals(cases.right);
    const double ascending_right = cases.right.rightCols(cases.right.cols() - 1).sum();
    std::reverse(wish.begin(), wish.end());
    result.descending = study.prune(removal_order(wish, heads), cases);
    result.advantage.over_descending = mean_of(ascending - mean_over_removals(cases.right));

    // Of random orders, only sums over them are kept by case.
    const Index columns = cases.right.cols();
    CaseTable mean{Matrix::Zero(targets.size(), columns), Matrix::Zero(targets.size(), columns)};
    Matrix accuracies(shuffles, columns);
    Matrix losses(shuffles, columns);
    for (Index shuffle = 0; shuffle < shuffles; ++shuffle) {
        const std::vector<Index> order =
            random_order(scores.size(), seed, static_cast<std::uint64_t>(shuffle));
        result.random.shuffles.push_back(study.prune(removal_order(order, heads), cases));
        mean.right += cases.right;
        mean.loss += cases.loss;
        accuracies.row(shuffle) = cases.right.colwise().mean();
        losses.row(shuffle) = cases.loss.colwise().mean();
        // Sums of whole numbers, which are exact.
        const double lead = ascending_right - cases.right.rightCols(columns - 1).sum();
        if (lead > 0) ++result.advantage.shuffles_beaten;
        if (lead == 0) ++result.advantage.shuffles_equalled;
    }
    mean.right /= static_cast<double>(shuffles);
    mean.loss /= static_cast<double>(shuffles);
    const auto add_shuffles = [](Estimate& estimate, const Vector& values) {
        estimate.error = std::hypot(estimate.error, mean_of(values).error);
    };
    for (Index k = 0; k < columns; ++k) {
        Performance performance = study.measure(mean.right.col(k), mean.loss.col(k));
        add_shuffles(performance.accuracy, accuracies.col(k));
        add_shuffles(performance.change, accuracies.col(k));
        add_shuffles(performance.loss, losses.col(k));
        result.random.mean.push_back(performance);
        result.random.band.push_back(deviation_of(accuracies.col(k)));
    }
    result.advantage.over_random = mean_of(ascending - mean_over_removals(mean.right));
    add_shuffles(result.advantage.over_random, mean_over_removals(accuracies));
    return result;
}

}  // namespace attnpaths
