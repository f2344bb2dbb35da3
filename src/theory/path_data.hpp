#pragma once

#include "datasets/dataset.hpp"
#include "network/lesion.hpp"
#include "theory/feature_blocks.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
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
    /// @param largest_token  norm of the longest that it met, where tokens are not held
    [[nodiscard]] double feature_error(const std::vector<Index>& examples, double largest_token);
    /// xi of any examples of the data set through all heads, [examples, N0 n].
    [[nodiscard]] Matrix features_of(const ExampleSet& set) const;

    /// Lets go of what train() and tests() made of sets that have a source.
    void forget_streamed();
    /// @param poll  called during long passes; may throw
    void poll_with(std::function<void()> poll);

  private:
    /// The network's heads, some in a form that makes scores in less work.
    const HeadLayers& layers() const;
    [[nodiscard]] Index columns() const { return dataset_->input_width * path_count(heads_); }
    [[nodiscard]] Matrix of_paths_left(const Matrix& features) const;
    void poll() const;
    /// xi of some examples, ascending, of a set without keeping any.
    [[nodiscard]] Matrix streamed(const ExampleSet& set, const std::vector<Index>& examples,
                                  double& largest_token) const;
    [[nodiscard]] double relative_error(const std::vector<Index>& examples) const;

    std::shared_ptr<const Dataset> dataset_;
    std::vector<Index> heads_;
    mutable std::optional<HeadLayers> layers_;
    std::shared_ptr<PathData> whole_;  // null if this is the whole network
    std::vector<Index> paths_;         // of the whole network
    std::optional<Matrix> train_;
    std::vector<Matrix> tests_;  // empty where they were not asked for
    std::map<std::size_t, FeatureBlocks> test_blocks_;
    std::function<void()> poll_;
};

}  // namespace attnpaths
