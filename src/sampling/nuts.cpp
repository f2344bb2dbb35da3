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

/// A momentum that nobody holds, with any content. Trees let go of most of what they built: reuse it.
Nuts::Momentum Nuts::fresh_momentum() {
    for (const Momentum& momentum : momenta_)
        if (momentum.use_count() == 1) return momentum;
    momenta_.push_back(std::make_shared<Vector>(density_.dimension));
    return momenta_.back();
}

double Nuts::energy(const State& state) {
    const double total = state.momentum->squaredNorm() / 2 - state.log_density;
    return std::isnan(total) ? infinity : total;
}

/// Leaves the momentum that the state had to its other holders.
void Nuts::leapfrog(State& state, double step) {
    const Momentum before = std::move(state.momentum);
    state.momentum = fresh_momentum();
    metric_.kick(*state.momentum, *before, step / 2, state.gradient);
    metric_.move(state.x, step, *state.momentum);
    evaluate(state);
    if (std::isfinite(state.log_density))
        metric_.kick(*state.momentum, *state.momentum, step / 2, state.gradient);
}

/// Doubles or halves the step until one leapfrog step changes its acceptance across 0.8.
void Nuts::find_step_size() {
    State origin{state_, fresh_momentum()};
    for (double& element : *origin.momentum) element = random_.normal();
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

/// Appends the piece `next`, built onward from the end of `tree`. Returns whether the trajectory still goes
/// on: both ends move along the summed momentum, and so does each half with the first point of the other, as
/// a turn must not hide between them.
bool Nuts::merge(Tree& tree, const Tree& next) {
    const Vector& first = *tree.first;
    const Vector& before = *tree.last;
    const Vector& after = *next.first;
    const Vector& last = *next.last;
    const Momentum sum = fresh_momentum();
    Eigen::Matrix<double, 6, 1> along = Eigen::Matrix<double, 6, 1>::Zero();
    // Piece by piece, so that all vectors pass through the nearest cache once.
    constexpr Index piece = 512;
    for (Index start = 0; start < first.size(); start += piece) {
        const Index length = std::min(piece, first.size() - start);
        const auto of = [&](const Vector& vector) { return vector.segment(start, length); };
        sum->segment(start, length) = of(*tree.sum) + of(*next.sum);
        along(0) += of(first).dot(of(*sum));
        along(1) += of(last).dot(of(*sum));
        along(2) += of(first).dot(of(*tree.sum) + of(after));
        along(3) += of(after).dot(of(*tree.sum) + of(after));
        along(4) += of(before).dot(of(before) + of(*next.sum));
        along(5) += of(last).dot(of(before) + of(*next.sum));
    }
    tree.sum = sum;
    tree.last = next.last;
    return (along.array() > 0).all();
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
    tree.first = tree.last = tree.sum = end.momentum;
    // Keeping the newest point with its share of the weight so far draws from all of them by weight.
    candidate_log_weight_ = log_sum_exp(candidate_log_weight_, -error);
    if (std::log(random_.uniform()) < -error - candidate_log_weight_) candidate_ = end;
    return true;
}

NutsTransition Nuts::move() {
    NutsTransition result;
    State forward{state_, fresh_momentum()};
    for (double& element : *forward.momentum) element = random_.normal();
    State backward = forward;
    Tree whole{forward.momentum, forward.momentum, forward.momentum};
    double log_weight = 0;
    const double energy0 = energy(forward);
    result.energy = energy0;
    while (result.depth < options_.max_depth) {
        const bool go_forward = random_.uniform() < 0.5;
        candidate_log_weight_ = -infinity;
        Tree next;
        if (!grow(result.depth, go_forward ? step_size_ : -step_size_, energy0,
                  go_forward ? forward : backward, next, result))
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
    state_.x = read_vector(in);
    state_.gradient = read_vector(in);
    state_.log_density = in.number<double>();
    step_size_ = in.number<double>();
    gradient_evaluations_ = in.number<std::int64_t>();
    metric_.restore(in);
    warm_up_.restore(in);
    random_.restore(in);
}

}  // namespace attnpaths
