#pragma once

#include <Eigen/Core>

#include <string>
#include <vector>

namespace attnpaths {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Index = Eigen::Index;

/// Prior variances sigma_0^2 (V0), sigma_1^2..sigma_L^2 (V^l) and sigma_a^2 (readout a).
struct PriorVariances {
    double input = 1;            ///< sigma_0^2
    std::vector<double> layers;  ///< sigma_1^2..sigma_L^2, one per attention layer
    double readout = 1;          ///< sigma_a^2
};

/// Sizes of an attention network: depth L, heads H_l, widths N_1..N_L and N_a, outputs D, prior variances.
struct Architecture {
    std::vector<Index> heads;    ///< H_1..H_L; the depth L is its size
    std::vector<double> widths;  ///< N_1..N_L; N_l is the input width of attention layer l
    double readout_width = 0;    ///< N_a
    Index outputs = 1;           ///< D
    PriorVariances variances;

    [[nodiscard]] std::size_t depth() const { return heads.size(); }
    /// n = prod_l H_l.
    [[nodiscard]] Index paths() const;
    /// Largest of N_1..N_L, N_a: the unit in which actions are reported.
    [[nodiscard]] double largest_width() const;
};

/// Whether every width is at least the size of its order parameter, N_a >= D and N_l >= H_l ... H_L D: below,
/// order parameters of finite networks are singular, and the thermodynamic limit does not describe them.
bool is_in_regime(const Architecture& architecture);

/// H_1..H_L of layers that are lists of heads.
template <class Head>
std::vector<Index> head_counts_of(const std::vector<std::vector<Head>>& layers) {
    std::vector<Index> counts;
    for (const std::vector<Head>& layer : layers) counts.push_back(static_cast<Index>(layer.size()));
    return counts;
}

/// Number of paths n = prod_l H_l through layers with these head counts. @throws UsageError beyond 64 bits
Index path_count(const std::vector<Index>& heads);

/// Heads (h_1..h_L, counted from 0) of a path; h_1 is the slowest index.
std::vector<Index> path_heads(Index path, const std::vector<Index>& heads);

/// Inverse of path_heads.
Index path_index(const std::vector<Index>& chosen, const std::vector<Index>& heads);

/// "2.1" for (h_1, h_2) = (1, 0): heads counted from 1, as in the paper's figures.
std::string path_label(Index path, const std::vector<Index>& heads);

}  // namespace attnpaths
