#pragma once

#include "datasets/map_check.hpp"
#include "h5/input_file.hpp"
#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// Attention maps of a set of examples in a data set file, /SET/attention/layerL [P, H, queries, keys], read
/// in blocks of examples. The file stays open: it may be replaced meanwhile.
class AttentionMapFile : public AttentionMaps {
  public:
    /// @param group   "/train";  @param layers  of the network: those whose heads hold nothing are read
    /// @throws DataError if a layer is missing or its shape does not fit heads, examples and tokens
    AttentionMapFile(std::shared_ptr<const h5::InputFile> file, const std::string& group,
                     const HeadLayers& layers, const TokenSequences& set);

    [[nodiscard]] Index heads(std::size_t layer) const override { return heads_.at(layer); }
    [[nodiscard]] Index examples_at_a_time() const override { return examples_at_a_time_; }
    [[nodiscard]] std::vector<double> read(std::size_t layer, Index first, Index count) const override;

    /// Reads all maps once and checks that the rows of tokens are distributions over tokens, as exactly as
    /// numbers of their precision can be.
    /// @param sums  take how far they are from 1
    /// @returns hash of what the maps say of tokens
    /// @throws DataError naming layer, example, head and query
    [[nodiscard]] std::string check(const TokenSequences& set, RowSums& sums) const;

  private:
    [[nodiscard]] std::string object(std::size_t layer) const;

    std::shared_ptr<const h5::InputFile> file_;
    std::string group_;
    std::vector<Index> heads_;  // by layer; 0 where it is not from here
    Index examples_at_a_time_ = 1;
};

}  // namespace attnpaths
