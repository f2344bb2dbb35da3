#pragma once

#include "base/random_stream.hpp"
#include "sampling/log_density.hpp"

#include <Eigen/Cholesky>

namespace attnpaths {

struct NutsOptions {
    double target_acceptance = 0.8;
    int max_depth = 10;               ///< of the trajectory's tree: at most 2^max_depth leapfrog steps
    double divergence_energy = 1000;  ///< a trajectory whose energy errs by more has diverged
};

/// What one transition did.
struct NutsTransition {
    double log_density = 0;
    double acceptance = 0;  ///< mean Metropolis acceptance along the trajectory
    double energy = 0;      ///< Hamiltonian at the start, for E-BFMI
    int depth = 0;
    int leapfrogs = 0;
    bool divergent = false;
    bool reached_max_depth = false;
};

/// No-U-turn sampler (Hoffman and Gelman 2014) with multinomial sampling of the trajectory and the
/// generalised criterion of Betancourt 2017, and a dense metric. During warm-up the step size follows dual
/// averaging and the metric the covariance of windows of growing length, as in Stan; the covariance is shrunk
/// towards the identity with weight d/(n + d), for unknowns that have already been brought to scale one.
class Nuts {
  public:
    /// @param start   first position, of finite density
    /// @param random  the chain's own stream: equal streams give equal chains
    Nuts(LogDensity density, Vector start, RandomStream random, const NutsOptions& options = {});

    /// Adapts step size and metric over `steps` transitions (windows as Stan's: 15 %, doubling windows, 10
    /// %).
    /// @param poll  called before every transition; may throw
    void warm_up(
        int steps, const std::function<void()>& poll = [] {});

    NutsTransition transition();

    [[nodiscard]] const Vector& position() const { return state_.x; }
    [[nodiscard]] double step_size() const { return step_size_; }
    [[nodiscard]] long gradient_evaluations() const { return gradient_evaluations_; }

  private:
    struct State {
        Vector x;
        Vector momentum;
        Vector gradient;
        double log_density = 0;
    };
    struct Tree;

    double evaluate(State& state);
    void draw_momentum();
    [[nodiscard]] double energy(const State& state) const;
    void leapfrog(State& state, double step);
    bool build_tree(int depth, double direction, double energy0, State& end, Tree& tree,
                    NutsTransition& result);
    void find_step_size();
    void set_metric(const Matrix& covariance);

    LogDensity density_;
    NutsOptions options_;
    RandomStream random_;
    State state_;
    Matrix covariance_;       // inverse mass matrix
    Matrix momentum_factor_;  // momentum = factor^{-T} normal has covariance covariance_^{-1}
    double step_size_ = 1;
    long gradient_evaluations_ = 0;
};

}  // namespace attnpaths
