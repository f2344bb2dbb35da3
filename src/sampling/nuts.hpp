#pragma once

#include "base/random_stream.hpp"
#include "sampling/log_density.hpp"
#include "sampling/warm_up.hpp"

#include <optional>
#include <vector>

namespace attnpaths {

struct NutsOptions {
    int warmup = 300;  ///< transitions that adapt step size and metric
    MetricKind metric = MetricKind::dense;
    double target_acceptance = 0.8;
    int max_depth = 10;               ///< of the trajectory's tree: at most 2^max_depth leapfrog steps
    double step_size = 0;             ///< to start with; 0: found from the first position
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
/// generalised criterion of Betancourt 2017. The first `warmup` transitions adapt step size and metric
/// (WarmUp); without warm-up and with a given step size every transition is one of a Markov chain.
///
/// It asks for one density after the other, so that those of several samplers can be evaluated together. Its
/// whole state can be saved at any time and restored: what is saved is that before the present transition,
/// which goes on with the same bits.
///
/// Of more than 1024 unknowns the criterion looks at that many, evenly spread: an end of the trajectory is
/// one for whatever reason that depends on the trajectory alone, so the law of the draws is the same, and
/// scalar products of that many terms tell a turn as well as longer ones, at a fraction of the memory
/// traffic.
class Nuts {
  public:
    /// @param start   first position, of finite density
    /// @param random  the chain's own stream: equal streams give equal chains
    Nuts(LogDensity density, Vector start, const RandomStream& random, const NutsOptions& options = {});

    /// Where the density is wanted next, and where it goes. Begins a transition at rest.
    Evaluation ask();
    /// Goes on with the density that was asked for.
    /// @returns the transition, if it ends with this
    std::optional<NutsTransition> go_on();
    /// Whether it is between transitions.
    [[nodiscard]] bool is_at_rest() const { return work_ == Work::none; }

    /// A whole transition, or what is left of it.
    NutsTransition transition();

    [[nodiscard]] bool is_warming_up() const { return warm_up_left() > 0; }
    /// Transitions until the warm-up is over.
    [[nodiscard]] int warm_up_left() const { return warm_up_.left(); }
    [[nodiscard]] const Vector& position() const { return state_.x; }
    [[nodiscard]] double step_size() const { return step_size_; }
    [[nodiscard]] std::int64_t gradient_evaluations() const { return gradient_evaluations_; }

    void save(ByteWriter& out) const;
    /// Into a sampler that was made with the same density, stream name and options.
    void restore(ByteReader& in);

  private:
    struct Position {
        Vector x;
        Vector gradient;
        double log_density = 0;
    };
    struct State : Position {
        Vector momentum;
        double kinetic = 0;  // |momentum|^2 / 2
    };
    /// A piece of trajectory, in the order in which it was built: momenta as the turning criterion sees them.
    struct Tree {
        Vector first;
        Vector last;
        Vector sum;
    };

    /// What a sampler that was saved has to do next.
    enum class Next { start, step_size, trajectory };
    /// What it is doing.
    enum class Work { none, start, step_size, trajectory };

    /// All that a transition changes before it ends: as it was before.
    struct Resting {
        Position state;
        RandomStream random;
        double step_size = 1;
        std::int64_t gradient_evaluations = 0;
        Next next = Next::start;
    };

    void come_to_rest(Next next);
    void draw_momentum(State& state);
    void begin_leapfrog(State& state, double step);
    void end_leapfrog(State& state, double step);
    [[nodiscard]] static double energy(const State& state);
    [[nodiscard]] Vector seen(const Vector& momentum) const;
    static bool merge(Tree& tree, const Tree& next);

    void begin_step_size();
    void go_on_with_step_size();
    void begin_trajectory();
    void begin_half();
    std::optional<NutsTransition> go_on_with_trajectory();
    /// Takes the newest point of a half. @returns whether the trajectory goes on
    bool grow();
    /// Joins a whole half to the trajectory. @returns whether it goes on
    bool join_half();
    NutsTransition end_trajectory();

    LogDensity density_;
    NutsOptions options_;
    RandomStream random_;
    Position state_;
    Metric metric_;
    WarmUp warm_up_;
    double step_size_ = 1;
    std::int64_t gradient_evaluations_ = 0;
    Resting resting_;
    Work work_ = Work::none;

    // Of the trajectory in the making; of the search for a step size in the making, which makes trajectories
    // of one step.
    NutsTransition result_;
    double energy0_ = 0;
    double log_weight_ = 0;
    Tree whole_;
    bool goes_forward_ = true;
    std::vector<Tree> pieces_;         // of the newest half, longest first
    int leaves_ = 0;                   // of the newest half
    Position candidate_;               // drawn from the newest half with the weight of its density
    double candidate_log_weight_ = 0;  // of that half
    State forward_;
    State backward_;
    double direction_ = 0;  // in which the step size is changed; 0: not known yet
    int attempts_ = 0;      // at a step size
};

}  // namespace attnpaths
