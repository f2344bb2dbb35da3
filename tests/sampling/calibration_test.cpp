// The samplers draw from the laws they claim, and samplers that do not are found. Short form; the long one
// is tests/calibration.sh.

#include "sampling/calibration/independent_calibration.hpp"
#include "sampling/calibration/joint_distribution_test.hpp"
#include "sampling/calibration/models.hpp"
#include "sampling/calibration/simulation_based_calibration.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace attnpaths::testing {
namespace {

/// chi^2 = 2 (2^2 / 10) = 0.8 with one degree of freedom; every bin holds 32 of the ranks 0..63.
TEST(RankHistogram, HasThePValueOfItsChiSquare) {
    std::vector<int> ranks(8, 31);
    ranks.resize(20, 32);
    const RankHistogram histogram = rank_histogram("f", ranks, 63, 2);
    EXPECT_EQ(histogram.counts, (std::vector<int>{8, 12}));
    EXPECT_NEAR(histogram.p_value(), 0.37109336952269756, 1e-12);
    EXPECT_EQ(to_text(histogram), "46");
}

/// A sampler by name.
struct Case {
    std::string method;
    std::string problem;
    std::string variant;
    int replicas;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.method << ' ' << c.problem << ' ' << c.variant;
}

/// p-value of the ranks, corrected for the number of quantities.
double p_of_ranks(const Case& c, const JointModel& model) {
    SimulationBasedOptions options;
    options.replicas = c.replicas;
    const SimulationBasedCalibration calibration = simulation_based_calibration(model, options);
    fmt::print("ranks p = {:.2g} (every {} transitions, {} divergences)\n", calibration.p_value(),
               calibration.thinning, calibration.divergences);
    return calibration.p_value();
}

/// Largest |z| of the moments.
double z_of_moments(const JointModel& model) {
    const MomentComparison worst = joint_distribution_test(model, {}).worst();
    fmt::print("moments |z| = {:.1f} ({})\n", std::abs(worst.z), worst.moment);
    return std::abs(worst.z);
}

// False alarms: 1e-4 by the ranks and 3e-5 by some 45 moments, per case; below 1e-3 for all of them.
class ExactSampler : public ::testing::TestWithParam<Case> {};

TEST_P(ExactSampler, IsCalibrated) {
    const Case& c = GetParam();
    const auto model = make_model(c.method, c.problem, c.variant);
    EXPECT_LT(z_of_moments(*model), 5);
    EXPECT_GT(p_of_ranks(c, *model), 1e-4);
}

class WrongSampler : public ::testing::TestWithParam<Case> {};

TEST_P(WrongSampler, IsFound) {
    const Case& c = GetParam();
    const auto model = make_model(c.method, c.problem, c.variant);
    EXPECT_TRUE(z_of_moments(*model) > 6 || p_of_ranks(c, *model) < 1e-6);
}

std::string identifier(std::string name) {
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

/// Independent draws and their weights on a problem by name.
struct WeightCase {
    std::string variant;
    std::string problem;
    int replicas;
};

std::ostream& operator<<(std::ostream& out, const WeightCase& c) {
    return out << c.variant << ' ' << c.problem;
}

class IndependentSampler : public ::testing::TestWithParam<WeightCase> {};

TEST_P(IndependentSampler, IsCalibratedWithTheRightWeightsAlone) {
    const WeightCase& c = GetParam();
    IndependentCalibrationOptions options;
    options.replicas = c.replicas;
    const IndependentCalibration found =
        calibrate_independent_draws(small_problem(c.problem), importance_variant(c.variant), options);
    Index worst = 0;
    const double z = found.z.cwiseAbs().maxCoeff(&worst);
    fmt::print("independent {} {}: ranks p = {:.2g}, moments |z| = {:.1f} ({})\n", c.problem, c.variant,
               found.p_value(), z, found.moments[static_cast<std::size_t>(worst)]);
    if (c.variant == "exact") {
        EXPECT_GT(found.p_value(), 1e-4);
        EXPECT_LT(z, 5);
    } else {
        EXPECT_TRUE(found.p_value() < 1e-6 || z > 6);
    }
}

std::string weight_case_name(const ::testing::TestParamInfo<WeightCase>& info) {
    return identifier(info.param.problem + '_' + info.param.variant);
}

INSTANTIATE_TEST_SUITE_P(Calibration, IndependentSampler,
                         ::testing::Values(WeightCase{"exact", "wider", 400},
                                           WeightCase{"exact", "wider-outputs", 400},
                                           WeightCase{"no-jacobian", "wider", 1200},
                                           WeightCase{"limit-degrees", "wider", 400},
                                           WeightCase{"unweighted", "wider", 600}),
                         weight_case_name);

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    return identifier(info.param.method + '_' + info.param.problem + '_' + info.param.variant);
}

INSTANTIATE_TEST_SUITE_P(Calibration, ExactSampler,
                         ::testing::Values(Case{"order-parameter", "depth-two", "exact", 200},
                                           Case{"order-parameter", "low-rank", "exact", 200},
                                           Case{"order-parameter", "two-outputs", "exact", 200},
                                           Case{"weights", "depth-two", "exact", 100},
                                           Case{"weights", "low-rank", "exact", 100},
                                           Case{"weights", "two-outputs", "exact", 100}),
                         name_of);

INSTANTIATE_TEST_SUITE_P(Calibration, WrongSampler,
                         ::testing::Values(Case{"order-parameter", "depth-two", "degrees", 200},
                                           Case{"order-parameter", "depth-two", "limit-degrees", 200},
                                           Case{"order-parameter", "depth-two", "no-jacobian", 200},
                                           Case{"order-parameter", "two-outputs", "half-energy", 200},
                                           Case{"weights", "two-outputs", "double-noise", 100},
                                           Case{"weights", "two-outputs", "no-head-scale", 100},
                                           Case{"weights", "two-outputs", "prior-variance", 100}),
                         name_of);

}  // namespace
}  // namespace attnpaths::testing
