#include "theory/order_parameters.hpp"

#include "base/error.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::uneven_architecture;

const std::vector<Architecture> architectures = {
    uneven_architecture({1}, 1),       uneven_architecture({4}, 1),          uneven_architecture({2, 3}, 1),
    uneven_architecture({3, 1, 2}, 1), uneven_architecture({2, 1, 2, 2}, 1), uneven_architecture({2, 2}, 3)};

TEST(OrderParameters, OriginIsTheGaussianProcessLimit) {
    for (const Architecture& architecture : architectures) {
        const WhitenedCoordinates coordinates(architecture);
        const OrderParameters at_origin =
            WhitenedCoordinates::order_parameters(coordinates.expand(Vector::Zero(coordinates.size())));
        const OrderParameters gp = gaussian_process_order_parameters(architecture);
        EXPECT_TRUE(at_origin.U_a.isApprox(gp.U_a, 1e-14));
        ASSERT_EQ(at_origin.U.size(), architecture.depth());
        for (std::size_t l = 0; l < gp.U.size(); ++l) EXPECT_TRUE(at_origin.U[l].isApprox(gp.U[l], 1e-14));
        EXPECT_EQ(gp.U.front().rows(), architecture.paths() * architecture.outputs);
    }
}

TEST(OrderParameters, UnknownsOfInvertsExpand) {
    for (const Architecture& architecture : architectures) {
        const WhitenedCoordinates coordinates(architecture);
        const Vector unknowns = 0.5 * normal_matrix(coordinates.size(), 1, 3);
        const OrderParameters order_parameters =
            WhitenedCoordinates::order_parameters(coordinates.expand(unknowns));
        EXPECT_LT((coordinates.unknowns_of(order_parameters) - unknowns).cwiseAbs().maxCoeff(), 1e-10);
    }
}

TEST(OrderParameters, UnknownsOfRefusesWhatIsNotPositiveDefinite) {
    const Architecture architecture = uneven_architecture({2, 2}, 1);
    OrderParameters order_parameters = gaussian_process_order_parameters(architecture);
    order_parameters.U.front()(0, 0) = -1;
    EXPECT_THROW((void)WhitenedCoordinates(architecture).unknowns_of(order_parameters), NumericalError);
}

TEST(OrderParameters, EveryRealVectorIsPositiveDefinite) {
    const Architecture architecture = uneven_architecture({2, 3}, 2);
    const WhitenedCoordinates coordinates(architecture);
    const Matrix U = WhitenedCoordinates::path_order_parameter(
        coordinates.expand(normal_matrix(coordinates.size(), 1, 5)));
    EXPECT_GT(U.selfadjointView<Eigen::Lower>().eigenvalues().minCoeff(), 0);
}

/// Derivatives against central differences of the map unknowns -> U_1.
TEST(OrderParameters, PushForwardAndPullBackAreTheDerivative) {
    constexpr double step = 1e-6;
    for (const Architecture& architecture : architectures) {
        const WhitenedCoordinates coordinates(architecture);
        const Vector x = 0.4 * normal_matrix(coordinates.size(), 1, 7);
        const Vector direction = normal_matrix(coordinates.size(), 1, 8);
        const WhitenedCoordinates::Point point = coordinates.expand(x);
        const WhitenedCoordinates::Point tangent = coordinates.push_forward(point, direction);
        const auto U = [&](const Vector& at) {
            return WhitenedCoordinates::path_order_parameter(coordinates.expand(at));
        };
        const Matrix difference = (U(x + step * direction) - U(x - step * direction)) / (2 * step);
        const Matrix change = WhitenedCoordinates::path_order_parameter_change(point, tangent);
        const double scale = change.cwiseAbs().maxCoeff();
        EXPECT_LT((change - difference).cwiseAbs().maxCoeff(), 1e-7 * scale);

        // The adjoint: <dU, change of U> = pull_back(dU) . direction.
        Matrix dU = normal_matrix(change.rows(), change.cols(), 9);
        dU = (dU + dU.transpose()).eval();
        EXPECT_NEAR(coordinates.pull_back(point, dU).dot(direction), dU.cwiseProduct(change).sum(),
                    1e-11 * scale * static_cast<double>(change.size()));

        Matrix ddU = normal_matrix(change.rows(), change.cols(), 10);
        ddU = (ddU + ddU.transpose()).eval();
        const Vector pulled_difference =
            (coordinates.pull_back(coordinates.expand(x + step * direction), dU + step * ddU) -
             coordinates.pull_back(coordinates.expand(x - step * direction), dU - step * ddU)) /
            (2 * step);
        const Vector pulled_change = coordinates.pull_back_change(point, tangent, dU, ddU);
        EXPECT_LT((pulled_change - pulled_difference).cwiseAbs().maxCoeff(),
                  1e-6 * pulled_change.cwiseAbs().maxCoeff());
    }
}

}  // namespace
}  // namespace attnpaths
