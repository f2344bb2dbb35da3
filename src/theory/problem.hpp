#pragma once

#include "datasets/dataset.hpp"
#include "network/lesion.hpp"
#include "network/path_kernels.hpp"
#include "theory/data_term.hpp"
#include "theory/feature_blocks.hpp"
#include "theory/gaussian_process.hpp"
#include "theory/predictor.hpp"
#include "theory/training_set.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// Path features of all examples of a data set through some of its heads, made when they are first asked for:
/// what problems of any P share. Those of sets that hold their tokens are kept; those of sets with a source
/// are made again for every pass over them.
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
    /// xi of a test set, [examples, N0 n].
    const Matrix& test(std::size_t number);
    /// Those of all.
    const std::vector<Matrix>& tests();
    /// xi of training examples, block by block; refers to this object.
    /// @param examples  ascending
    [[nodiscard]] FeatureBlocks train_blocks(std::vector<Index> examples);
    /// xi of a test set, block by block.
    const FeatureBlocks& test_blocks(std::size_t number);
    /// Norm of the rounding error of the features of one of these training examples; 0 where features are
    /// given.
    [[nodiscard]] double feature_error(const std::vector<Index>& examples);
    /// The same for examples of which a pass was made.
    [[nodiscard]] double feature_error(const FeatureBlocks& blocks);
    /// xi of any examples of the data set through all heads, [examples, N0 n].
    [[nodiscard]] Matrix features_of(const ExampleSet& set) const;

    /// Lets go of what train() and tests() made of sets that have a source.
    void forget_streamed();
    /// @param poll  called during long passes; may throw
    void poll_with(std::function<void()> poll);

  private:
    [[nodiscard]] Index columns() const { return dataset_->input_width * path_count(heads_); }
    [[nodiscard]] Matrix of_paths_left(const Matrix& features) const;
    void poll() const;
    /// xi of some examples, ascending, of a set without keeping any.
    [[nodiscard]] Matrix streamed(const ExampleSet& set, const std::vector<Index>& examples,
                                  double& largest_token) const;
    [[nodiscard]] double relative_error(const std::vector<Index>& examples) const;

    std::shared_ptr<const Dataset> dataset_;
    std::vector<Index> heads_;
    std::shared_ptr<PathData> whole_;  // null if this is the whole network
    std::vector<Index> paths_;         // of the whole network
    std::optional<Matrix> train_;
    std::vector<Matrix> tests_;  // empty where they were not asked for
    std::map<std::size_t, FeatureBlocks> test_blocks_;
    std::function<void()> poll_;
};

/// What a predictor says of all points of a problem.
struct Predictions {
    std::vector<Prediction> tests;  ///< of every test set
    /// At the examples themselves: mean [P, D]. Where the training set is reduced the variance is that of its
    /// R coordinates, [R, D]: the same in sum.
    Prediction training;
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
    [[nodiscard]] Matrix features() const;
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
    /// What `predict` says of the points of a test set, block by block.
    [[nodiscard]] Prediction predict_test(std::size_t test,
                                          const std::function<Prediction(const Matrix& features)>& predict);
    /// Mean and variance at the examples themselves, [P, D] each: R² operations for each of them.
    Prediction predict_examples(const Predictor& predictor);

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
        std::vector<std::optional<GaussianProcess::Points>> tests;  // of those whose features are kept
    };
    ProjectedProcess& projected_process(const std::vector<Index>& paths);
    /// The mean at the examples, [P, D], from one of their blocks after the other.
    [[nodiscard]] Matrix mean_at_examples(const std::function<Matrix(const Matrix& features)>& mean) const;
    /// Columns of some of the paths.
    [[nodiscard]] Matrix selected(const Matrix& features, const std::vector<Index>& paths) const;

    std::shared_ptr<PathData> data_;
    std::vector<Index> chosen_;
    std::vector<Index> places_;  // among the chosen, of these in ascending order
    FeatureBlocks blocks_;       // of the chosen in that order
    Index paths_;
    double input_variance_;
    double prefactor_;
    KernelStorage storage_;
    Matrix targets_;
    bool has_classes_;
    std::optional<TrainingSet> training_set_;
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
    /// Second derivative of a data term of this problem at U_1 (DataTerm::hessian), kept until that at
    /// another U_1 is asked for or it is let go of: expansions about one saddle point share it.
    [[nodiscard]] const Matrix& data_term_hessian(DataTerm& data_term, const Matrix& U) const;
    void forget_hessian() const { *hessian_ = {}; }
    /// Predictor for the order parameter U_1; refers to the kernels.
    [[nodiscard]] Predictor predictor(const Matrix& U) const;
    /// The same at another temperature; data and kernels are shared.
    [[nodiscard]] Problem at(double temperature) const { return {architecture_, temperature, training_}; }
    /// The problem of the network without some heads, on its own: to be solved anew.
    /// @param lesion  leaves a head in every layer
    [[nodiscard]] Problem without(const Lesion& lesion) const;

  private:
    Architecture architecture_;
    struct Hessian {
        Matrix U;  // empty: of none
        Matrix value;
    };

    double temperature_;
    std::shared_ptr<TrainingKernels> training_;
    std::shared_ptr<Hessian> hessian_ = std::make_shared<Hessian>();
};

}  // namespace attnpaths
