#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Training examples as the theory works on them. With more examples than features (P > N0 n) the kernels
/// have rank N0 n at most, and what the features cannot reach only adds a constant to the energy: examples
/// are then replaced by their coordinates in the span of the features, an orthogonal change of basis that is
/// exact, cheaper, and keeps 1/T of the unreachable directions out of the numerics.
struct TrainingSet {
    Matrix features;               ///< xi [R, N0 n], R = min(P, N0 n) rows
    Matrix y;                      ///< targets in the same basis [R, D]
    Index examples = 0;            ///< P
    double unreachable_power = 0;  ///< squared norm of the part of the targets outside the span; 0 if R = P

    [[nodiscard]] bool is_reduced() const { return features.rows() < examples; }
    /// The constant that belongs to the energy: D (P - R) log T + unreachable power / T.
    [[nodiscard]] double energy_constant(double temperature) const;
};

/// @param features  xi [P, N0 n]
/// @param y         targets [P, D]
TrainingSet make_training_set(const Matrix& features, const Matrix& y);

/// Rows R that make_training_set keeps.
Index training_rows(Index examples, Index feature_columns);

}  // namespace attnpaths
