#include "training/descent/descent.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace attnpaths {

Score& Score::operator+=(const Score& other) {
    loss += other.loss;
    right += other.right;
    episodes += other.episodes;
    return *this;
}

namespace {

/// With gossip every rank has all heads.
HeadShare<float> share_of(const mpi::Communicator& world, bool has_gossip) {
    if (has_gossip) return {};
    return {world.rank(), world.size(), [&world](std::span<float> numbers) { world.sum(numbers); }};
}

}  // namespace

Descent::Descent(const mpi::Communicator& world, const WeightLayout& layout, const EpisodeTokens& tokens,
                 const AdamSettings& settings, WeightVector<float> start, const Matrix& gossip)
    : weights(std::move(start)),
      adam(settings, layout.size()),
      world_(world),
      layout_(layout),
      gossip_(gossip.size() > 0 ? std::optional<Gossip>(std::in_place, world, gossip) : std::nullopt),
      share_(share_of(world, gossip_.has_value())),
      tokens_(tokens),
      constants_(tokens),
      reduction_(layout, constants_, share_),
      network_(layout.shape(), constants_),
      derivative_(layout.shape(), constants_),
      pass_(layout.shape(), constants_) {}

void Descent::draw(const EpisodeStream& stream, std::uint64_t first, Index count) {
    const auto ranks = static_cast<Index>(world_.size());
    const auto rank = static_cast<Index>(world_.rank());
    episodes_.clear();
    for (Index i = count * rank / ranks; i < count * (rank + 1) / ranks; ++i)
        episodes_.push_back(stream[first + static_cast<std::uint64_t>(i)]);
    outputs_.resize(episodes_.size());
}

Score Descent::score() const {
    Score score;
    for (std::size_t i = 0; i < episodes_.size(); ++i) {
        const double difference = static_cast<double>(outputs_[i]) - episodes_[i].target;
        score.loss += difference * difference;
        score.right += (outputs_[i] > 0) == (episodes_[i].target > 0) ? 1 : 0;
    }
    score.episodes = static_cast<double>(episodes_.size());
    return score;
}

void Descent::differentiate(const WeightVector<float>& some, const EpisodeStream& stream, std::uint64_t first,
                            Index batch) {
    draw(stream, first, batch);
    reduction_.forward(some, network_);
    derivative_.values().setZero();
    // Ranks that average their steps are to come to the mean over the batch.
    const auto parts = static_cast<float>(gossip_ ? world_.size() : 1);
    pass_.backward(network_, tokens_, episodes_, parts / static_cast<float>(batch), outputs_, derivative_);
}

WeightVector<float> Descent::gradient(const WeightVector<float>& some, const EpisodeStream& stream,
                                      std::uint64_t first, Index batch) {
    differentiate(some, stream, first, batch);
    WeightVector<float> gradient = WeightVector<float>::Zero(layout_.size());
    reduction_.backward(some, derivative_, [&](const WeightBlock& block, const WeightMatrix<float>& values) {
        view(gradient, block) = values;
    });
    return mean_over_ranks(world_, gradient);
}

WeightVector<float> Descent::common() const {
    return gossip_ ? mean_over_ranks(world_, weights) : weights;
}

double Descent::curvature(const WeightVector<float>& some, const EpisodeStream& stream, std::uint64_t first,
                          Index batch) {
    const WeightVector<float> slope = gradient(some, stream, first, batch);
    const WeightVector<float> direction = slope / slope.norm();
    // A hundredth of the weights: small, and far above the rounding of single precision.
    const float step = 0.01F * some.norm();
    const WeightVector<float> change = gradient(some + step * direction, stream, first, batch) -
                                       gradient(some - step * direction, stream, first, batch);
    return change.dot(direction) / (2 * step);
}

Score Descent::step(const EpisodeStream& stream, std::uint64_t first, Index batch, StepRequests& requests) {
    differentiate(weights, stream, first, batch);

    const Score own = score();
    std::array<double, 5> sums = {own.loss, own.right, own.episodes, requests.stop ? 1.0 : 0.0,
                                  requests.save ? 1.0 : 0.0};
    world_.sum(std::span<double>(sums));
    requests = {sums[3] > 0, sums[4] > 0};
    if (!std::isfinite(sums[0]))
        throw NumericalError(
            fmt::format("the loss is not finite at step {}; choose a smaller learning rate", steps + 1));
    share_.add_up(derivative_.values());
    adam.begin(++steps);
    reduction_.backward(weights, derivative_,
                        [&](const WeightBlock& block, const WeightMatrix<float>& gradient) {
                            adam.update(weights, block, gradient);
                        });
    if (gossip_) gossip_->average(weights);
    return {sums[0], sums[1], sums[2]};
}

std::optional<Score> Descent::evaluate(const WeightVector<float>& some, const EpisodeStream& stream,
                                       std::uint64_t first, Index episodes,
                                       const std::function<bool()>& wants_to_stop) {
    reduction_.forward(some, network_);
    constexpr Index chunk = 1024;
    Score own;
    for (Index done = 0; done < episodes; done += chunk) {
        std::array<double, 1> stop = {wants_to_stop() ? 1.0 : 0.0};
        world_.sum(std::span<double>(stop));
        if (stop[0] > 0) return std::nullopt;
        draw(stream, first + static_cast<std::uint64_t>(done), std::min(chunk, episodes - done));
        pass_.forward(network_, tokens_, episodes_, outputs_);
        own += score();
    }
    std::array<double, 3> sums = {own.loss, own.right, own.episodes};
    world_.sum(std::span<double>(sums));
    return Score{sums[0], sums[1], sums[2]};
}

void Descent::complete(WeightVector<float>& some) const {
    if (share_.ranks == 1) return;
    for (Index head = 0; head < layout_.shape().head_count(); ++head)
        if (!share_.owns(head))
            for (const WeightBlock& block : {layout_.query(head), layout_.key(head), layout_.value(head)})
                view(some, block).setZero();
    if (!world_.is_master())
        for (const WeightBlock& block : {layout_.input(), layout_.readout()}) view(some, block).setZero();
    share_.add_up(some);
}

}  // namespace attnpaths
