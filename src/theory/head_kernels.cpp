#include "theory/head_kernels.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace attnpaths {

HeadKernels::HeadKernels(const Matrix& features, std::vector<Index> heads, double prefactor)
    : features_(features), heads_(std::move(heads)), prefactor_(prefactor), lesion_(lesion_of({}, heads_)) {
    through_.assign(lesion_.size(), Matrix::Zero(features.rows(), features.rows()));
    for (Index path = 0; path < path_count(heads_); ++path) add_path(path, 1);
}

void HeadKernels::add_path(Index path, double factor) {
    const Index width = features_.cols() / path_count(heads_);
    const auto own = features_.middleCols(path * width, width);
    const std::vector<Index> on_path = path_heads(path, heads_);
    for (std::size_t layer = 0; layer < heads_.size(); ++layer) {
        Matrix& sum = through_[static_cast<std::size_t>(head_number({layer, on_path[layer]}, heads_))];
        sum.selfadjointView<Eigen::Lower>().rankUpdate(own, factor * prefactor_);
    }
}

bool HeadKernels::can_go(Index head) const {
    return !lesion_[static_cast<std::size_t>(head)] &&
           heads_left(lesion_, heads_)[head_place(head, heads_).layer] > 1;
}

Matrix HeadKernels::kernel() const {
    // Every path goes through one head of the first layer.
    Matrix sum = through_.front();
    for (Index head = 1; head < heads_.front(); ++head) sum += through_[static_cast<std::size_t>(head)];
    return sum / static_cast<double>(path_count(heads_left(lesion_, heads_)));
}

Matrix HeadKernels::kernel_without(Index head) const {
    std::vector<Index> left = heads_left(lesion_, heads_);
    const auto paths = static_cast<double>(path_count(left));
    --left[head_place(head, heads_).layer];
    return (paths * kernel() - through_[static_cast<std::size_t>(head)]) /
           static_cast<double>(path_count(left));
}

void HeadKernels::remove(Index head) {
    const Lesion before = lesion_;
    lesion_[static_cast<std::size_t>(head)] = true;
    const HeadPlace place = head_place(head, heads_);
    for (const Index path : paths_left(before, heads_))
        if (path_heads(path, heads_)[place.layer] == place.head) add_path(path, -1);
    through_[static_cast<std::size_t>(head)].setZero();
}

double HeadKernels::bytes(Index rows, const std::vector<Index>& heads) {
    const auto count = static_cast<double>(std::accumulate(heads.begin(), heads.end(), Index{0}));
    return sizeof(double) * count * static_cast<double>(rows) * static_cast<double>(rows);
}

}  // namespace attnpaths
