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
      warm_up_(options.warmup, options.target_acceptance, options.metric, density_.dimension),
      resting_{{}, random} {
    state_.x = std::move(start);
    come_to_rest(Next::start);
}

void Nuts::come_to_rest(Next next) {
    resting_.state = state_;
    resting_.random = random_;
    resting_.step_size = step_size_;
    resting_.gradient_evaluations = gradient_evaluations_;
    resting_.next = next;
    work_ = Work::none;
}

Evaluation Nuts::ask() {
    if (work_ == Work::none) {
        switch (resting_.next) {
            case Next::start:
                work_ = Work::start;
                break;
            case Next::step_size:
                begin_step_size();
                break;
            case Next::trajectory:
                begin_trajectory();
                break;
        }
    }
    Position& position = work_ == Work::start ? state_ : (goes_forward_ ? forward_ : backward_);
    return {&position.x, &position.log_density, &position.gradient};
}

std::optional<NutsTransition> Nuts::go_on() {
    ++gradient_evaluations_;
    switch (work_) {
        case Work::start:
            if (options_.step_size > 0) {
                step_size_ = options_.step_size;
                warm_up_.restart_step_size(step_size_);
                come_to_rest(Next::trajectory);
            } else {
                come_to_rest(Next::step_size);
            }
            return std::nullopt;
        case Work::step_size:
            go_on_with_step_size();
            return std::nullopt;
        case Work::none:
        case Work::trajectory:
            break;
    }
    return go_on_with_trajectory();
}

