#include "sampling/calibration/weight_model.hpp"

#include "sampling/lower_triangle.hpp"
#include "sampling/weight_posterior.hpp"
#include "sampling/weight_target.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace attnpaths::testing {

namespace {

/// Quantities in the order of WeightModel::quantities.
Vector quantities_from(const Matrix& path_order_parameter, const WeightLayout& layout, const Vector& unknowns,
                       const Matrix& noise, double temperature) {
    const Vector U = lower_triangle(path_order_parameter);
    Vector values(U.size() + static_cast<Index>(layout.blocks().size()) + 1);
    values.head(U.size()) = U;
    Index next = U.size();
    for (const WeightLayout::Block& block : layout.blocks())
        values(next++) = WeightLayout::segment(block, unknowns).squaredNorm();
    values(next) = -noise.squaredNorm() / (2 * temperature);
    return values;
}

Vector standard_normal(Index size, RandomStream& random) {
    Vector x(size);
    for (double& element : x) element = random.normal();
    return x;
}

class WeightsUnderTest : public PosteriorUnderTest {
  public:
    WeightsUnderTest(const SmallProblem& problem, const Matrix& y, WeightVariant variant)
        : features_(problem.features()),
          test_features_(problem.test_features()),
          y_(y),
          temperature_(problem.temperature),
          posterior_(problem.architecture, features_seen(problem, variant), y,
                     problem.temperature * (variant == WeightVariant::double_noise ? 2 : 1)),
          target_(weight_target(posterior_, no_points_)) {
        if (variant == WeightVariant::prior_variance) widen_prior();
    }

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] Vector position_of(const Vector& unknowns) const override { return unknowns; }
    [[nodiscard]] Vector unknowns_of(const Vector& position) const override { return position; }
    [[nodiscard]] Vector quantities_of(const Vector& position) const override {
        const WeightPosterior::Network network = posterior_.network(position);
        return quantities_from(network.path_order_parameter, posterior_.layout(), position,
                               y_ - features_ * network.input_weights, temperature_);
    }
    Vector draw_test_output(const Vector& position, RandomStream&) const override {
        return (test_features_ * posterior_.network(position).input_weights).transpose();
    }

  private:
    /// f is linear in the features: a factor of theirs is one of f.
    static Matrix features_seen(const SmallProblem& problem, WeightVariant variant) {
        const auto heads = static_cast<double>(problem.architecture.heads.front());
        return problem.features() * (variant == WeightVariant::no_head_scale ? std::sqrt(heads) : 1);
    }

    void widen_prior() {
        target_.density.value_and_gradient = [this, right = target_.density.value_and_gradient](
                                                 const Vector& position, Vector& gradient) {
            constexpr double excess = 1 - 1 / 1.5;
            const double value = right(position, gradient);
            if (!std::isfinite(value)) return value;
            const WeightLayout::Block& block = posterior_.layout().layer(0);
            const auto weights = WeightLayout::segment(block, position);
            gradient.segment(block.offset, block.size()) += excess * weights;
            return value + excess / 2 * weights.squaredNorm();
        };
    }

    Matrix features_;
    Matrix test_features_;
    Matrix y_;
    double temperature_;
    mutable WeightPosterior posterior_;  // evaluations share its workspaces
    std::vector<Matrix> no_points_;
    SamplingTarget target_;
};

}  // namespace

WeightModel::WeightModel(SmallProblem problem, WeightVariant variant)
    : problem_(std::move(problem)),
      variant_(variant),
      layout_(problem_.architecture, problem_.input_width),
      all_features_(problem_.all_features()) {}

Vector WeightModel::draw_unknowns(RandomStream& random) const {
    return standard_normal(layout_.dimension(), random);
}

JointModel::Data WeightModel::draw_data(const Vector& unknowns, RandomStream& random) const {
    const Matrix f = network_output(all_features_, layout_.unpack(unknowns));
    Data data{f.topRows(problem_.examples), f.bottomRows(1).transpose()};
    for (double& element : data.y.reshaped()) element += std::sqrt(problem_.temperature) * random.normal();
    return data;
}

std::vector<std::string> WeightModel::quantities() const {
    std::vector<std::string> names;
    const Index size = problem_.architecture.paths() * problem_.architecture.outputs;
    for (Index j = 0; j < size; ++j)
        for (Index i = j; i < size; ++i) names.push_back(fmt::format("U_1({},{})", i + 1, j + 1));
    for (std::size_t layer = 0; layer <= problem_.architecture.depth(); ++layer)
        names.push_back(fmt::format("|V{}|^2", layer));
    names.emplace_back("|a|^2");
    names.emplace_back("log likelihood");
    return names;
}

Vector WeightModel::quantities_of(const Vector& unknowns, const Matrix& y) const {
    const NetworkWeights weights = layout_.unpack(unknowns);
    const Matrix noise = y - network_output(all_features_.topRows(problem_.examples), weights);
    return quantities_from(path_order_parameter(weights), layout_, unknowns, noise, problem_.temperature);
}

std::unique_ptr<PosteriorUnderTest> WeightModel::posterior(const Matrix& y, Scale) const {
    return std::make_unique<WeightsUnderTest>(problem_, y, variant_);
}

}  // namespace attnpaths::testing
