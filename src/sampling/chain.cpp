#include "sampling/chain.hpp"

#include "base/error.hpp"
#include "base/matrix_stream.hpp"
#include "network/kernel_tiles.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace attnpaths {

namespace {

void write_list(ByteWriter& out, const std::vector<double>& values) {
    out.number(static_cast<std::uint64_t>(values.size()));
    out.bytes(values.data(), values.size() * sizeof(double));
}

void read_list(ByteReader& in, std::vector<double>& values) {
    const auto size = in.number<std::uint64_t>();
    if (in.failed() || size > in.left() / sizeof(double)) return in.fail();
    values.resize(size);
    in.bytes(values.data(), values.size() * sizeof(double));
}

void write_list(ByteWriter& out, const std::vector<Vector>& vectors) {
    out.number(static_cast<std::uint64_t>(vectors.size()));
    for (const Vector& vector : vectors) write_matrix(out, vector);
}

void read_list(ByteReader& in, std::vector<Vector>& vectors) {
    const auto size = in.number<std::uint64_t>();
    vectors.clear();
    for (std::uint64_t i = 0; i < size && !in.failed(); ++i) vectors.push_back(read_vector(in));
}

Matrix side_by_side(const std::vector<Vector>& sums, int blocks, Index rows, double divisor) {
    Matrix result(rows, blocks);
    for (int block = 0; block < blocks; ++block)
        result.col(block) = sums[static_cast<std::size_t>(block)] / divisor;
    return result;
}

}  // namespace

Chain::Chain(const SamplingTarget& target, Vector start, const RandomStream& random)
    : target_(target), nuts_(target.density, std::move(start), random, target.nuts) {}

void Chain::advance(int draws, const std::function<void()>& pause) {
    Chain* const self = this;
    advance_together({&self, 1}, draws, pause);
}

void Chain::go_on() {
    const bool is_draw = !nuts_.is_warming_up();
    const std::optional<NutsTransition> transition = nuts_.go_on();
    if (transition && is_draw) note(*transition);
}

void advance_together(std::span<Chain* const> chains, int draws, const std::function<void()>& pause) {
    using Clock = std::chrono::steady_clock;
    // Not more than work on a density at once, so that what each of them needs stays in a cache.
    constexpr std::size_t most = kernel_tiles::most_lanes;
    std::vector<Chain*> left(chains.begin(), chains.end());
    std::vector<Evaluation> evaluations;
    while (true) {
        std::erase_if(left, [&](const Chain* chain) { return chain->has(draws); });
        if (left.empty()) return;
        const bool is_together = static_cast<bool>(left.front()->density().together);
        const std::span<Chain*> active = std::span(left).first(std::min(left.size(), is_together ? most : 1));
        if (std::any_of(active.begin(), active.end(), [](const Chain* chain) { return chain->is_at_rest(); }))
            pause();
        const Clock::time_point start = Clock::now();
        evaluations.clear();
        for (Chain* chain : active) evaluations.push_back(chain->ask());
        active.front()->density().evaluate(evaluations);
        for (Chain* chain : active) chain->go_on();
        const std::chrono::duration<double> elapsed = Clock::now() - start;
        for (Chain* chain : active) chain->add_seconds(elapsed.count() / static_cast<double>(active.size()));
    }
}

int Chain::transitions_left(int draws) const {
    return nuts_.warm_up_left() + std::max(0, draws - draws_);
}

void Chain::note(const NutsTransition& transition) {
    target_.observe(nuts_.position(), observation_);
    tracked_.insert(tracked_.end(), observation_.tracked.begin(), observation_.tracked.end());
    if (target_.averaged > 0) {
        if (draws_ % target_.block == 0) {
            block_sums_.emplace_back(Vector::Zero(target_.averaged));
            block_square_sums_.emplace_back(Vector::Zero(target_.averaged));
        }
        block_sums_.back() += observation_.averaged;
        block_square_sums_.back() += observation_.averaged.cwiseAbs2();
    }
    log_densities_.push_back(transition.log_density);
    energies_.push_back(transition.energy);
    divergences_ += transition.divergent ? 1 : 0;
    depth_hits_ += transition.reached_max_depth ? 1 : 0;
    leapfrogs_ += transition.leapfrogs;
    ++draws_;
    if (target_.keep_every > 0 && draws_ % target_.keep_every == 0) kept_.push_back(nuts_.position());
}

