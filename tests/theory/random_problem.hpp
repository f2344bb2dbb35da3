#pragma once

#include "base/random_stream.hpp"
#include "network/path_kernels.hpp"

#include <fmt/ranges.h>

#include <string>
#include <utility>
#include <vector>

namespace attnpaths::testing {

/// Matrix of independent standard normals.
inline Matrix normal_matrix(Index rows, Index cols, std::uint64_t seed) {
    RandomStream random(seed, "test", 0);
    Matrix matrix(rows, cols);
    for (double& element : matrix.reshaped()) element = random.normal();
    return matrix;
}

/// The paths of a network whose heads have changed places in every layer, head h by head h + 1 and the last
/// by the first: which path of the network stands at each place.
inline std::vector<Index> paths_of_turned_heads(const Architecture& architecture) {
    std::vector<Index> paths{0};
    for (const Index heads : architecture.heads) {
        std::vector<Index> longer;
        for (const Index path : paths)
            for (Index head = 0; head < heads; ++head) longer.push_back(path * heads + (head + 1) % heads);
        paths = std::move(longer);
    }
    return paths;
}

/// A small learning problem of normal features and targets.
struct RandomProblem {
    Index examples = 7;
    Index input_width = 5;
    Architecture architecture;
    std::uint64_t seed = 1;
    KernelStorage storage = KernelStorage::features;
    double feature_scale = 1;  ///< 0: features that say nothing

    [[nodiscard]] Matrix features() const {
        return feature_scale * normal_matrix(examples, input_width * architecture.paths(), seed);
    }
    [[nodiscard]] Matrix targets() const {
        return normal_matrix(examples, architecture.outputs, seed + 1000);
    }
    [[nodiscard]] PathKernels kernels() const { return kernels_of(features()); }
    /// With the heads in another order.
    [[nodiscard]] PathKernels kernels_of_turned_heads() const {
        const Matrix own = features();
        Matrix turned(own.rows(), own.cols());
        Index place = 0;
        for (const Index path : paths_of_turned_heads(architecture))
            turned.middleCols(input_width * place++, input_width) =
                own.middleCols(input_width * path, input_width);
        return kernels_of(turned);
    }
    [[nodiscard]] PathKernels kernels_of(const Matrix& features) const {
        return {features, architecture.paths(), architecture.outputs,
                architecture.variances.input / static_cast<double>(input_width * architecture.paths()),
                storage};
    }
};

/// Heads cycling through 1..4, unequal widths and variances.
inline Architecture uneven_architecture(std::vector<Index> heads, Index outputs) {
    Architecture architecture;
    architecture.outputs = outputs;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) {
        architecture.widths.push_back(20 + 13 * static_cast<double>((layer * 5) % 4));
        architecture.variances.layers.push_back(0.7 + 0.3 * static_cast<double>(layer));
    }
    architecture.heads = std::move(heads);
    architecture.readout_width = 31;
    architecture.variances.input = 1.3;
    architecture.variances.readout = 1.6;
    return architecture;
}

/// All widths equal, all variances 1.
inline Architecture even_architecture(std::vector<Index> heads, double width) {
    Architecture architecture;
    architecture.widths.assign(heads.size(), width);
    architecture.variances.layers.assign(heads.size(), 1);
    architecture.heads = std::move(heads);
    architecture.readout_width = width;
    return architecture;
}

/// Networks that identities are to hold for: 1 to 4 layers of 1 to 4 heads with 1 and 3 outputs, all of them
/// uneven.
inline std::vector<Architecture> networks_of_all_shapes() {
    std::vector<Architecture> networks;
    for (const Index outputs : {1, 3})
        for (const std::vector<Index>& heads :
             std::vector<std::vector<Index>>{{1}, {4}, {1, 2}, {2, 3}, {4, 1}, {2, 1, 2}, {1, 2, 1, 2}})
            networks.push_back(uneven_architecture(heads, outputs));
    return networks;
}

/// For messages: "heads 2,3 outputs 1".
inline std::string shape_text(const Architecture& architecture) {
    return fmt::format("heads {} outputs {}", fmt::join(architecture.heads, ","), architecture.outputs);
}

}  // namespace attnpaths::testing
