#include "sampling/nuts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double log_sum_exp(double a, double b) {
    const double largest = std::max(a, b);
    return std::isinf(largest) ? largest : largest + std::log1p(std::exp(std::min(a, b) - largest));
}

/// Nesterov's dual averaging of the log step size towards a mean acceptance (Hoffman and Gelman 2014,
/// section 3.2).
class DualAveraging {
  public:
    explicit DualAveraging(double target) : target_(target) {}

    void restart(double step_size) {
        centre_ = std::log(10 * step_size);
        count_ = 0;
        error_ = 0;
        average_ = 0;
    }
    /// @returns the step size to use next
    double update(double acceptance) {
        constexpr double shrinkage = 0.05;
        constexpr double offset = 10;
        constexpr double decay = 0.75;
        ++count_;
        const double weight = 1 / (count_ + offset);
        error_ = (1 - weight) * error_ + weight * (target_ - std::min(1.0, acceptance));
        const double log_step = centre_ - error_ * std::sqrt(count_) / shrinkage;
        const double forgetting = std::pow(count_, -decay);
        average_ = forgetting * log_step + (1 - forgetting) * average_;
        return std::exp(log_step);
    }
    [[nodiscard]] double averaged() const { return std::exp(average_); }

  private:
    double target_;
    double centre_ = 0;
    double count_ = 0;
    double error_ = 0;
    double average_ = 0;
};

/// Running covariance of the positions of a window (Welford).
class Covariance {
  public:
    explicit Covariance(Index dimension)
        : mean_(Vector::Zero(dimension)), sum_(Matrix::Zero(dimension, dimension)) {}
    void add(const Vector& x) {
        ++count_;
        const Vector before = x - mean_;
        mean_ += before / count_;
        sum_ += before * (x - mean_).transpose();
    }
    /// Shrunk towards the identity with weight d / (n + d): positive definite for any number of positions.
    [[nodiscard]] Matrix shrunk() const {
        const auto dimension = static_cast<double>(mean_.size());
        const double weight = count_ / (count_ + dimension);
        Matrix result = sum_ * (weight / std::max(1.0, count_ - 1));
        result = (result + result.transpose()).eval() / 2;
        result.diagonal().array() += 1 - weight;
        return result;
    }

  private:
    double count_ = 0;
    Vector mean_;
    Matrix sum_;
};

/// True while both ends of a trajectory still move along its summed momentum.
bool keeps_going(const Vector& velocity_begin, const Vector& velocity_end, const Vector& momentum_sum) {
    return velocity_begin.dot(momentum_sum) > 0 && velocity_end.dot(momentum_sum) > 0;
}

}  // namespace

/// A piece of trajectory: its ends, its summed momentum, and one point drawn from it with the weight of its
/// density.
struct Nuts::Tree {
    State sample;
    double log_weight = -infinity;
    Vector momentum_sum;
    Vector momentum_begin;
    Vector momentum_end;
    Vector velocity_begin;
    Vector velocity_end;
};

Nuts::Nuts(LogDensity density, Vector start, RandomStream random, const NutsOptions& options)
    : density_(std::move(density)), options_(options), random_(random) {
    state_.x = std::move(start);
    evaluate(state_);
    set_metric(Matrix::Identity(density_.dimension, density_.dimension));
    find_step_size();
}

double Nuts::evaluate(State& state) {
    state.log_density = density_.value_and_gradient(state.x, state.gradient);
    ++gradient_evaluations_;
    return state.log_density;
}

void Nuts::set_metric(const Matrix& covariance) {
    covariance_ = covariance;
    momentum_factor_ = Eigen::LLT<Matrix>(covariance).matrixL();
}

void Nuts::draw_momentum() {
    Vector normal(density_.dimension);
    for (double& element : normal) element = random_.normal();
    state_.momentum = momentum_factor_.transpose().triangularView<Eigen::Upper>().solve(normal);
}

double Nuts::energy(const State& state) const {
    const double kinetic = state.momentum.dot(covariance_ * state.momentum) / 2;
    const double total = kinetic - state.log_density;
    if (std::isnan(total)) return infinity;
    return total;
}

void Nuts::leapfrog(State& state, double step) {
    state.momentum += (step / 2) * state.gradient;
    state.x += step * (covariance_ * state.momentum);
    if (std::isfinite(evaluate(state))) state.momentum += (step / 2) * state.gradient;
}

/// Doubles or halves the step until one leapfrog step changes its acceptance across 0.8.
void Nuts::find_step_size() {
    draw_momentum();
    const State origin = state_;
    const double energy0 = energy(origin);
    double direction = 0;
    for (int attempt = 0; attempt < 100; ++attempt) {
        State moved = origin;
        leapfrog(moved, step_size_);
        const double wanted = energy0 - energy(moved) > std::log(0.8) ? 1 : -1;
        if (direction == 0) direction = wanted;
        if (wanted != direction) break;
        step_size_ *= direction > 0 ? 2 : 0.5;
    }
}

