#include "training/topology/gossip.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace attnpaths {

namespace {

/// Ranks other than `own` that `shares` gives a part.
std::vector<int> partners(const Vector& shares, Index own) {
    std::vector<int> ranks;
    for (Index rank = 0; rank < shares.size(); ++rank)
        if (rank != own && shares(rank) > 0) ranks.push_back(static_cast<int>(rank));
    return ranks;
}

}  // namespace

Gossip::Gossip(const mpi::Communicator& world, const Matrix& W)
    : own_share_(W(world.rank(), world.rank())),
      neighbourhood_(partners(W.row(world.rank()).transpose(), world.rank()),
                     partners(W.col(world.rank()), world.rank())) {
    for (const int source : partners(W.row(world.rank()).transpose(), world.rank())) {
        if (source < world.rank()) ++own_;
        shares_.push_back(W(world.rank(), source));
    }
}

void Gossip::average(WeightVector<float>& weights) const {
    // Some at a time: with many neighbours all at once would be many times the network's memory.
    constexpr Index block = 1 << 16;
    const std::size_t sources = neighbourhood_.sources();
    std::vector<float> received(sources * static_cast<std::size_t>(std::min(block, weights.size())));
    Vector sum;
    for (Index first = 0; first < weights.size(); first += block) {
        const Index count = std::min(block, weights.size() - first);
        auto own = weights.segment(first, count);
        const auto size = static_cast<std::size_t>(count);
        neighbourhood_.exchange({own.data(), size}, {received.data(), sources * size});
        sum.setZero(count);
        for (std::size_t source = 0; source <= sources; ++source) {
            if (source == own_) sum += own_share_ * own.cast<double>();
            if (source == sources) break;
            const Eigen::Map<const WeightVector<float>> theirs(received.data() + source * size, count);
            sum += shares_[source] * theirs.cast<double>();
        }
        own = sum.cast<float>();
    }
}

WeightVector<float> mean_over_ranks(const mpi::Communicator& world, const WeightVector<float>& weights) {
    Vector sum = weights.cast<double>();
    world.sum(std::span<double>(sum.data(), static_cast<std::size_t>(sum.size())));
    return (sum / world.size()).cast<float>();
}

double consensus_distance(const mpi::Communicator& world, const WeightVector<float>& weights) {
    const WeightVector<float> mean = mean_over_ranks(world, weights);
    std::array<double, 1> squares = {(weights - mean).cast<double>().squaredNorm()};
    world.sum(std::span<double>(squares));
    return std::sqrt(squares[0] / world.size()) / mean.cast<double>().norm();
}

}  // namespace attnpaths
