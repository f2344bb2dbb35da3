#include "network/score_bias.hpp"

#include <limits>

namespace attnpaths {

bool has_position_bias(const AttentionHead& head) {
    return head.bias.size() > 0 || head.relative_bias.size() > 0 || head.causal;
}

template <class Scalar>
void add_position_bias(const AttentionHead& head, std::span<const Index> keys, std::span<const Index> queries,
                       Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>& scores) {
    const Index centre = head.relative_bias.size() / 2;
    for (Index t = 0; t < scores.cols(); ++t) {
        const Index query = queries[static_cast<std::size_t>(t)];
        for (Index s = 0; s < scores.rows(); ++s) {
            const Index key = keys[static_cast<std::size_t>(s)];
            Scalar& score = scores(s, t);
            if (head.bias.size() > 0) score += head.bias(key, query);
            if (head.relative_bias.size() > 0) score += head.relative_bias(key - query + centre);
            if (head.causal && key > query) score = -std::numeric_limits<Scalar>::infinity();
        }
    }
}

template void add_position_bias(const AttentionHead&, std::span<const Index>, std::span<const Index>,
                                Matrix&);
template void add_position_bias(const AttentionHead&, std::span<const Index>, std::span<const Index>,
                                Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>&);

}  // namespace attnpaths
