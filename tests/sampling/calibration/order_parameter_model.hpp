#pragma once

#include "sampling/calibration/joint_model.hpp"
#include "sampling/calibration/small_problem.hpp"
#include "theory/order_parameters.hpp"

#include <functional>

namespace attnpaths::testing {

/// The exact density, or one with a mistake that is easily made.
enum class OrderParameterVariant {
    exact,
    degrees,        ///< N_k - i + 1 degrees of freedom of B_ii in place of N_k - i
    limit_degrees,  ///< N_k degrees of freedom, as in the thermodynamic limit
    no_jacobian,    ///< density of B_ii used for log B_ii
    half_energy     ///< E / 2 in place of E
};

/// Order parameters and noisy outputs. Unknowns are the whitened coordinates. Data are drawn as a linear
/// function of the features with random coefficients, which needs no kernel.
class OrderParameterModel : public JointModel {
  public:
    explicit OrderParameterModel(SmallProblem problem,
                                 OrderParameterVariant variant = OrderParameterVariant::exact);

    [[nodiscard]] Vector draw_unknowns(RandomStream& random) const override;
    [[nodiscard]] Data draw_data(const Vector& unknowns, RandomStream& random) const override;
    /// Lower triangles of U_1, U_2, ..., U_a, log B_ii of every level, log likelihood.
    [[nodiscard]] std::vector<std::string> quantities() const override;
    [[nodiscard]] Vector quantities_of(const Vector& unknowns, const Matrix& y) const override;
    [[nodiscard]] std::unique_ptr<PosteriorUnderTest> posterior(const Matrix& y, Scale scale) const override;
    [[nodiscard]] double step_size() const override { return 0.6; }

  private:
    SmallProblem problem_;
    OrderParameterVariant variant_;
    WhitenedCoordinates coordinates_;
    PathKernels kernels_;
    Matrix all_features_;
};

}  // namespace attnpaths::testing
