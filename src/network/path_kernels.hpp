#pragma once

#include "network/architecture.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace attnpaths {

/// Where the path-path kernels C_{pi pi'} of the training set live.
enum class KernelStorage {
    kernels,  ///< all n(n+1)/2 of them in memory, P^2 n^2 / 4 doubles: fastest for few paths
    features  ///< nothing but the path features, P N0 n doubles; every evaluation multiplies features
};

/// Path-path kernels C_{pi pi'}(x_mu, x_nu) = sigma_0^2/(N0 n) xi_pi(x_mu) . xi_pi'(x_nu) of the training set
/// (theory section 3), as the two linear maps that everything needs: U -> K(U) = sum U_{pi pi'} C_{pi pi'},
/// and its adjoint. With D outputs, rows of U are (path, output), output fastest, and rows of K are (output,
/// example), example fastest.
class PathKernels {
  public:
    /// @param features   xi [P, N0 * n], path by path; shared with whoever else works from them
    /// @param paths      n
    /// @param outputs    D
    /// @param prefactor  sigma_0^2 / (N0 n)
    /// @param storage    kernels in memory serve D = 1 only; D > 1 always works from the features
    PathKernels(std::shared_ptr<const Matrix> features, Index paths, Index outputs, double prefactor,
                KernelStorage storage);
    /// Of a copy of the features.
    PathKernels(const Matrix& features, Index paths, Index outputs, double prefactor, KernelStorage storage)
        : PathKernels(std::make_shared<const Matrix>(features), paths, outputs, prefactor, storage) {}

    [[nodiscard]] Index examples() const { return features_->rows(); }
    [[nodiscard]] Index paths() const { return paths_; }
    [[nodiscard]] Index outputs() const { return outputs_; }
    [[nodiscard]] Index input_width() const { return features_->cols() / paths_; }
    [[nodiscard]] double prefactor() const { return prefactor_; }
    [[nodiscard]] KernelStorage storage() const { return storage_; }
    [[nodiscard]] const Matrix& features() const { return *features_; }

    /// Terms of which an entry of K is summed one after the other: what its rounding grows with.
    [[nodiscard]] Index summed_terms() const;

    /// K(U) [P D, P D]; only the lower triangle of `kernel` is set.
    /// @param U symmetric [n D, n D]
    void assemble(const Matrix& U, Matrix& kernel) const;

    /// The same for many U at once, so that kernels in memory are read once for a block of them: calls
    /// visit(i, kernel of U[i]) in order; the visitor may overwrite the kernel.
    void assemble_each(std::span<const Matrix> U,
                       const std::function<void(std::size_t, Matrix& kernel)>& visit) const;

    /// K(U) of a few U, kernels in memory being read once for kernel_tiles::most_lanes of them; the bits of
    /// each are the same whichever others are assembled with it.
    /// @param kernels  receives them, as many as there are U; only the lower triangles are set
    void assemble_together(std::span<const Matrix> U, std::span<Matrix> kernels) const;
    /// contract() of a few G, likewise.
    void contract_together(std::span<const Matrix> G, std::span<Matrix> results) const;

    /// Adjoint of assemble: the matrix of tr(G dK/dU_ij), each entry of U on its own, [n D, n D], symmetric.
    /// @param G symmetric [P D, P D], both triangles set
    [[nodiscard]] Matrix contract(const Matrix& G) const;

    /// Bytes that a PathKernels with these sizes holds.
    static double bytes(Index examples, Index input_width, Index paths, KernelStorage storage);

  private:
    void fill_tiles();
    /// Calls visit for parts of the N0 features of all paths, one after the other: columns path by path,
    /// [P, width n].
    void for_each_chunk(const std::function<void(const Matrix& chunk, Index width)>& visit) const;
    void assemble_from_tiles(std::span<const Matrix> U,
                             const std::function<void(std::size_t, Matrix& kernel)>& visit) const;
    [[nodiscard]] Matrix contract_tiles(const Matrix& G) const;
    /// At most kernel_tiles::most_lanes at once, kernels being in memory.
    void assemble_some(std::span<const Matrix> U, std::span<Matrix> kernels) const;
    void contract_some(std::span<const Matrix> G, std::span<Matrix> results) const;
    /// U as the weights of its kernels, and the adjoint.
    [[nodiscard]] Vector pair_weights(const Matrix& U) const;
    [[nodiscard]] Matrix from_pair_sums(const Vector& sums) const;

    std::shared_ptr<const Matrix> features_;
    Index paths_;
    Index outputs_;
    double prefactor_;
    KernelStorage storage_;
    /// Packed lower triangles of the symmetrised kernels, cut into tiles of rows so that one pass over memory
    /// serves all path pairs: tile t is the block of columns [t * pairs, (t+1) * pairs).
    Matrix tiles_;
};

/// Features mixed by the block of U between outputs d and e: column block pi' = sum_pi xi_pi U_{(pi d)(pi'
/// e)}, [P, N0 n].
/// @param features xi [P, N0 n];  @param U [n D, n D]
Matrix mix_paths(const Matrix& features, const Matrix& U, Index paths, Index outputs, Index d, Index e);

/// "kernels" or "features".
std::string to_text(KernelStorage storage);

}  // namespace attnpaths
