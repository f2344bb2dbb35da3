// Analyses beyond the saddle point, through the whole pipeline: a data set file in, columns out. Figures of
// an independent implementation in numpy on the reference task, T = 0.01, P = 100.

#include "analyses/saddle_point/saddle_point.hpp"
#include "point/columns.hpp"
#include "point/solve_point.hpp"
#include "sweep/small_sweep.hpp"
#include "theory/learning_curve.hpp"

#include <Eigen/LU>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace attnpaths {
namespace {

double number(const Record& record, const std::string& column) {
    return std::get<double>(record.at(column));
}
double element(const Record& record, const std::string& column, std::size_t index) {
    return std::get<ValueArray>(record.at(column)).values.at(index);
}

Configuration reference_configuration(const Texts& changes) {
    Texts texts = {{"task.file", ATTNPATHS_TEST_DATA "/markov-4paths-small.h5"},
                   {"grid.examples", "100"},
                   {"grid.temperature", "0.01"}};
    for (const auto& [key, text] : changes) texts[key] = text;
    Configuration configuration = read_configuration(dataset_settings(texts));
    configuration.task->load();
    return configuration;
}

/// Bias, variance and accuracy are those of the 20 test points of the file, pair of paths by pair of paths.
TEST(AnalysisFigures, NextOrderAndEvidence) {
    struct Reference {
        double U_11, U_31, sd_11, bias, variance, accuracy, log_evidence;
    };
    const std::array references = {
        Reference{14.76129925, -5.906474014, 3.428408126, 0.278986518037, 0.241450471161, 1, -103.569597152},
        Reference{2.931717407, -0.487117155, 0.4926987611, 0.452287582191, 0.353840318628, 0.85,
                  -136.351969878},
        Reference{1.268287351, -0.03900687342, 0.08923424548, 0.616176708823, 0.286521757135, 0.75,
                  -159.036670921}};
    const Configuration configuration =
        reference_configuration({{"grid.width", "10 100 1000"}, {"next_order.covariance", "true"}});
    std::vector<GridPoint> points = grid_points(configuration);
    ASSERT_EQ(points.size(), references.size());
    std::sort(points.begin(), points.end(), [](const GridPoint& a, const GridPoint& b) {
        return a.architecture.largest_width() < b.architecture.largest_width();
    });
    for (std::size_t i = 0; i < points.size(); ++i) {
        SCOPED_TRACE(points[i].architecture.largest_width());
        const Record record = solve(configuration, points[i]);
        const Reference& reference = references.at(i);
        EXPECT_NEAR(element(record, "next_order/order_parameter", 0), reference.U_11, 1e-7);
        EXPECT_NEAR(element(record, "next_order/order_parameter", 8), reference.U_31, 1e-7);
        EXPECT_NEAR(element(record, "next_order/order_parameter_sd", 0), reference.sd_11, 1e-8);
        EXPECT_NEAR(std::sqrt(element(record, "next_order/order_parameter_covariance", 0)), reference.sd_11,
                    1e-8);
        EXPECT_NEAR(number(record, "next_order/bias"), reference.bias, 1e-8);
        EXPECT_NEAR(number(record, "next_order/variance"), reference.variance, 1e-8);
        EXPECT_EQ(number(record, "next_order/accuracy"), reference.accuracy);
        EXPECT_EQ(std::get<std::string>(record.at("next_order/verdict")),
                  is_certified(record) ? "trusted" : "saddle-point-reached");
        EXPECT_NEAR(number(record, "evidence/ratio"), reference.log_evidence, 1e-7);
        EXPECT_NEAR(number(record, "evidence/gaussian_process"), -168.380642432, 1e-7);
    }
}

TEST(AnalysisFigures, NothingIsExpandedWhereAWidthIsBelowItsPaths) {
    const Configuration configuration = reference_configuration({{"grid.width", "3"}});
    const Record record = solve(configuration, grid_points(configuration).front());
    EXPECT_EQ(std::get<std::string>(record.at("next_order/verdict")), "no-expansion");
    EXPECT_FALSE(record.contains("evidence/ratio"));
    EXPECT_FALSE(record.contains("next_order/shift_over_sd"));
    EXPECT_FALSE(record.contains("next_order/order_parameter"));
    EXPECT_NEAR(number(record, "evidence/gaussian_process"), -168.380642432, 1e-7);
}

TEST(AnalysisFigures, LearningCurves) {
    const Configuration configuration = reference_configuration(
        {{"grid.width", "10"}, {"analyses.run", "learning-curve"}, {"learning_curve.examples", "50 110"}});
    const Record record = solve(configuration, grid_points(configuration).front());
    EXPECT_NEAR(number(record, "learning_curve/leave_one_out_bias"), 0.2623935783, 1e-8);
    EXPECT_NEAR(number(record, "learning_curve/leave_one_out_variance"), 0.2366727191, 1e-8);
    EXPECT_NEAR(number(record, "learning_curve/generalised_cross_validation_bias"), 0.2653436715, 1e-8);
    EXPECT_NEAR(number(record, "learning_curve/generalised_cross_validation_variance"), 0.2171722716, 1e-8);
    EXPECT_NEAR(element(record, "learning_curve/training_bias", 0), 0.2675743583, 1e-8);
    EXPECT_NEAR(element(record, "learning_curve/training_variance", 0), 0.2618334125, 1e-8);
    EXPECT_TRUE(std::isnan(element(record, "learning_curve/training_bias", 1)));
    EXPECT_NEAR(element(record, "learning_curve/pool_bias", 0), 0.27202413638, 1e-8);
    EXPECT_NEAR(element(record, "learning_curve/pool_variance", 0), 0.26240057939, 1e-8);
    // 110 of the pool of 120.
    EXPECT_TRUE(std::isfinite(element(record, "learning_curve/pool_bias", 1)));
}

/// More examples than features: what is left out is an example, not a coordinate of the features' span.
TEST(AnalysisFigures, LeaveOneOutOfMoreExamplesThanFeatures) {
    constexpr double T = 0.1;
    const Configuration configuration = small_configuration({{"task.feature_width", "4"},
                                                             {"grid.examples", "60"},
                                                             {"grid.temperature", "0.1"},
                                                             {"analyses.run", "learning-curve"}});
    const GridPoint point = grid_points(configuration).front();
    const Record record = solve(configuration, point);

    const std::shared_ptr<const Dataset> dataset =
        configuration.task->data({point.architecture.heads, point.seed, 60});
    const auto data = std::make_shared<PathData>(dataset, std::vector<Index>{2, 2});
    ASSERT_GT(60, data->train().cols());
    const double prefactor = 1 / static_cast<double>(data->train().cols());
    const PathKernels kernels(data->train(), 4, 1, prefactor, KernelStorage::features);
    const ValueArray& U = std::get<ValueArray>(record.at("theory/order_parameter"));
    Matrix kernel;
    kernels.assemble(Eigen::Map<const Matrix>(U.values.data(), 4, 4), kernel);
    kernel = kernel.selfadjointView<Eigen::Lower>();
    kernel.diagonal().array() += T;
    const Matrix inverse = kernel.inverse();
    const ErrorEstimate expected = leave_one_out(inverse, inverse * dataset->train.y, 1, T);
    EXPECT_NEAR(number(record, "learning_curve/leave_one_out_bias"), expected.bias, 1e-8);
    EXPECT_NEAR(number(record, "learning_curve/leave_one_out_variance"), expected.variance, 1e-8);
    const Eigen::ArrayXd y = dataset->train.y.col(0).array();
    const Eigen::ArrayXd left_out =
        y - (inverse * dataset->train.y).col(0).array() / inverse.diagonal().array();
    EXPECT_EQ(number(record, "learning_curve/leave_one_out_accuracy"),
              (left_out * y > 0).cast<double>().mean());
}

/// Against importance sampling, which the ratio at the saddle point approaches as 1/N.
TEST(AnalysisFigures, BayesFactorsOfHeads) {
    struct Reference {
        const char* width;
        std::array<double, 4> log_bayes_factors;
        double tolerance;
    };
    for (const Reference& reference : {Reference{"100", {49.81, 106.24, 55.95, -8.63}, 0.1},
                                       Reference{"1000", {68.18, 331.92, 68.39, 46.34}, 0.015}}) {
        const Configuration configuration =
            reference_configuration({{"grid.width", reference.width}, {"analyses.run", "head-evidence"}});
        const Record record = solve(configuration, grid_points(configuration).front());
        ASSERT_EQ(text_of(record, "head-evidence/status"), "done")
            << text_of(record, "head-evidence/message");
        for (std::size_t head = 0; head < 4; ++head)
            EXPECT_NEAR(element(record, "head_evidence/log_bayes_factors", head),
                        reference.log_bayes_factors.at(head), reference.tolerance)
                << "N = " << reference.width << ", head " << head;
    }
}

TEST(AnalysisFigures, WithoutTheLastHeadIsTheNetworkThatNeverHadIt) {
    const auto solved = [](const char* heads) {
        const Configuration configuration = small_configuration({{"grid.width", "30"},
                                                                 {"grid.examples", "20"},
                                                                 {"grid.temperature", "0.01"},
                                                                 {"grid.heads", heads},
                                                                 {"analyses.run", "head-evidence"}});
        return solve(configuration, grid_points(configuration).front());
    };
    const Record whole = solved("2:2");
    const Record smaller = solved("2:1");
    EXPECT_NEAR(element(whole, "head_evidence/log_bayes_factors", 3),
                number(whole, "evidence/ratio") - number(smaller, "evidence/ratio"), 1e-8);
    // Without the only head of a layer nothing but noise of variance T is left.
    const double noise = -10 * std::log(2 * M_PI * 0.01) - 20 / (2 * 0.01);
    EXPECT_NEAR(element(smaller, "head_evidence/log_bayes_factors", 2),
                number(smaller, "evidence/ratio") - noise, 1e-8);
}

/// The evidence falls on either side, and the search finds the same from wherever it begins.
TEST(AnalysisFigures, TemperatureOfGreatestEvidence) {
    const auto solved = [](const std::string& temperature, const char* analyses) {
        const Configuration configuration = reference_configuration(
            {{"grid.width", "30"}, {"grid.temperature", temperature}, {"analyses.run", analyses}});
        return solve(configuration, grid_points(configuration).front());
    };
    const Record found = solved("0.01", "best-temperature");
    ASSERT_EQ(text_of(found, "best-temperature/status"), "done")
        << text_of(found, "best-temperature/message");
    const double best = number(found, "best_temperature/temperature");
    for (const char* start : {"1e-4", "3"})
        EXPECT_NEAR(number(solved(start, "best-temperature"), "best_temperature/temperature"), best,
                    0.01 * best);
    const auto evidence = [&](double temperature) {
        return number(solved(fmt::format("{}", temperature), "evidence"), "evidence/ratio");
    };
    EXPECT_NEAR(evidence(best), number(found, "best_temperature/log_evidence"), 1e-6);
    EXPECT_GT(evidence(best), evidence(best * 1.1));
    EXPECT_GT(evidence(best), evidence(best / 1.1));
    EXPECT_EQ(number(found, "best_temperature/bias"),
              number(solved(fmt::format("{}", best), "predictor"), "theory/bias"));
}

}  // namespace
}  // namespace attnpaths