NutsTransition Nuts::transition() {
    while (true) {
        const Evaluation one = ask();
        *one.value = density_.value_and_gradient(*one.position, *one.gradient);
        if (const std::optional<NutsTransition> done = go_on()) return *done;
    }
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

void Nuts::begin_leapfrog(State& state, double step) {
    metric_.kick_and_move(state.momentum, state.x, step, state.gradient);
}

/// With the density at the new position.
void Nuts::end_leapfrog(State& state, double step) {
    if (std::isfinite(state.log_density))
        state.kinetic = metric_.kick(state.momentum, step, state.gradient) / 2;
}

/// Doubles or halves the step until one leapfrog step changes its acceptance across 0.8.
void Nuts::begin_step_size() {
    work_ = Work::step_size;
    goes_forward_ = true;
    direction_ = 0;
    attempts_ = 0;
    static_cast<Position&>(backward_) = state_;  // whence all steps begin
    draw_momentum(backward_);
    energy0_ = energy(backward_);
    forward_ = backward_;
    begin_leapfrog(forward_, step_size_);
}

void Nuts::go_on_with_step_size() {
    constexpr int most_attempts = 100;
    end_leapfrog(forward_, step_size_);
    const double wanted = energy0_ - energy(forward_) > std::log(0.8) ? 1 : -1;
    if (direction_ == 0) direction_ = wanted;
    const bool is_found = wanted != direction_;
    if (!is_found) step_size_ *= direction_ > 0 ? 2 : 0.5;
    if (is_found || ++attempts_ == most_attempts) {
        warm_up_.restart_step_size(step_size_);
        return come_to_rest(Next::trajectory);
    }
    forward_ = backward_;
    begin_leapfrog(forward_, step_size_);
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

void Nuts::begin_trajectory() {
    work_ = Work::trajectory;
    result_ = {};
    static_cast<Position&>(forward_) = state_;
    draw_momentum(forward_);
    backward_ = forward_;
    const Vector start = seen(forward_.momentum);
    whole_ = {start, start, start};
    log_weight_ = 0;
    energy0_ = energy(forward_);
    result_.energy = energy0_;
    begin_half();
}

/// A half of as many steps as the trajectory has already, onward from one of its ends.
void Nuts::begin_half() {
    goes_forward_ = random_.uniform() < 0.5;
    candidate_log_weight_ = -infinity;
    pieces_.clear();
    leaves_ = 0;
    begin_leapfrog(goes_forward_ ? forward_ : backward_, goes_forward_ ? step_size_ : -step_size_);
}

std::optional<NutsTransition> Nuts::go_on_with_trajectory() {
    State& end = goes_forward_ ? forward_ : backward_;
    const double step = goes_forward_ ? step_size_ : -step_size_;
    end_leapfrog(end, step);
    if (!grow()) return end_trajectory();
    if (leaves_ < 1 << result_.depth) {
        begin_leapfrog(end, step);
        return std::nullopt;
    }
    ++result_.depth;
    if (!join_half() || result_.depth == options_.max_depth) return end_trajectory();
    begin_half();
    return std::nullopt;
}

bool Nuts::grow() {
    const State& end = goes_forward_ ? forward_ : backward_;
    const double error = energy(end) - energy0_;
    ++result_.leapfrogs;
    result_.acceptance += std::min(1.0, std::exp(-error));
    if (!(error <= options_.divergence_energy)) {
        result_.divergent = true;
        return false;
    }
    // Keeping the newest point with its share of the weight so far draws from all of them by weight.
    candidate_log_weight_ = log_sum_exp(candidate_log_weight_, -error);
    if (std::log(random_.uniform()) < -error - candidate_log_weight_) candidate_ = end;  // sliced on purpose
    const Vector momentum = seen(end.momentum);
    pieces_.push_back({momentum, momentum, momentum});
    // Two pieces of equal length become one, as the digits of a binary number carry.
    ++leaves_;
    for (int length = leaves_; length % 2 == 0; length /= 2) {
        const Tree second = std::move(pieces_.back());
        pieces_.pop_back();
        if (!merge(pieces_.back(), second)) return false;
    }
    return true;
}

bool Nuts::join_half() {
    // Biased progressive sampling: the new half is preferred, which moves further.
    if (std::log(random_.uniform()) < candidate_log_weight_ - log_weight_) std::swap(state_, candidate_);
    log_weight_ = log_sum_exp(log_weight_, candidate_log_weight_);
    if (!goes_forward_) std::swap(whole_.first, whole_.last);
    const bool goes_on = merge(whole_, pieces_.front());
    if (!goes_forward_) std::swap(whole_.first, whole_.last);
    return goes_on;
}

NutsTransition Nuts::end_trajectory() {
    result_.reached_max_depth = result_.depth == options_.max_depth;
    result_.acceptance /= std::max(1, result_.leapfrogs);
    result_.log_density = state_.log_density;
    const bool has_new_metric =
        is_warming_up() && warm_up_.take(state_.x, result_.acceptance, step_size_, metric_);
    come_to_rest(has_new_metric ? Next::step_size : Next::trajectory);
    return result_;
}

void Nuts::save(ByteWriter& out) const {
    write_matrix(out, resting_.state.x);
    write_matrix(out, resting_.state.gradient);
    out.number(resting_.state.log_density);
    out.number(resting_.step_size);
    out.number(resting_.gradient_evaluations);
    out.number(static_cast<std::uint32_t>(resting_.next));
    metric_.save(out);
    warm_up_.save(out);
    resting_.random.save(out);
}

void Nuts::restore(ByteReader& in) {
    const Index dimension = state_.x.size();
    state_.x = read_vector(in);
    state_.gradient = read_vector(in);
    state_.log_density = in.number<double>();
    step_size_ = in.number<double>();
    gradient_evaluations_ = in.number<std::int64_t>();
    const auto next = in.number<std::uint32_t>();
    metric_.restore(in);
    warm_up_.restore(in);
    random_.restore(in);
    if (next > static_cast<std::uint32_t>(Next::trajectory)) return in.fail();
    come_to_rest(static_cast<Next>(next));
    const bool has_density = resting_.next != Next::start;
    if (state_.x.size() != dimension || state_.gradient.size() != (has_density ? dimension : 0) ||
        (has_density && !std::isfinite(state_.log_density)) || !(step_size_ > 0 && std::isfinite(step_size_)))
        in.fail();
}

}  // namespace attnpaths
