#pragma once

#include "network/path_kernels.hpp"
#include "theory/gaussian_process.hpp"
#include "theory/path_data.hpp"
#include "theory/predictor.hpp"
#include "theory/strand_pass.hpp"
#include "theory/training_set.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

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
    TrainingKernels(const std::shared_ptr<PathData>& data, Index examples, double input_variance,
                    KernelStorage storage, const std::string& where);
    /// @param chosen  the examples, rows of the training set in the order that the kernels are to have
    TrainingKernels(std::shared_ptr<PathData> data, std::vector<Index> chosen, double input_variance,
                    KernelStorage storage);

    [[nodiscard]] PathData& data() const { return *data_; }
    /// The same examples for the network without some heads, whose kernels are averages over fewer paths.
    /// @param lesion  leaves a head in every layer
    [[nodiscard]] std::shared_ptr<TrainingKernels> without(const Lesion& lesion);
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
    /// Strands of more examples than features, folded, as FoldedStrand saves them.
    void fold_strands(const TakeStrand& take) const;
    /// Passes over examples that are not held are run by this from now on.
    void run_passes_by(PassRunner runner) { runner_ = std::move(runner); }
    /// Whether there are such passes.
    [[nodiscard]] bool is_streamed() const;
    /// Whether examples are folded, being more than features.
    [[nodiscard]] bool is_folded() const { return training_rows(examples(), columns()) < examples(); }
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
    /// Features of the training set.
    [[nodiscard]] std::shared_ptr<const Matrix> shared_features();
    /// Values at the examples, [P, width], from those at the examples of a block.
    [[nodiscard]] Matrix at_examples(Index width,
                                     const std::function<Matrix(const Matrix& features)>& values) const;
    void run(const StrandPass& pass, const TakeStrand& take) const;
    [[nodiscard]] Index columns() const { return data_->dataset().input_width * paths_; }
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
    PassRunner runner_ = run_pass;
    std::shared_ptr<const TrainingSet> training_set_;
    std::optional<PathKernels> path_kernels_;
    std::map<std::vector<Index>, ProjectedProcess> processes_;  // by their paths
};

}  // namespace attnpaths
