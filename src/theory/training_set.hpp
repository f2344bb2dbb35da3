#pragma once

#include "theory/folded_strand.hpp"

#include <limits>

namespace attnpaths {

/// How far the features of a training set may be from those that exact arithmetic would give, and what makes
/// results feel it. GradientBound turns it into an error of the data term's gradient.
struct FeatureAccuracy {
    double error = 0;  ///< norm of the error of one example's features, dropped directions included
    double residual_squared_norm = 0;  ///< squared norm of the targets outside the span of the features
    /// Frobenius norm of the pseudo-inverse of the features where their columns, zeros aside, are
    /// independent: no error can then open a new direction. Infinite otherwise.
    double inverse_norm = std::numeric_limits<double>::infinity();
};

/// Training examples as the theory works on them. Where the features have a rank R below P, be it for P > N0
/// n, for identical heads, examples or tokens, or for features that never vary, the kernels are singular, and
/// what the features cannot reach only adds a constant to the data term: examples are then replaced by their
/// coordinates in the span of the features, an orthogonal change of basis that is exact, cheaper, and keeps
/// 1/T of directions outside of the span out of the numerics. Directions below the rounding of the features
/// are dropped; the targets' power along them counts as outside of it.
struct TrainingSet {
    Matrix features;     ///< xi [R, N0 n]
    Matrix y;            ///< targets in the same basis [R, D]
    Index examples = 0;  ///< P
    FeatureAccuracy accuracy;

    [[nodiscard]] bool is_reduced() const { return features.rows() < examples; }
    /// y'y of all targets, those outside the span of the features included.
    [[nodiscard]] double power() const { return y.squaredNorm() + accuracy.residual_squared_norm; }
    /// The constant that belongs to the data term: D (P - R) log T + squared norm outside of the span / T.
    [[nodiscard]] double data_term_constant(double temperature) const;
};

/// @param features       xi [P, N0 n]
/// @param y              targets [P, D]
/// @param feature_error  norm of the rounding error of one example's features; 0: they are exact
TrainingSet make_training_set(const Matrix& features, const Matrix& y, double feature_error = 0);

/// Makes the training set of more examples than features, P > N0 n, from its strands as FoldingPlan(P, N0 n)
/// cuts them.
class TrainingFold {
  public:
    /// @param examples         P
    /// @param feature_columns  N0 n;  @param outputs  D
    TrainingFold(Index examples, Index feature_columns, Index outputs);

    /// The next strand, with all of its blocks; used up.
    void add(FoldedStrand& strand);
    /// Norm of the longest token of the strands' examples.
    [[nodiscard]] double largest_token() const { return largest_token_; }
    /// @param feature_error  as for make_training_set
    TrainingSet finish(double feature_error);

    /// Bytes at work meanwhile, the making of the blocks included.
    static double bytes(Index examples, Index feature_columns, Index outputs);

  private:
    FoldingPlan plan_;
    Index outputs_;
    double largest_norm_ = 0;
    double largest_token_ = 0;
    FoldedTriangle folded_;
};

/// The training set from a triangle that its examples were folded into, targets as columns after the
/// features.
/// @param error     norm of the error of one example's features, rotations included
/// @param residual  squared norm of targets that were found outside of the span before
TrainingSet training_set_of(const FoldedTriangle& folded, Index outputs, Index examples, double error,
                            double residual = 0);

/// That of the same examples with fewer features: what there is of them is folded, not the examples again.
/// @param features  some of the columns of whole.features
TrainingSet training_set_of_some(const TrainingSet& whole, const Matrix& features);

/// Rows R that make_training_set keeps at most.
Index training_rows(Index examples, Index feature_columns);

}  // namespace attnpaths
