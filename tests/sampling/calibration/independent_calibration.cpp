#include "sampling/calibration/independent_calibration.hpp"

#include "base/error.hpp"
#include "sampling/calibration/order_parameter_model.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/independent_draws.hpp"
#include "theory/predictor.hpp"
#include "theory/saddle_point.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace attnpaths::testing {

namespace {

/// What the wrong log weight of a draw has more than the right one.
double mistake(ImportanceVariant variant, const NormalScores& scores, const Vector& unknowns) {
    double more = 0;
    if (variant == ImportanceVariant::no_jacobian)
        more = scores.slopes(scores.scores(unknowns), unknowns).first.array().log().sum();
    if (variant == ImportanceVariant::limit_degrees)
        for (const WhitenedCoordinates::Level& level : scores.coordinates().levels())
            WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
                if (i == j) more += static_cast<double>(i) * unknowns(index);
            });
    return more;
}

struct WeightedDraws {
    std::vector<IndependentDraws::Block> blocks;
    Vector log_weights;

    [[nodiscard]] const Vector& unknowns(Index draw) const {
        return at(draw).unknowns[static_cast<std::size_t>(draw % IndependentDraws::block_size)];
    }
    [[nodiscard]] const Matrix& U(Index draw) const {
        return at(draw).U[static_cast<std::size_t>(draw % IndependentDraws::block_size)];
    }

  private:
    [[nodiscard]] const IndependentDraws::Block& at(Index draw) const {
        return blocks[static_cast<std::size_t>(draw / IndependentDraws::block_size)];
    }
};

WeightedDraws draws_of(const SmallProblem& problem, const PathKernels& kernels, const Matrix& y,
                       ImportanceVariant variant, std::uint64_t seed, int blocks) {
    DataTerm data_term(kernels, y, problem.temperature);
    const Vector start = solve_saddle_point(problem.architecture, data_term, {}).unknowns;
    const IndependentDraws draws(problem.architecture, data_term, start, seed,
                                 proposal_widening(problem.architecture));
    constexpr Index size = IndependentDraws::block_size;
    WeightedDraws result;
    result.log_weights = Vector::Zero(blocks * size);
    for (int number = 0; number < blocks; ++number) {
        result.blocks.push_back(draws.block(static_cast<std::uint64_t>(number)));
        if (variant == ImportanceVariant::unweighted) continue;
        auto weights = result.log_weights.segment(number * size, size);
        weights = draws.log_weights(result.blocks.back());
        for (Index i = 0; i < size; ++i)
            weights(i) +=
                mistake(variant, draws.scores(), result.blocks.back().unknowns[static_cast<std::size_t>(i)]);
    }
    return result;
}

/// Quantities and their squares.
Vector moments_of(const Vector& quantities) {
    Vector moments(2 * quantities.size());
    moments << quantities, quantities.cwiseAbs2();
    return moments;
}

}  // namespace

ImportanceVariant importance_variant(const std::string& name) {
    const std::map<std::string, ImportanceVariant> variants = {
        {"exact", ImportanceVariant::exact},
        {"no-jacobian", ImportanceVariant::no_jacobian},
        {"limit-degrees", ImportanceVariant::limit_degrees},
        {"unweighted", ImportanceVariant::unweighted}};
    const auto found = variants.find(name);
    if (found == variants.end()) throw UsageError("there is no variant " + name + " of the weights");
    return found->second;
}

double IndependentCalibration::p_value() const {
    double least = 1;
    for (const RankHistogram& histogram : histograms) least = std::min(least, histogram.p_value());
    return std::min(1.0, least * static_cast<double>(histograms.size()));
}

IndependentCalibration calibrate_independent_draws(const SmallProblem& problem, ImportanceVariant variant,
                                                   const IndependentCalibrationOptions& options) {
    const OrderParameterModel model(problem);
    const PathKernels kernels(problem.features(), problem.architecture.paths(), problem.architecture.outputs,
                              problem.prefactor(), KernelStorage::features);
    std::vector<std::string> names = model.quantities();
    std::vector<std::vector<int>> ranks;
    Matrix differences;  // [moments, replicas]
    for (int replica = 0; replica < options.replicas; ++replica) {
        const auto number = static_cast<std::uint64_t>(replica);
        RandomStream random(options.seed, "calibration/truth", number);
        const Vector truth = model.draw_unknowns(random);
        const JointModel::Data data = model.draw_data(truth, random);
        const Vector quantities = model.quantities_of(truth, data.y);
        const WeightedDraws draws =
            draws_of(problem, kernels, data.y, variant, 1000 * options.seed + number, options.blocks);

        Vector weights = relative_weights(draws.log_weights);
        weights /= weights.sum();
        Vector moments = moments_of(quantities);
        differences.conservativeResize(moments.size(), replica + 1);
        for (Index draw = 0; draw < weights.size(); ++draw)
            if (weights(draw) > 0)
                moments -= weights(draw) * moments_of(model.quantities_of(draws.unknowns(draw), data.y));
        differences.col(replica) = moments;

        Vector true_values(quantities.size() + data.test_output.size());
        true_values << quantities, data.test_output;
        ranks.resize(static_cast<std::size_t>(true_values.size()));
        for (std::vector<int>& of_quantity : ranks) of_quantity.push_back(0);
        RandomStream rest(options.seed, "calibration/independent", number);
        Vector values(true_values.size());
        for (const Index draw : resample(weights, options.resampled, rest)) {
            const Prediction f = Predictor(kernels, data.y, problem.temperature, draws.U(draw))
                                     .predict(problem.test_features());
            values.head(quantities.size()) = model.quantities_of(draws.unknowns(draw), data.y);
            for (Index d = 0; d < data.test_output.size(); ++d)
                values(quantities.size() + d) = f.mean(0, d) + std::sqrt(f.variance(0, d)) * rest.normal();
            for (Index i = 0; i < values.size(); ++i)
                ranks[static_cast<std::size_t>(i)].back() += values(i) < true_values(i) ? 1 : 0;
        }
    }
    IndependentCalibration result;
    for (const char* power : {"", "^2"})
        for (const std::string& name : names) result.moments.push_back(name + power);
    const Vector mean = differences.rowwise().mean();
    const Vector spread = (differences.colwise() - mean).rowwise().norm();
    result.z = options.replicas * mean.cwiseQuotient(spread);
    for (std::size_t output = names.size(); output < ranks.size(); ++output) names.emplace_back("f(test)");
    for (std::size_t i = 0; i < ranks.size(); ++i)
        result.histograms.push_back(rank_histogram(names[i], ranks[i], options.resampled, options.bins));
    return result;
}

}  // namespace attnpaths::testing
