#include "theory/feature_blocks.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace attnpaths {

namespace {

/// What is made of features without looking up: a fraction of a second.
constexpr Index rows_between_polls = 512;

std::size_t bytes_of(Index rows, Index columns) {
    return sizeof(double) * static_cast<std::size_t>(rows * columns);
}

}  // namespace

FeatureBlocks::FeatureBlocks(std::vector<Index> examples, Index columns, Make make,
                             std::function<void()> poll, bool are_dear)
    : examples_(std::move(examples)),
      columns_(columns),
      plan_(static_cast<Index>(examples_.size()), columns),
      make_(std::move(make)),
      poll_(std::move(poll)),
      are_dear_(are_dear) {}

void FeatureBlocks::read(Index block, Matrix& features) const {
    poll_();
    const Index first = plan_.first_row(block);
    const Index rows = plan_.first_row(block + 1) - first;
    features.resize(rows, columns_);
    if (kept_ && kept_->blocks[static_cast<std::size_t>(block)] &&
        kept_->file->read(bytes_of(first, columns_), features.data(), bytes_of(rows, columns_)))
        return;
    for (Index done = 0; done < rows; done += rows_between_polls) {
        if (done > 0) poll_();
        const Index count = std::min(rows_between_polls, rows - done);
        const auto begin = examples_.begin() + first + done;
        features.middleRows(done, count) = make_({begin, begin + count}, largest_token_);
    }
    if (are_dear_) keep(block, features);
}

void FeatureBlocks::keep(Index block, const Matrix& features) const {
    if (!kept_)
        kept_ =
            std::make_shared<Kept>(Kept{ScratchFile::make(bytes_of(plan_.rows, columns_)),
                                        std::vector<bool>(static_cast<std::size_t>(plan_.blocks), false)});
    if (!kept_->file) return;
    kept_->blocks[static_cast<std::size_t>(block)] = kept_->file->write(
        bytes_of(plan_.first_row(block), columns_), features.data(), bytes_of(features.rows(), columns_));
}

void FeatureBlocks::for_each(const std::function<void(Index first, const Matrix& features)>& use) const {
    Matrix features;
    for (Index block = 0; block < plan_.blocks; ++block) {
        read(block, features);
        use(plan_.first_row(block), features);
    }
}

Matrix FeatureBlocks::whole() const {
    Matrix features(count(), columns_);
    for_each([&](Index first, const Matrix& block) { features.middleRows(first, block.rows()) = block; });
    return features;
}

}  // namespace attnpaths
