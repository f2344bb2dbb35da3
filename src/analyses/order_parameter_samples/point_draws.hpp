#pragma once

#include "analyses/samples/sample.hpp"
#include "sampling/control_variates.hpp"
#include "sampling/independent_draws.hpp"

#include <functional>
#include <optional>

namespace attnpaths {

/// The independent draws of a point.
struct PointDraws {
    const SamplingProblem& problem;
    DataTerm data_term;
    IndependentDraws draws;

    /// @param problem  must outlive this object
    PointDraws(const SamplingProblem& problem, Context& context);
};

/// Draws in any order, a block of them being kept.
class DrawReader {
  public:
    explicit DrawReader(const IndependentDraws& draws) : draws_(draws) {}

    [[nodiscard]] const Matrix& order_parameter(Index draw);
    [[nodiscard]] const Vector& unknowns(Index draw);

  private:
    const IndependentDraws::Block& at(Index draw);

    const IndependentDraws& draws_;
    Index number_ = -1;
    IndependentDraws::Block block_;
};

/// The controls of a point's draws.
class Controls {
  public:
    Controls(const PointDraws& point, const std::function<void()>& poll);
    /// None.
    Controls() = default;

    [[nodiscard]] Index count() const { return variates_ ? variates_->count() : 0; }
    /// [count, pairs]; empty if there are none.
    [[nodiscard]] Matrix of(const IndependentDraws::Block& block) const {
        return variates_ ? variates_->of_pairs(block.normals) : Matrix();
    }

  private:
    std::optional<ControlVariates> variates_;
};

}  // namespace attnpaths
