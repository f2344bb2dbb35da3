#include "training/pruning/removal_order.hpp"

#include "base/random_stream.hpp"
#include "network/lesion.hpp"

#include <algorithm>
#include <numeric>

namespace attnpaths {

std::vector<Index> ascending_order(const Vector& scores) {
    std::vector<Index> order(static_cast<std::size_t>(scores.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return scores(a) < scores(b); });
    return order;
}

std::vector<Index> random_order(Index heads, std::uint64_t seed, std::uint64_t shuffle) {
    std::vector<Index> order(static_cast<std::size_t>(heads));
    std::iota(order.begin(), order.end(), Index{0});
    RandomStream stream(seed, "pruning/order", shuffle);
    for (std::size_t left = order.size(); left > 1; --left)
        std::swap(order[left - 1],
                  order[static_cast<std::size_t>(stream.uniform() * static_cast<double>(left))]);
    return order;
}

std::vector<Index> removal_order(const std::vector<Index>& wish, const std::vector<Index>& heads) {
    std::vector<Index> left = heads;
    std::vector<Index> order;
    for (const Index number : wish) {
        Index& own = left[head_place(number, heads).layer];
        if (own == 1) continue;
        --own;
        order.push_back(number);
    }
    return order;
}

}  // namespace attnpaths
