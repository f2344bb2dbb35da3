#include "sampling/diagnostics.hpp"

#include "base/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

/// Chains of an autoregressive process of unit variance, x_t = rho x_{t-1} + sqrt(1 - rho^2) noise.
Matrix autoregressive(Index draws, Index chains, double rho, std::uint64_t seed) {
    Matrix values(draws, chains);
    for (Index chain = 0; chain < chains; ++chain) {
        RandomStream random(seed, "test", static_cast<std::uint64_t>(chain));
        double x = random.normal();
        for (Index draw = 0; draw < draws; ++draw) {
            values(draw, chain) = x;
            x = rho * x + std::sqrt(1 - rho * rho) * random.normal();
        }
    }
    return values;
}

/// Draws and what another program says of them (data/make_diagnostics_fixture.R).
struct ReferenceCase {
    std::string name;
    Matrix draws;
    std::map<std::string, double> values;
};

std::vector<ReferenceCase> reference_cases() {
    std::ifstream file(ATTNPATHS_TEST_DATA "/diagnostics.txt");
    const auto word = [&] {
        std::string text;
        file >> text;
        return text;
    };
    std::vector<ReferenceCase> cases;
    while (word() == "case") {
        ReferenceCase& present = cases.emplace_back();
        Index draws = 0;
        Index chains = 0;
        file >> present.name >> draws >> chains;
        for (std::string quantity = word(); quantity != "draws" && file; quantity = word())
            present.values[quantity] = std::stod(word());
        present.draws.resize(draws, chains);
        for (auto row : present.draws.rowwise())
            for (double& element : row) element = std::stod(word());
    }
    return cases;
}

void expect_same(double value, double reference, const std::string& what) {
    if (std::isnan(reference))
        EXPECT_TRUE(std::isnan(value)) << what << ' ' << value;
    else
        EXPECT_NEAR(value / reference, 1, 1e-6) << what;
}

TEST(Diagnostics, AgreeWithTheRPackagePosterior) {
    const std::vector<ReferenceCase> cases = reference_cases();
    EXPECT_EQ(cases.size(), 22U);
    for (const auto& [name, draws, values] : cases) {
        expect_same(rhat(draws), values.at("rhat"), name + ": R-hat");
        expect_same(bulk_ess(draws), values.at("ess_bulk"), name + ": bulk ESS");
        expect_same(tail_ess(draws), values.at("ess_tail"), name + ": tail ESS");
        expect_same(mcse_mean(draws), values.at("mcse_mean"), name + ": standard error of the mean");
        expect_same(mcse_sd(draws), values.at("mcse_sd"),
                    name + ": standard error of the standard deviation");
        const Diagnostics all = diagnose(draws);
        expect_same(std::pow(all.sd / all.mcse_mean, 2), values.at("ess_mean"), name + ": ESS of the mean");
    }
}

TEST(Diagnostics, AllInOneGoAreTheSingleOnes) {
    for (const auto& [name, draws, values] : reference_cases()) {
        if (std::isnan(values.at("rhat"))) continue;
        const Diagnostics all = diagnose(draws);
        EXPECT_EQ(all.rhat, rhat(draws)) << name;
        if (std::isnan(values.at("ess_tail"))) continue;
        EXPECT_EQ(all.bulk_ess, bulk_ess(draws)) << name;
        EXPECT_EQ(all.tail_ess, tail_ess(draws)) << name;
        EXPECT_EQ(all.mcse_mean, mcse_mean(draws)) << name;
        EXPECT_EQ(all.mcse_sd, mcse_sd(draws)) << name;
        EXPECT_NEAR(all.mean, draws.mean(), 1e-12 * draws.cwiseAbs().maxCoeff()) << name;
        const double squares = (draws.array() - draws.mean()).square().sum();
        EXPECT_NEAR(all.sd / std::sqrt(squares / static_cast<double>(draws.size() - 1)), 1, 1e-12) << name;
    }
}

/// The standard deviation of n independent normal numbers has the standard error 1 / sqrt(2 n); the squares
/// of an autoregressive process have autocorrelations rho^(2 t).
TEST(Diagnostics, StandardErrorOfTheStandardDeviation) {
    for (const double rho : {0.0, 0.5, 0.9, -0.9}) {
        const double expected = 20000 * (1 - rho * rho) / (1 + rho * rho);
        EXPECT_NEAR(mcse_sd(autoregressive(5000, 4, rho, 6)) * std::sqrt(2 * expected), 1, 0.1) << rho;
    }
}

