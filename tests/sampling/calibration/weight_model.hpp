#pragma once

#include "sampling/calibration/joint_model.hpp"
#include "sampling/calibration/small_problem.hpp"
#include "sampling/weight_layout.hpp"

namespace attnpaths::testing {

/// The exact density, or one with a mistake that is easily made.
enum class WeightVariant {
    exact,
    double_noise,    ///< variance 2 T of the noise in place of T
    no_head_scale,   ///< f without the factor 1/sqrt(H_1)
    prior_variance,  ///< prior variance of V^1 too large by a half
};

/// All weights of a network and its noisy outputs. Unknowns are the weights in whitened units, of which the
/// prior is the standard normal; data follow from the network's definition.
class WeightModel : public JointModel {
  public:
    explicit WeightModel(SmallProblem problem, WeightVariant variant = WeightVariant::exact);

    [[nodiscard]] Vector draw_unknowns(RandomStream& random) const override;
    [[nodiscard]] Data draw_data(const Vector& unknowns, RandomStream& random) const override;
    /// Lower triangle of U_1, |layer|^2 / sigma^2 of every layer, log likelihood: none of them changes under
    /// the symmetries of the network, between whose copies a chain need not move.
    [[nodiscard]] std::vector<std::string> quantities() const override;
    [[nodiscard]] Vector quantities_of(const Vector& unknowns, const Matrix& y) const override;
    [[nodiscard]] std::unique_ptr<PosteriorUnderTest> posterior(const Matrix& y, Scale scale) const override;
    [[nodiscard]] double step_size() const override { return 0.25; }

  private:
    SmallProblem problem_;
    WeightVariant variant_;
    WeightLayout layout_;
    Matrix all_features_;
};

}  // namespace attnpaths::testing
