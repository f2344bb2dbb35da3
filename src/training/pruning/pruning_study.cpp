#include "training/pruning/pruning_study.hpp"

#include "training/pruning/removal_order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Every case after 0, ..., K removals, [cases, 1 + K].
struct CaseTable {
    Matrix right;  ///< 1 where the answer is right; NaN where targets are not classes
    Matrix loss;   ///< |f - y|^2
    /// What a network is worth by which orders are compared.
    [[nodiscard]] Matrix worth(bool are_classes) const { return are_classes ? right : Matrix(-loss); }
};

double deviation_of(const Vector& values) {
    if (values.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt((values.array() - values.mean()).square().sum() /
                     static_cast<double>(values.size() - 1));
}

class Study {
  public:
    Study(const std::vector<Index>& heads, const PruningCases& cases) : heads_(heads), cases_(cases) {
        whole_ = answer({}).right;
    }

    [[nodiscard]] Performance measure(const Vector& right, const Vector& loss) const {
        return {mean_of(right), mean_of(right - whole_), mean_of(loss)};
    }

    [[nodiscard]] Performance remove_one(Index number) const {
        const Answers answers = answer({number});
        return measure(answers.right, answers.loss);
    }

    /// @param cases  set to what becomes of each case
    PruningCurve prune(std::vector<Index> order, CaseTable& cases) const {
        PruningCurve curve{std::move(order), {}};
        const auto columns = static_cast<Index>(curve.order.size()) + 1;
        cases = {Matrix(cases_.targets.rows(), columns), Matrix(cases_.targets.rows(), columns)};
        std::vector<Index> removed;
        for (Index removals = 0; removals < columns; ++removals) {
            if (removals > 0) removed.push_back(curve.order[static_cast<std::size_t>(removals - 1)]);
            const Answers answers = answer(removed);
            cases.right.col(removals) = answers.right;
            cases.loss.col(removals) = answers.loss;
            curve.performance.push_back(measure(cases.right.col(removals), cases.loss.col(removals)));
        }
        return curve;
    }

  private:
    struct Answers {
        Vector right;
        Vector loss;
    };

    [[nodiscard]] Answers answer(const std::vector<Index>& removed) const {
        const Matrix outputs = cases_.answer(lesion_of(removed, heads_));
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        return {cases_.are_classes ? right_answers(outputs, cases_.targets)
                                   : Vector::Constant(outputs.rows(), unknown),
                (outputs - cases_.targets).rowwise().squaredNorm()};
    }

    const std::vector<Index>& heads_;
    const PruningCases& cases_;
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

Vector right_answers(const Matrix& outputs, const Matrix& targets) {
    if (outputs.cols() == 1) return ((outputs.array() > 0) == (targets.array() > 0)).cast<double>();
    Vector right(outputs.rows());
    for (Index row = 0; row < outputs.rows(); ++row) {
        Index answer = 0;
        Index target = 0;
        outputs.row(row).maxCoeff(&answer);
        targets.row(row).maxCoeff(&target);
        right(row) = answer == target ? 1 : 0;
    }
    return right;
}

PruningStudy study_pruning(const std::vector<Index>& heads, const std::vector<Index>& ascending,
                           Index shuffles, std::uint64_t seed, const PruningCases& cases) {
    const Study study(heads, cases);
    PruningStudy result;
    const auto count = static_cast<Index>(ascending.size());
    for (Index number = 0; number < count; ++number) {
        const bool is_only = heads[head_place(number, heads).layer] == 1;
        result.single.push_back(is_only ? Performance{} : study.remove_one(number));
    }
    CaseTable table;
    const auto worth = [&] { return table.worth(cases.are_classes); };
    result.ascending = study.prune(removal_order(ascending, heads), table);
    const Vector own = mean_over_removals(worth());
    const double own_sum = worth().rightCols(table.right.cols() - 1).sum();
    result.descending = study.prune(removal_order({ascending.rbegin(), ascending.rend()}, heads), table);
    result.advantage.over_descending = mean_of(own - mean_over_removals(worth()));

    // Of random orders, only sums over them are kept by case.
    const Index columns = table.right.cols();
    const Index rows = cases.targets.rows();
    CaseTable mean{Matrix::Zero(rows, columns), Matrix::Zero(rows, columns)};
    Matrix accuracies(shuffles, columns);
    Matrix losses(shuffles, columns);
    for (Index shuffle = 0; shuffle < shuffles; ++shuffle) {
        const std::vector<Index> order = random_order(count, seed, static_cast<std::uint64_t>(shuffle));
        result.random.shuffles.push_back(study.prune(removal_order(order, heads), table));
        mean.right += table.right;
        mean.loss += table.loss;
        accuracies.row(shuffle) = table.right.colwise().mean();
        losses.row(shuffle) = table.loss.colwise().mean();
        // Of accuracies, sums of whole numbers, which are exact.
        const double lead = own_sum - worth().rightCols(columns - 1).sum();
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
    result.advantage.over_random = mean_of(own - mean_over_removals(mean.worth(cases.are_classes)));
    add_shuffles(result.advantage.over_random,
                 mean_over_removals(cases.are_classes ? accuracies : Matrix(-losses)));
    return result;
}

}  // namespace attnpaths
