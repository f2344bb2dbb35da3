#pragma once

#include "sampling/log_density.hpp"
#include "sampling/weight_layout.hpp"

#include <vector>

namespace attnpaths {

/// Exact posterior of all weights of the network (theory section 6), in whitened units (WeightLayout):
///     log p = -|x|^2 / 2 - |y - f(x)|^2 / (2T) + const.
/// The network is linear in every layer, so f needs no tokens and no hidden states of examples: the readout
/// is carried down through the layers to effective weights on the path features, one thin product per layer,
/// and the gradient comes back up the same way. Cost per evaluation: 6 flops per weight and column of the
/// effective weights above it, and 4 D P N0 n for the features.
/// One object serves one thread: evaluations share workspaces.
class WeightPosterior {
  public:
    /// @param features     xi [P, N0 n], path by path
    /// @param y            targets [P, D]
    /// @param temperature  T > 0
    /// @throws UsageError as WeightLayout does
    WeightPosterior(const Architecture& architecture, const Matrix& features, const Matrix& y,
                    double temperature);

    [[nodiscard]] const WeightLayout& layout() const { return layout_; }
    /// The log density; refers to this object.
    [[nodiscard]] LogDensity log_density();

    /// Value and gradient; -infinity, and the gradient untouched, where they overflow.
    double value_and_gradient(const Vector& position, Vector& gradient);

    /// What observables need of a position.
    struct Network {
        Matrix path_order_parameter;  ///< U_1 [n D, n D], rows (path, output)
        Matrix input_weights;         ///< M [N0 n, D]: f = features * M at any points
    };
    /// U_1 and f at a position from one pass over the weights.
    [[nodiscard]] Network network(const Vector& position);

  private:
    /// One linear map of the chain from the readout (first) to the targets (last).
    struct Stage {
        Index offset = 0;  ///< of its matrix in the position
        Index rows = 0;
        Index columns = 0;
        Index vectors = 0;  ///< columns of the effective weights above it
    };

    double carry_down(const Vector& position);

    WeightLayout layout_;
    std::vector<Stage> stages_;      ///< layers L..1, V0
    std::vector<Index> path_order_;  ///< column of w^{(1)} here -> (path, output)
    Index paths_;
    Index outputs_;
    double first_layer_scale_;  ///< of w^{(1)}, relative to the product of whitened matrices
    double output_scale_;       ///< of f, likewise
    Matrix features_;           ///< output_scale * xi', paths reordered, [N0 n, P]
    Matrix y_;
    double temperature_;

    std::vector<Matrix> effective_;  ///< whitened effective weights below each stage
    std::vector<Matrix> adjoint_;    ///< derivatives with respect to them
    Matrix readout_adjoint_;
    Matrix outputs_at_examples_;  ///< f [P, D], then (y - f)/T
};

}  // namespace attnpaths
