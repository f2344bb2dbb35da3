#pragma once

#include "network/lesion.hpp"

#include <vector>

namespace attnpaths {

/// Kernels of the infinitely wide network as sums over paths, kept by head: the network without one more head
/// costs a difference of two of them. With K = 1/n sum over the n paths left of xi_pi xi_pi' / N0.
class HeadKernels {
  public:
    /// @param features   xi of the training examples [R, N0 n], path by path; must outlive this object
    /// @param heads      H_1..H_L
    /// @param prefactor  sigma_0^2 / N0
    HeadKernels(const Matrix& features, std::vector<Index> heads, double prefactor);

    [[nodiscard]] const std::vector<Index>& heads() const { return heads_; }
    /// Heads taken out so far.
    [[nodiscard]] const Lesion& lesion() const { return lesion_; }
    /// Whether a head is there and is not the last of its layer.
    [[nodiscard]] bool can_go(Index head) const;

    /// Kernel of the heads that are left, lower triangle [R, R].
    [[nodiscard]] Matrix kernel() const;
    /// The same without one more.
    [[nodiscard]] Matrix kernel_without(Index head) const;
    /// Takes a head out; what the others have is brought up to date.
    void remove(Index head);

    /// Bytes of one.
    static double bytes(Index rows, const std::vector<Index>& heads);

  private:
    /// Adds factor times xi_pi xi_pi' of a path to what every head on it has.
    void add_path(Index path, double factor);

    const Matrix& features_;
    std::vector<Index> heads_;
    double prefactor_;
    Lesion lesion_;
    std::vector<Matrix> through_;  // of every head, the sum over the paths left through it, lower triangles
};

}  // namespace attnpaths
