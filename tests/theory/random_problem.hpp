#pragma once

#include "base/random_stream.hpp"
#include "network/path_kernels.hpp"

namespace attnpaths::testing {

/// Matrix of independent standard normals.
inline Matrix normal_matrix(Index rows, Index cols, std::uint64_t seed) {
    RandomStream random(seed, "test", 0);
    Matrix matrix(rows, cols);
    for (double& element : matrix.reshaped()) element = random.normal();
    return matrix;
}

/// A small learning problem of normal features and targets.
struct RandomProblem {
    Index examples = 7;
    Index input_width = 5;
    Architecture architecture;
    std::uint64_t seed = 1;
    KernelStorage storage = KernelStorage::features;

    [[nodiscard]] Matrix features() const {
        return normal_matrix(examples, input_width * architecture.paths(), seed);
    }
    [[nodiscard]] Matrix targets() const {
        return normal_matrix(examples, architecture.outputs, seed + 1000);
    }
    [[nodiscard]] PathKernels kernels() const {
        return {features(), architecture.paths(), architecture.outputs,
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

}  // namespace attnpaths::testing
