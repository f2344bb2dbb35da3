#pragma once

#include "datasets/dataset.hpp"
#include "network/lesion.hpp"
#include "network/path_kernels.hpp"
#include "theory/data_term.hpp"
#include "theory/gaussian_process.hpp"
#include "theory/predictor.hpp"
#include "theory/training_set.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// Path features of all examples of a data set through some of its heads, made when they are first asked for:
/// what problems of any P share.
class PathData {
  public:
    /// @param heads  H_1..H_L of the network: the first of every layer of the data set, and no more layers
    PathData(std::shared_ptr<const Dataset> dataset, std::vector<Index> heads);
    /// Those of a network without some heads: columns of `whole`, through the paths that are left.
    /// @param lesion  leaves a head in every layer
    PathData(std::shared_ptr<PathData> whole, const Lesion& lesion);

    [[nodiscard]] const Dataset& dataset() const { return *dataset_; }
    [[nodiscard]] const std::vector<Index>& heads() const { return heads_; }
    /// xi of all training examples, [examples, N0 n].
    const Matrix& train();
    /// Norm of the rounding error of the features of one of these training examples; 0 where features are
    /// given.
    [[nodiscard]] double feature_error(const std::vector<Index>& examples);
    /// xi of every test set, [examples, N0 n] each.
    const std::vector<Matrix>& tests();
    /// xi of any examples of the data set through all heads, [examples, N0 n].
    [[nodiscard]] Matrix features_of(const ExampleSet& set) const;

  private:
    [[nodiscard]] Matrix of_paths_left(const Matrix& features) const;

    std::shared_ptr<const Dataset> dataset_;
    std::vector<Index> heads_;
    std::shared_ptr<PathData> whole_;  // null if this is the whole network
    std::vector<Index> paths_;         // of the whole network
    std::optional<Matrix> train_;
    std::optional<std::vector<Matrix>> tests_;
};

/// What a predictor says of all points of a problem.
struct Predictions {
    std::vector<Prediction> tests;  ///< of every test set
    Prediction training;            ///< at the examples themselves, [P, D]
};

/// P training examples of a data set in the basis that the theory works in, and their path kernels, made when
/// they are first asked for: what problems of all widths and temperatures share.
class TrainingKernels {
  public:
    /// @param examples        P, chosen balanced over classes
    /// @param input_variance  sigma_0^2
    /// @param where           for messages: the setting that P comes from
    /// @throws UsageError if the data set has fewer examples
    TrainingKernels(std::shared_ptr<PathData> data, Index examples, double input_variance,
                    KernelStorage storage, const std::string& where);
    /// @param chosen  the examples, rows of the training set in the order that the kernels are to have
    TrainingKernels(std::shared_ptr<PathData> data, std::vector<Index> chosen, double input_variance,
                    KernelStorage storage);

    [[nodiscard]] PathData& data() const { return *data_; }
    /// The same examples for the network without some heads, whose kernels are averages over fewer paths.
    /// @param lesion  leaves a head in every layer
    [[nodiscard]] std::shared_ptr<TrainingKernels> without(const Lesion& lesion) const;
    /// P.
    [[nodiscard]] Index examples() const { return static_cast<Index>(chosen_.size()); }
    /// Which examples of the data set these are.
    [[nodiscard]] const std::vector<Index>& chosen() const { return chosen_; }
    /// xi of the examples themselves, [P, N0 n].
    [[nodiscard]] Matrix features() const { return data_->train()(chosen_, Eigen::all); }
    [[nodiscard]] Index paths() const { return paths_; }
    /// sigma_0^2 / (N0 n), of the kernels of all paths.
    [[nodiscard]] double prefactor() const { return prefactor_; }
    /// Targets of the examples themselves, [P, D].
    [[nodiscard]] const Matrix& targets() const { return targets_; }
    /// Whether the targets are class labels, for which an accuracy makes sense.
    [[nodiscard]] bool has_classes() const { return has_classes_; }
    /// Features and targets in the span of the features.
    const TrainingSet& training_set();
    const PathKernels& path_kernels();
    Predictions predict(const Predictor& predictor);

    /// The infinitely wide network of some of the paths, decomposed when it is first asked for.
    /// @param paths  ascending; none for all
    const GaussianProcess& gaussian_process(const std::vector<Index>& paths = {});
    /// Its predictions; at another temperature or variance they cost next to nothing.
    Predictions predict_gaussian_process(double temperature, double variance,
                                         const std::vector<Index>& paths = {});

  private:
    /// A Gaussian process with the points that it is asked about.
    struct ProjectedProcess {
        GaussianProcess process;
        std::vector<GaussianProcess::Points> tests;
        std::optional<GaussianProcess::Points> training;  // of the examples, where the set is reduced
    };
    ProjectedProcess& projected_process(const std::vector<Index>& paths);
    /// Columns of some of the paths.
    [[nodiscard]] Matrix selected(const Matrix& features, const std::vector<Index>& paths) const;

    std::shared_ptr<PathData> data_;
    std::vector<Index> chosen_;
    Index paths_;
    double input_variance_;
    double prefactor_;
    KernelStorage storage_;
    Matrix targets_;
    bool has_classes_;
    std::optional<TrainingSet> training_set_;
    Matrix own_features_;  // of the examples themselves, where the training set is reduced; else empty
    std::optional<PathKernels> path_kernels_;
    std::map<std::vector<Index>, ProjectedProcess> processes_;  // by their paths
};

/// What the mathematics of a grid point depends on: data, heads and P in `training`, widths and prior
/// variances in `architecture`, and T. Analyses ask it for what they need, and what one has asked for the
/// others find made.
class Problem {
  public:
    Problem(Architecture architecture, double temperature, std::shared_ptr<TrainingKernels> training)
        : architecture_(std::move(architecture)), temperature_(temperature), training_(std::move(training)) {}

    [[nodiscard]] const Architecture& architecture() const { return architecture_; }
    /// T.
    [[nodiscard]] double temperature() const { return temperature_; }
    [[nodiscard]] const Dataset& dataset() const { return training_->data().dataset(); }
    [[nodiscard]] TrainingKernels& training() const { return *training_; }
    [[nodiscard]] const PathKernels& kernels() const { return training_->path_kernels(); }
    /// Targets in the basis of the kernels, [R, D].
    [[nodiscard]] const Matrix& y() const { return training_->training_set().y; }
    [[nodiscard]] const std::vector<Matrix>& test_features() const { return training_->data().tests(); }
    /// DataTerm of the training data; refers to the kernels.
    [[nodiscard]] DataTerm data_term() const;
    /// Predictor for the order parameter U_1; refers to the kernels.
    [[nodiscard]] Predictor predictor(const Matrix& U) const;
    /// The same at another temperature; data and kernels are shared.
    [[nodiscard]] Problem at(double temperature) const { return {architecture_, temperature, training_}; }
    /// The problem of the network without some heads, on its own: to be solved anew.
    /// @param lesion  leaves a head in every layer
    [[nodiscard]] Problem without(const Lesion& lesion) const;

  private:
    Architecture architecture_;
    double temperature_;
    std::shared_ptr<TrainingKernels> training_;
};

}  // namespace attnpaths