TEST(Diagnostics, DoNotDependOnTheUnit) {
    const Matrix draws = autoregressive(100, 4, 0.4, 7);
    const Diagnostics plain = diagnose(draws);
    const Diagnostics tiny = diagnose(0x1p-80 * draws);
    EXPECT_EQ(tiny.rhat, plain.rhat);
    EXPECT_EQ(tiny.bulk_ess, plain.bulk_ess);
    EXPECT_EQ(tiny.tail_ess, plain.tail_ess);
    EXPECT_EQ(tiny.mcse_mean, 0x1p-80 * plain.mcse_mean);
    EXPECT_EQ(tiny.mcse_sd, 0x1p-80 * plain.mcse_sd);
}

/// The effective sample size of an autoregressive process is n (1 - rho) / (1 + rho).
TEST(Diagnostics, EffectiveSampleSizeOfAnAutoregressiveProcess) {
    for (const double rho : {0.0, 0.5, 0.9, -0.3}) {
        const Matrix draws = autoregressive(5000, 4, rho, 1);
        const double expected = 20000 * (1 - rho) / (1 + rho);
        EXPECT_NEAR(bulk_ess(draws) / expected, 1, 0.12) << rho;
        EXPECT_NEAR(mcse_mean(draws) * std::sqrt(expected), 1, 0.1) << rho;
        EXPECT_LT(rhat(draws), 1.01) << rho;
    }
}

TEST(Diagnostics, RanksMakeThemIndifferentToMonotoneTransformations) {
    const Matrix draws = autoregressive(400, 4, 0.4, 2);
    const Matrix stretched = draws.array().exp().cube();
    EXPECT_EQ(bulk_ess(draws), bulk_ess(stretched));
    EXPECT_EQ(tail_ess(draws), tail_ess(stretched));
}

TEST(Diagnostics, RhatSeesAShiftAndADifferentWidth) {
    Matrix shifted = autoregressive(500, 4, 0, 3);
    shifted.col(0).array() += 1;
    EXPECT_GT(rhat(shifted), 1.05);
    Matrix wide = autoregressive(500, 4, 0, 3);
    wide.col(0) *= 3;
    EXPECT_GT(rhat(wide), 1.05);  // the folded one: the means agree
    Matrix drifting = autoregressive(500, 4, 0, 3);
    for (Index draw = 0; draw < 500; ++draw) drifting.row(draw).array() += 0.004 * static_cast<double>(draw);
    EXPECT_GT(rhat(drifting), 1.05);  // the split one: the chains agree
}

TEST(Diagnostics, AreNaNWhereTheyMeanNothing) {
    Matrix broken = autoregressive(100, 2, 0, 4);
    broken(3, 1) = std::numeric_limits<double>::quiet_NaN();
    Matrix infinite = autoregressive(100, 2, 0, 4);
    infinite(3, 1) = std::numeric_limits<double>::infinity();
    for (const Matrix& draws :
         {Matrix(Matrix::Constant(100, 2, 0.1)), broken, infinite, autoregressive(3, 2, 0, 4), Matrix()}) {
        EXPECT_TRUE(std::isnan(rhat(draws)));
        EXPECT_TRUE(std::isnan(bulk_ess(draws)));
        EXPECT_TRUE(std::isnan(tail_ess(draws)));
        EXPECT_TRUE(std::isnan(mcse_mean(draws)));
        EXPECT_TRUE(std::isnan(mcse_sd(draws)));
        const Diagnostics all = diagnose(draws);
        for (const double value : {all.rhat, all.bulk_ess, all.tail_ess, all.mcse_mean, all.mcse_sd})
            EXPECT_TRUE(std::isnan(value));
    }
    const Diagnostics constant = diagnose(Matrix::Constant(100, 2, 0.1));
    EXPECT_EQ(constant.mean, 0.1);
    EXPECT_EQ(constant.sd, 0);
}

TEST(Diagnostics, ChainsStuckAtDifferentPlacesNeverConverge) {
    Matrix draws(100, 2);
    draws.col(0).setConstant(0.1);
    draws.col(1).setConstant(0.3);
    draws(0, 0) = 0.2;  // or all would be equally far from the median
    EXPECT_GT(rhat(draws), 10);
    EXPECT_LT(bulk_ess(draws), 5);
    draws.conservativeResize(Eigen::NoChange, 3);
    draws.col(0).setConstant(0.1);
    draws.col(2).setConstant(0.7);
    EXPECT_EQ(rhat(draws), std::numeric_limits<double>::infinity());
}

/// Independent energies change by twice their variance; a slow random walk of energies hardly changes.
TEST(Diagnostics, EbfmiTellsFreeEnergiesFromStuckOnes) {
    EXPECT_NEAR(ebfmi(autoregressive(5000, 1, 0, 5)), 2, 0.15);
    EXPECT_LT(ebfmi(autoregressive(5000, 1, 0.95, 5)), 0.3);
}

}  // namespace
}  // namespace attnpaths