bool Nuts::build_tree(int depth, double direction, double energy0, State& end, Tree& tree,
                      NutsTransition& result) {
    if (depth == 0) {
        leapfrog(end, direction * step_size_);
        const double error = energy(end) - energy0;
        ++result.leapfrogs;
        result.acceptance += std::min(1.0, std::exp(-error));
        if (!(error <= options_.divergence_energy)) {
            result.divergent = true;
            return false;
        }
        tree.sample = end;
        tree.log_weight = -error;
        tree.momentum_sum = tree.momentum_begin = tree.momentum_end = end.momentum;
        tree.velocity_begin = tree.velocity_end = covariance_ * end.momentum;
        return true;
    }
    Tree first;
    Tree second;
    if (!build_tree(depth - 1, direction, energy0, end, first, result)) return false;
    if (!build_tree(depth - 1, direction, energy0, end, second, result)) return false;
    tree.log_weight = log_sum_exp(first.log_weight, second.log_weight);
    const bool take_second = std::log(random_.uniform()) < second.log_weight - tree.log_weight;
    tree.sample = std::move(take_second ? second.sample : first.sample);
    tree.momentum_sum = first.momentum_sum + second.momentum_sum;
    tree.momentum_begin = first.momentum_begin;
    tree.momentum_end = second.momentum_end;
    tree.velocity_begin = first.velocity_begin;
    tree.velocity_end = second.velocity_end;
    // Besides the whole, each half with the first point of the other: a turn must not hide between them.
    return keeps_going(tree.velocity_begin, tree.velocity_end, tree.momentum_sum) &&
           keeps_going(first.velocity_begin, second.velocity_begin,
                       first.momentum_sum + second.momentum_begin) &&
           keeps_going(first.velocity_end, second.velocity_end, second.momentum_sum + first.momentum_end);
}

NutsTransition Nuts::transition() {
    NutsTransition result;
    draw_momentum();
    const double energy0 = energy(state_);
    result.energy = energy0;
    State forward = state_;
    State backward = state_;
    Tree whole;
    whole.sample = state_;
    whole.log_weight = 0;
    whole.momentum_sum = whole.momentum_begin = whole.momentum_end = state_.momentum;
    whole.velocity_begin = whole.velocity_end = covariance_ * state_.momentum;
    while (result.depth < options_.max_depth) {
        const bool go_forward = random_.uniform() < 0.5;
        Tree grown;
        const bool valid = build_tree(result.depth, go_forward ? 1 : -1, energy0,
                                      go_forward ? forward : backward, grown, result);
        if (!valid) break;
        ++result.depth;
        // The new half is preferred: its point is taken with probability min(1, weight ratio).
        if (std::log(random_.uniform()) < grown.log_weight - whole.log_weight) whole.sample = grown.sample;
        whole.log_weight = log_sum_exp(whole.log_weight, grown.log_weight);
        const Tree& early = go_forward ? whole : grown;
        const Tree& late = go_forward ? grown : whole;
        // A piece grown backwards has its ends in the order in which it was built.
        const Vector& early_begin = go_forward ? early.velocity_begin : early.velocity_end;
        const Vector& early_end = go_forward ? early.velocity_end : early.velocity_begin;
        const Vector& early_end_momentum = go_forward ? early.momentum_end : early.momentum_begin;
        const Vector sum = early.momentum_sum + late.momentum_sum;
        const bool go_on =
            keeps_going(early_begin, late.velocity_end, sum) &&
            keeps_going(early_begin, late.velocity_begin, early.momentum_sum + late.momentum_begin) &&
            keeps_going(early_end, late.velocity_end, late.momentum_sum + early_end_momentum);
        Tree next;
        next.sample = whole.sample;
        next.log_weight = whole.log_weight;
        next.momentum_sum = sum;
        next.velocity_begin = early_begin;
        next.momentum_begin = go_forward ? early.momentum_begin : early.momentum_end;
        next.velocity_end = late.velocity_end;
        next.momentum_end = late.momentum_end;
        whole = std::move(next);
        if (!go_on) break;
    }
    result.reached_max_depth = result.depth == options_.max_depth;
    result.acceptance /= std::max(1, result.leapfrogs);
    state_ = whole.sample;
    result.log_density = state_.log_density;
    return result;
}

void Nuts::warm_up(int steps, const std::function<void()>& poll) {
    const int first = std::max(1, steps * 15 / 100);
    const int last = steps / 10;
    DualAveraging averaging(options_.target_acceptance);
    averaging.restart(step_size_);
    Covariance window(density_.dimension);
    int window_length = 25;
    int window_end = first + window_length;
    for (int step = 0; step < steps; ++step) {
        poll();
        const NutsTransition result = transition();
        step_size_ = averaging.update(result.acceptance);
        if (step < first || step >= steps - last) continue;
        window.add(state_.x);
        // The last window takes what would be left over for a shorter one.
        const bool is_last = window_end + 2 * window_length > steps - last;
        if (step + 1 == (is_last ? steps - last : window_end)) {
            set_metric(window.shrunk());
            window = Covariance(density_.dimension);
            window_length *= 2;
            window_end += window_length;
            step_size_ = averaging.averaged();
            find_step_size();
            averaging.restart(step_size_);
        }
    }
    if (steps > 0) step_size_ = averaging.averaged();
}

}  // namespace attnpaths
