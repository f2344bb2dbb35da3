#include "analyses/best_temperature/best_temperature.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "base/error.hpp"
#include "theory/evidence.hpp"

#include <boost/math/tools/minima.hpp>

#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

// Temperatures are looked at by their logarithm, relative to the point's own.
constexpr double first_stride = 1.1;  // a factor of 3
constexpr double farthest = 18;       // factors of some 10^8 either way
constexpr double precision = 0.005;   // half a per cent of the temperature
constexpr int typical_solutions = 14;

/// The evidence of a problem as a function of its temperature.
class EvidenceCurve {
  public:
    EvidenceCurve(const Problem& problem, const SaddlePointOptions& options)
        : problem_(problem), options_(options) {}

    double operator()(double log_factor) {
        const Problem problem = problem_.at(problem_.temperature() * std::exp(log_factor));
        DataTerm data_term = problem.data_term();
        const SaddlePoint saddle = solve_saddle_point(problem.architecture(), data_term, options_);
        return log_evidence_ratio(problem, data_term, saddle);
    }

  private:
    const Problem& problem_;
    const SaddlePointOptions& options_;
};

/// Ends of an interval that has a maximum inside: uphill from the point's own temperature with growing
/// strides.
/// @throws Error if there is none within reach
std::pair<double, double> bracket(EvidenceCurve& evidence) {
    double middle = 0;
    double height = evidence(middle);
    double stride = first_stride;
    double next = evidence(stride);
    if (next < height) {
        const double other = evidence(-stride);
        if (other <= height) return {-stride, stride};
        stride = -stride;
        next = other;
    }
    double before = middle;
    while (next > height) {
        before = middle;
        middle += stride;
        height = next;
        stride *= 1.5;
        if (std::abs(middle + stride) > farthest)
            throw Error(
                ExitCode::internal,
                "the evidence has no greatest value between 1e-8 and 1e8 times the point's temperature");
        next = evidence(middle + stride);
    }
    return std::minmax(before, middle + stride);
}

void run(const Problem& problem, const Record& /*needed*/, Record& own, Context& context) {
    if (!is_in_regime(problem.architecture()))
        throw NotApplicable("a width is below its number of paths, where the evidence has no expansion");
    SaddlePointOptions options = saddle_point_options(context.inputs.settings);
    options.poll = context.hooks.poll;
    options.second_start = false;
    EvidenceCurve evidence(problem, options);
    const auto [low, high] = bracket(evidence);
    const int bits = static_cast<int>(std::ceil(-std::log2(precision / std::max(1.0, std::max(-low, high)))));
    const auto [log_factor, lowest] = boost::math::tools::brent_find_minima(
        [&](double place) { return -evidence(place); }, low, high, bits);
    const Problem best = problem.at(problem.temperature() * std::exp(log_factor));
    own["best_temperature/temperature"] = best.temperature();
    own["best_temperature/log_evidence"] = -lowest;
    DataTerm data_term = best.data_term();
    const SaddlePoint saddle = solve_saddle_point(best.architecture(), data_term, options);
    add_qualities(own, "best_temperature",
                  best.training().predict(best.predictor(saddle.order_parameters.U.front())), best);
}

}  // namespace

Analysis best_temperature_analysis() {
    Analysis analysis;
    analysis.name = "best-temperature";
    analysis.summary =
        "the temperature of greatest evidence, to half a per cent, and the predictor there: whatever the "
        "point's "
        "own temperature, where the search begins";
    analysis.source = "theory/README.md section 12";
    analysis.needs = {"saddle-point"};
    analysis.by_default = false;
    analysis.columns = {
        {"best_temperature/temperature", ColumnType::real, "", "", "temperature of greatest evidence"},
        {"best_temperature/log_evidence", ColumnType::real, "", "nats", "log p(y) there, at finite width"},
    };
    for (Column& column :
         quality_columns("best_temperature", "the predictor at the temperature of greatest evidence"))
        analysis.columns.push_back(std::move(column));
    analysis.table = {{"best T", "best_temperature/temperature"},
                      {"accuracy there", "best_temperature/accuracy"}};
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {typical_solutions * (saddle_point_seconds(size) + hessian_seconds(size)), 0};
    };
    analysis.bytes = hessian_bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
