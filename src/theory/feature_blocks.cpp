#include "theory/feature_blocks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace attnpaths {

FeatureBlocks::FeatureBlocks(std::vector<Index> examples, Index columns, Make make,
                             std::function<void()> poll, bool are_dear)
    : examples_(std::move(examples)),
      columns_(columns),
      make_(std::move(make)),
      poll_(std::move(poll)),
      are_dear_(are_dear) {}

void FeatureBlocks::for_each(const std::function<void(Index first, const Matrix& features)>& use) const {
    const FoldingPlan plan(count(), columns_);
    const auto bytes_of = [&](Index rows) {
        return sizeof(double) * static_cast<std::size_t>(rows * columns_);
    };
    std::optional<ScratchFile> writing;
    if (are_dear_ && !kept_) writing = ScratchFile::make(bytes_of(plan.rows));
    Matrix features;
    for (Index first = 0; first < plan.rows; first += plan.rows_at_a_time) {
        poll_();
        const Index rows = std::min(plan.rows_at_a_time, plan.rows - first);
        features.resize(rows, columns_);
        if (!kept_ || !kept_->read(bytes_of(first), features.data(), bytes_of(rows))) {
            const auto begin = examples_.begin() + first;
            features = make_({begin, begin + rows}, largest_token_);
            if (writing && !writing->write(bytes_of(first), features.data(), bytes_of(rows))) writing.reset();
        }
        use(first, features);
    }
    if (writing) kept_ = std::make_shared<const ScratchFile>(std::move(*writing));
}

Matrix FeatureBlocks::whole() const {
    Matrix features(count(), columns_);
    for_each([&](Index first, const Matrix& block) { features.middleRows(first, block.rows()) = block; });
    return features;
}

}  // namespace attnpaths
