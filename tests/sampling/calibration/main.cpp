// Calibration of the samplers at any length; the short form is calibration_test. See tests/calibration.sh.
// usage: calibration [--method order-parameter|weights|independent] [--problem NAME] [--variant NAME]
// [--replicas N]
//                    [--iterations N] [--seed N]

#include "base/error.hpp"
#include "base/numerics.hpp"
#include "sampling/calibration/independent_calibration.hpp"
#include "sampling/calibration/joint_distribution_test.hpp"
#include "sampling/calibration/models.hpp"
#include "sampling/calibration/simulation_based_calibration.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <map>

namespace attnpaths::testing {
namespace {

using Options = std::map<std::string, std::string>;

Options parse(int count, char** arguments) {
    Options options{{"method", "order-parameter"}, {"problem", "depth-two"}, {"variant", "exact"},
                    {"replicas", "1000"},          {"iterations", "100"},    {"seed", "1"}};
    for (int i = 1; i < count; i += 2) {
        const std::string name = arguments[i];
        if (!name.starts_with("--") || !options.contains(name.substr(2)) || i + 1 == count)
            throw UsageError(
                fmt::format("'{}' is no option with a value; see the head of this program's source", name));
        options[name.substr(2)] = arguments[i + 1];
    }
    return options;
}

/// A whole number above zero.
int positive(const Options& options, const std::string& name) {
    const std::string& text = options.at(name);
    const bool is_number =
        !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
    const int value = is_number ? std::stoi(text) : 0;
    if (value < 1)
        throw UsageError(fmt::format("--{} must be a whole number from 1 on, not '{}'", name, text));
    return value;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print(const std::vector<RankHistogram>& histograms, double p_value) {
    for (const RankHistogram& histogram : histograms)
        fmt::print("  {:<16} {}  p = {:.2g}\n", histogram.quantity, to_text(histogram), histogram.p_value());
    fmt::print("  least p, corrected for {} quantities: {:.3g}\n", histograms.size(), p_value);
}

bool verdict(double p_value, double z) {
    const bool passed = p_value > 1e-4 && z < 5;
    fmt::print("verdict: {} (p {:.3g}, |z| {:.2f})\n", passed ? "calibrated" : "WRONG", p_value, z);
    return passed;
}

/// The same for independent draws.
bool calibrate_weights(const Options& options) {
    IndependentCalibrationOptions calibration;
    calibration.replicas = positive(options, "replicas");
    calibration.seed = static_cast<std::uint64_t>(positive(options, "seed"));
    fmt::print("== independent draws, problem {}, variant {}\n", options.at("problem"),
               options.at("variant"));
    const auto start = std::chrono::steady_clock::now();
    const IndependentCalibration found = calibrate_independent_draws(
        small_problem(options.at("problem")), importance_variant(options.at("variant")), calibration);
    fmt::print("simulation-based calibration: {} replicas, {:.1f} s\n", calibration.replicas,
               seconds_since(start));
    print(found.histograms, found.p_value());
    for (std::size_t i = 0; i < found.moments.size(); ++i)
        fmt::print("  {:<22} z = {:.2f}\n", found.moments[i], found.z(static_cast<Index>(i)));
    return verdict(found.p_value(), found.largest_z());
}

/// Prints what was found.
/// @returns whether the sampler passed
bool calibrate(const Options& options) {
    if (options.at("method") == "independent") return calibrate_weights(options);
    const auto model = make_model(options.at("method"), options.at("problem"), options.at("variant"));
    const auto seed = static_cast<std::uint64_t>(positive(options, "seed"));
    fmt::print("== {} sampler, problem {}, variant {}\n", options.at("method"), options.at("problem"),
               options.at("variant"));

    auto start = std::chrono::steady_clock::now();
    SimulationBasedOptions ranks;
    ranks.replicas = positive(options, "replicas");
    ranks.seed = seed;
    const SimulationBasedCalibration calibration = simulation_based_calibration(*model, ranks);
    fmt::print(
        "simulation-based calibration: {} replicas, {} draws each, every {} transitions, {} divergences, "
        "{:.1f} s\n",
        ranks.replicas, ranks.draws, calibration.thinning, calibration.divergences, seconds_since(start));
    print(calibration.histograms, calibration.p_value());

    start = std::chrono::steady_clock::now();
    JointDistributionOptions alternation;
    alternation.iterations = positive(options, "iterations");
    alternation.seed = seed;
    const JointDistributionTest joint = joint_distribution_test(*model, alternation);
    fmt::print("joint distribution test: {} chains of {} iterations, {:.1f} s\n", alternation.chains,
               alternation.iterations, seconds_since(start));
    for (const MomentComparison& moment : joint.moments)
        fmt::print("  {:<22} exact {:>10.4g}  alternating {:>10.4g}  z = {:.2f}\n", moment.moment,
                   moment.exact, moment.alternating, moment.z);
    fmt::print("  largest |z|: {:.2f} ({})\n", std::abs(joint.worst().z), joint.worst().moment);

    return verdict(calibration.p_value(), std::abs(joint.worst().z));
}

}  // namespace
}  // namespace attnpaths::testing

int main(int count, char** arguments) {
    try {
        attnpaths::initialise_numerics();
        return attnpaths::testing::calibrate(attnpaths::testing::parse(count, arguments)) ? 0 : 1;
    } catch (const attnpaths::Error& error) {
        fmt::print(stderr, "calibration: {}\n", error.what());
        return static_cast<int>(error.code());
    }
}
