#include "theory/strand_pass.hpp"

#include <utility>

namespace attnpaths {

StrandPass::StrandPass(const FeatureBlocks& blocks, bool is_folding, Add add,
                       std::function<std::size_t(Index examples)> state_bytes)
    : blocks_(blocks), is_folding_(is_folding), add_(std::move(add)), state_bytes_(std::move(state_bytes)) {}

Index StrandPass::blocks(Index strand) const {
    return blocks_.plan().first_block(strand + 1) - blocks_.plan().first_block(strand);
}

std::size_t StrandPass::state_bytes(Index strand, Index blocks) const {
    const FoldingPlan& plan = blocks_.plan();
    const Index first = plan.first_block(strand);
    return state_bytes_(plan.first_row(first + blocks) - plan.first_row(first));
}

std::size_t StrandPass::state_bytes() const {
    std::size_t sum = 0;
    for (Index strand = 0; strand < strands(); ++strand) sum += state_bytes(strand, blocks(strand));
    return sum;
}

void StrandPass::advance(Index strand, Index blocks, std::string& state) const {
    const Index block = blocks_.plan().first_block(strand) + blocks;
    Matrix features;
    blocks_.read(block, features);
    add_(blocks_.plan().first_row(block), features, state);
}

void run_pass(const StrandPass& pass, const TakeStrand& take) {
    for (Index strand = 0; strand < pass.strands(); ++strand) {
        std::string state;
        for (Index block = 0; block < pass.blocks(strand); ++block) pass.advance(strand, block, state);
        take(state);
    }
}

}  // namespace attnpaths
