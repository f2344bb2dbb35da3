#pragma once

#include <string>
#include <vector>

namespace attnpaths::testing {

/// Ranks of true values among draws of their posteriors: uniform on 0..draws if the draws are right.
struct RankHistogram {
    std::string quantity;
    std::vector<int> counts;  ///< replicas per bin; all bins hold equally many ranks

    /// Probability that uniform ranks give a chi-square statistic at least as large.
    [[nodiscard]] double p_value() const;
};

/// @param ranks  one per replica
/// @param draws  of every posterior; draws + 1 must be a multiple of `bins`
RankHistogram rank_histogram(std::string quantity, const std::vector<int>& ranks, int draws, int bins);

/// One line of text: a digit from 0 to 9 per bin, 5 where the bin holds its share.
std::string to_text(const RankHistogram& histogram);

}  // namespace attnpaths::testing
