#include "sampling/nuts.hpp"

#include "base/matrix_stream.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double log_sum_exp(double a, double b) {
    const double largest = std::max(a, b);
    return std::isinf(largest) ? largest : largest + std::log1p(std::exp(std::min(a, b) - largest));
}

}  // namespace

Nuts::Nuts(LogDensity density, Vector start, const RandomStream& random, const NutsOptions& options)
    : density_(std::move(density)),
      options_(options),
      random_(random),
      metric_(options.metric, density_.dimension),
      warm_up_(options.warmup, options.target_acceptance, options.metric, density_.dimension) {
    state_.x = std::move(start);
    evaluate(state_);
    if (options_.step_size > 0)
        step_size_ = options_.step_size;
    else
        find_step_size();
    warm_up_.restart_step_size(step_size_);
}

void Nuts::evaluate(Position& position) {
    position.log_density = density_.value_and_gradient(position.x, position.gradient);
    ++gradient_evaluations_;
}

void Nuts::draw_momentum(State& state) {
    state.momentum.resize(density_.dimension);
    for (double& element : state.momentum) element = random_.normal();
    state.kinetic = state.momentum.squaredNorm() / 2;
}

double Nuts::energy(const State& state) {
    const double total = state.kinetic - state.log_density;
    return std::isnan(total) ? infinity : total;
}

void Nuts::leapfrog(State& state, double step) {
    metric_.kick_and_move(state.momentum, state.x, step, state.gradient);
    evaluate(state);
    if (std::isfinite(state.log_density))
        state.kinetic = metric_.kick(state.momentum, step, state.gradient) / 2;
}

/// Doubles or halves the step until one leapfrog step changes its acceptance across 0.8.
void Nuts::find_step_size() {
    State origin{state_, {}, 0};
    draw_momentum(origin);
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

/// What the turning criterion looks at.
Vector Nuts::seen(const Vector& momentum) const {
    constexpr Index most = 1024;
    const Index stride = (momentum.size() + most - 1) / most;
    if (stride == 1) return momentum;
    return momentum(Eigen::seq(Index{0}, momentum.size() - 1, stride));
}

/// Appends the piece `next`, built onward from the end of `tree`. Returns whether the trajectory still goes
/// on: both ends move along the summed momentum, and so does each half with the first point of the other, as
/// a turn must not hide between them.
bool Nuts::merge(Tree& tree, const Tree& next) {
    const Vector with_next = tree.sum + next.first;
    const Vector with_tree = tree.last + next.sum;
    tree.sum += next.sum;
    const bool goes_on = tree.first.dot(tree.sum) > 0 && next.last.dot(tree.sum) > 0 &&
                         tree.first.dot(with_next) > 0 && next.first.dot(with_next) > 0 &&
                         tree.last.dot(with_tree) > 0 && next.last.dot(with_tree) > 0;
    tree.last = next.last;
    return goes_on;
}

/// Goes on from `end` by 2^depth steps. Returns false if the trajectory turned or diverged on the way.
bool Nuts::grow(int depth, double step, double energy0, State& end, Tree& tree, NutsTransition& result) {
    if (depth > 0) {
        Tree second;
        return grow(depth - 1, step, energy0, end, tree, result) &&
               grow(depth - 1, step, energy0, end, second, result) && merge(tree, second);
    }
    leapfrog(end, step);
    const double error = energy(end) - energy0;
    ++result.leapfrogs;
    result.acceptance += std::min(1.0, std::exp(-error));
    if (!(error <= options_.divergence_energy)) {
        result.divergent = true;
        return false;
    }
    tree.first = tree.last = tree.sum = seen(end.momentum);
    // Keeping the newest point with its share of the weight so far draws from all of them by weight.
    candidate_log_weight_ = log_sum_exp(candidate_log_weight_, -error);
    if (std::log(random_.uniform()) < -error - candidate_log_weight_) candidate_ = end;  // sliced on purpose
    return true;
}

NutsTransition Nuts::move() {
    NutsTransition result;
    static_cast<Position&>(forward_) = state_;
    draw_momentum(forward_);
    backward_ = forward_;
    const Vector start = seen(forward_.momentum);
    Tree whole{start, start, start};
    double log_weight = 0;
    const double energy0 = energy(forward_);
    result.energy = energy0;
    while (result.depth < options_.max_depth) {
        const bool go_forward = random_.uniform() < 0.5;
        candidate_log_weight_ = -infinity;
        Tree next;
        if (!grow(result.depth, go_forward ? step_size_ : -step_size_, energy0,
                  go_forward ? forward_ : backward_, next, result))
            break;
        ++result.depth;
        // Biased progressive sampling: the new half is preferred, which moves further.
        if (std::log(random_.uniform()) < candidate_log_weight_ - log_weight) std::swap(state_, candidate_);
        log_weight = log_sum_exp(log_weight, candidate_log_weight_);
        if (!go_forward) std::swap(whole.first, whole.last);
        const bool goes_on = merge(whole, next);
        if (!go_forward) std::swap(whole.first, whole.last);
        if (!goes_on) break;
    }
    result.reached_max_depth = result.depth == options_.max_depth;
    result.acceptance /= std::max(1, result.leapfrogs);
    result.log_density = state_.log_density;
    return result;
}

NutsTransition Nuts::transition() {
    const NutsTransition result = move();
    if (is_warming_up() && warm_up_.take(state_.x, result.acceptance, step_size_, metric_)) {
        find_step_size();
        warm_up_.restart_step_size(step_size_);
    }
    return result;
}

void Nuts::save(ByteWriter& out) const {
    write_matrix(out, state_.x);
    write_matrix(out, state_.gradient);
    out.number(state_.log_density);
    out.number(step_size_);
    out.number(gradient_evaluations_);
    metric_.save(out);
    warm_up_.save(out);
    random_.save(out);
}

void Nuts::restore(ByteReader& in) {
    const Index dimension = state_.x.size();
    state_.x = read_vector(in);
    state_.gradient = read_vector(in);
    if (state_.x.size() != dimension || state_.gradient.size() != dimension) in.fail();
    state_.log_density = in.number<double>();
    step_size_ = in.number<double>();
    gradient_evaluations_ = in.number<std::int64_t>();
    metric_.restore(in);
    warm_up_.restore(in);
    random_.restore(in);
    if (!std::isfinite(state_.log_density) || !(step_size_ > 0 && std::isfinite(step_size_))) in.fail();
}

}  // namespace attnpaths
