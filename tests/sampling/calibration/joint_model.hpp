#pragma once

#include "sampling/chain.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths::testing {

/// The sampler under test, given data: production's target, distorted in the wrong variants.
class PosteriorUnderTest {
  public:
    virtual ~PosteriorUnderTest() = default;

    [[nodiscard]] virtual const SamplingTarget& target() const = 0;
    /// Coordinates of the target <-> unknowns of the model.
    [[nodiscard]] virtual Vector position_of(const Vector& unknowns) const = 0;
    [[nodiscard]] virtual Vector unknowns_of(const Vector& position) const = 0;
    /// The model's quantities at a position, as production computes them from a draw.
    [[nodiscard]] virtual Vector quantities_of(const Vector& position) const = 0;
    /// f at the test point [D], drawn given the position and the data where the position leaves it open.
    virtual Vector draw_test_output(const Vector& position, RandomStream& random) const = 0;
};

/// A Bayesian model of which unknowns and data can be drawn exactly, without any Markov chain.
class JointModel {
  public:
    struct Data {
        Matrix y;            ///< noisy targets [P, D]
        Vector test_output;  ///< f at the test point [D], without noise
    };
    /// Coordinates in which the sampler moves: those production chooses for the data, or a choice that is the
    /// same for all data and so cheap that it can be made anew after every transition.
    enum class Scale { of_data, of_prior };

    virtual ~JointModel() = default;

    [[nodiscard]] virtual Vector draw_unknowns(RandomStream& random) const = 0;
    [[nodiscard]] virtual Data draw_data(const Vector& unknowns, RandomStream& random) const = 0;

    /// Names of the quantities to be compared, functions of unknowns and data.
    [[nodiscard]] virtual std::vector<std::string> quantities() const = 0;
    /// Their values, by definition.
    [[nodiscard]] virtual Vector quantities_of(const Vector& unknowns, const Matrix& y) const = 0;

    [[nodiscard]] virtual std::unique_ptr<PosteriorUnderTest> posterior(const Matrix& y,
                                                                        Scale scale) const = 0;
    /// Step size for Scale::of_prior.
    [[nodiscard]] virtual double step_size() const = 0;
};

}  // namespace attnpaths::testing