double Chain::tracked(int draw, Index index) const {
    return tracked_[static_cast<std::size_t>(draw * target_.tracked + index)];
}

Matrix Chain::block_means() const {
    return side_by_side(block_sums_, draws_ / target_.block, target_.averaged, target_.block);
}

Matrix Chain::block_mean_squares() const {
    return side_by_side(block_square_sums_, draws_ / target_.block, target_.averaged, target_.block);
}

std::string Chain::save() const {
    ByteWriter out;
    for (const int value : {draws_, divergences_, depth_hits_}) out.number(value);
    out.number(leapfrogs_);
    out.number(seconds_);
    // As one text, so that what was noted can be read without it.
    ByteWriter sampler;
    nuts_.save(sampler);
    out.text(sampler.take());
    for (const auto* list : {&tracked_, &log_densities_, &energies_}) write_list(out, *list);
    for (const auto* list : {&block_sums_, &block_square_sums_, &kept_}) write_list(out, *list);
    return out.take();
}

void Chain::restore(std::string_view bytes) {
    ByteReader in(bytes);
    for (int* value : {&draws_, &divergences_, &depth_hits_}) *value = in.number<int>();
    leapfrogs_ = in.number<std::int64_t>();
    seconds_ = in.number<double>();
    ByteReader sampler(in.text());
    nuts_.restore(sampler);
    for (auto* list : {&tracked_, &log_densities_, &energies_}) read_list(in, *list);
    for (auto* list : {&block_sums_, &block_square_sums_, &kept_}) read_list(in, *list);
    const auto draws = static_cast<std::size_t>(draws_);
    const auto of_size = [](const std::vector<Vector>& vectors, std::size_t count, Index size) {
        return vectors.size() == count &&
               std::all_of(vectors.begin(), vectors.end(), [&](const Vector& v) { return v.size() == size; });
    };
    const auto counts = [&](int some) { return some >= 0 && some <= draws_; };
    // Every size that later work relies on; each list was read whole, so that products of sizes cannot
    // overflow.
    const std::size_t blocks =
        target_.averaged > 0 ? (draws + static_cast<std::size_t>(target_.block) - 1) / target_.block : 0;
    const std::size_t kept =
        target_.keep_every > 0 ? draws / static_cast<std::size_t>(target_.keep_every) : 0;
    if (in.failed() || in.left() > 0 || sampler.failed() || sampler.left() > 0 || draws_ < 0 ||
        !counts(divergences_) || !counts(depth_hits_) || leapfrogs_ < 0 ||
        leapfrogs_ > std::numeric_limits<std::int64_t>::max() / 2 || log_densities_.size() != draws ||
        energies_.size() != draws || tracked_.size() != draws * static_cast<std::size_t>(target_.tracked) ||
        !of_size(block_sums_, blocks, target_.averaged) ||
        !of_size(block_square_sums_, blocks, target_.averaged) ||
        !of_size(kept_, kept, target_.density.dimension))
        throw DataError("the saved state of a chain is damaged or belongs to another sampler");
}

NotedDraws noted_draws(std::string_view saved) {
    ByteReader in(saved);
    NotedDraws noted;
    noted.draws = in.number<int>();
    for (int i = 0; i < 2; ++i) in.number<int>();  // divergences and depth hits
    in.number<std::int64_t>();                     // leapfrogs
    in.number<double>();                           // seconds
    in.text();                                     // the sampler
    for (auto* list : {&noted.tracked, &noted.log_densities}) read_list(in, *list);
    const auto draws = static_cast<std::size_t>(noted.draws);
    if (in.failed() || noted.draws < 0 || noted.log_densities.size() != draws ||
        (draws == 0 ? !noted.tracked.empty() : noted.tracked.size() % draws != 0))
        throw DataError("the saved state of a chain is damaged or belongs to another sampler");
    return noted;
}

}  // namespace attnpaths
