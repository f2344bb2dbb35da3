#pragma once

#include "theory/problem.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// What of a predictor an example without a label is given for one.
enum class PseudoLabels {
    soft,  ///< the mean
    sign   ///< the class that the mean says: the sign of one output, the largest of several
};

/// Pseudo-labels by the means of a predictor.
/// @param mean     [M, D]
/// @param classes  targets of the classes, a row each [k, D]; for PseudoLabels::sign
/// @returns [M, D]
Matrix pseudo_labels(const Matrix& mean, PseudoLabels kind, const Matrix& classes);

/// The distinct rows of targets that are class labels, [k, D].
Matrix distinct_targets(const Matrix& y);

/// Examples that share a temperature with others whose noise is T_u: their rows times sqrt(T/T_u), which is
/// the same problem exactly (theory/README.md section 15).
/// @returns P labelled examples at T and M pseudo-labelled ones at T_u as one training set at T
TrainingSet joint_training_set(const Matrix& features, const Matrix& y, const Matrix& unlabelled,
                               const Matrix& labels, double relative_noise);

struct SelfTrainingOptions {
    PseudoLabels labels = PseudoLabels::soft;
    double relative_noise = 1;  ///< T_u / T
    int rounds = 10;            ///< at most
    double tolerance = 1e-3;    ///< of the relative change, below which rounds end
};

/// One round of self-training: 0 is the teacher.
struct SelfTrainingRound {
    Matrix U;           ///< U_1 [n D, n D]
    Prediction test;    ///< at the points of the first test set
    Matrix unlabelled;  ///< mean at the examples without labels, [M, D]
    double change = 0;  ///< root mean square change of that mean, relative to its own
};

/// Path features that self-training learns from.
struct SelfTrainingFeatures {
    Matrix labelled;    ///< xi of the P training examples, in the order of their targets [P, N0 n]
    Matrix unlabelled;  ///< xi of the examples without labels [M, N0 n]
};

/// U_1 of a network trained on these data.
using OrderParameterOf = std::function<Matrix(DataTerm& data_term)>;

/// The teacher's predictor labels the examples without labels, the next round learns these labels beside the
/// true ones, and so on until the predictor at these examples stays as it is, or `rounds` are over.
/// @param teacher  U_1 of the problem itself
/// @param solve    how a round finds its U_1
/// @returns the teacher and every round
std::vector<SelfTrainingRound> self_train(const Problem& problem, const Matrix& teacher,
                                          const SelfTrainingFeatures& features,
                                          const SelfTrainingOptions& options, const OrderParameterOf& solve);

}  // namespace attnpaths
