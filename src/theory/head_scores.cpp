#include "theory/head_scores.hpp"

namespace attnpaths {

namespace {

/// |U| summed over the outputs of each pair of paths, [n, n].
Matrix path_magnitudes(const Matrix& U, Index paths, Index outputs) {
    Matrix magnitudes(paths, paths);
    for (Index left = 0; left < paths; ++left)
        for (Index right = 0; right < paths; ++right)
            magnitudes(left, right) =
                U.block(left * outputs, right * outputs, outputs, outputs).cwiseAbs().sum();
    return magnitudes;
}

/// Sum over the pairs of which at least one member is chosen.
template <class Chosen>
double sum_through(const Matrix& magnitudes, const Chosen& chosen) {
    double sum = 0;
    for (Index left = 0; left < magnitudes.rows(); ++left)
        for (Index right = 0; right < magnitudes.cols(); ++right)
            if (chosen(left) || chosen(right)) sum += magnitudes(left, right);
    return sum;
}

}  // namespace

Vector head_scores(const Matrix& U, const std::vector<Index>& heads, Index outputs) {
    const Matrix magnitudes = path_magnitudes(U, path_count(heads), outputs);
    std::vector<double> scores;
    for (std::size_t layer = 0; layer < heads.size(); ++layer)
        for (Index head = 0; head < heads[layer]; ++head)
            scores.push_back(
                sum_through(magnitudes, [&](Index path) { return path_heads(path, heads)[layer] == head; }));
    Vector result = Eigen::Map<const Vector>(scores.data(), static_cast<Index>(scores.size()));
    return result / result.maxCoeff();
}

Vector path_scores(const Matrix& U, const std::vector<Index>& heads, Index outputs) {
    const Index paths = path_count(heads);
    const Matrix magnitudes = path_magnitudes(U, paths, outputs);
    Vector scores(paths);
    for (Index path = 0; path < paths; ++path)
        scores(path) = sum_through(magnitudes, [&](Index other) { return other == path; });
    return scores / scores.maxCoeff();
}

}  // namespace attnpaths
