#include "point/strand_ensemble.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace attnpaths {

StrandEnsemble::StrandEnsemble(const StrandPass& pass, EnsembleState state)
    : pass_(pass), strands_(static_cast<std::size_t>(pass.strands())) {
    for (int strand = 0; strand < size(); ++strand) goal_ = std::max(goal_, blocks(strand));
    state.chains.resize(strands_.size());
    for (int strand = 0; strand < size(); ++strand) {
        SavedChain& saved = state.chains[static_cast<std::size_t>(strand)];
        if (saved.bytes.empty()) continue;
        const int done = saved.draws - (goal_ - blocks(strand));
        const bool is_usable = state.goal == goal_ && done > 0 && done <= blocks(strand) &&
                               saved.bytes.size() == pass_.state_bytes(strand, done);
        if (is_usable)
            strands_[static_cast<std::size_t>(strand)] = {done, saved.seconds, std::move(saved.bytes)};
        else
            began_again_.insert(strand);
    }
}

void StrandEnsemble::advance(std::span<const int> some, const std::function<void()>& pause) {
    using Clock = std::chrono::steady_clock;
    for (const int number : some) {
        Strand& strand = strands_.at(static_cast<std::size_t>(number));
        while (strand.blocks < blocks(number)) {
            const Clock::time_point start = Clock::now();
            pass_.advance(number, strand.blocks, strand.bytes);
            ++strand.blocks;
            strand.seconds += std::chrono::duration<double>(Clock::now() - start).count();
            pause();
        }
    }
}

EnsembleState StrandEnsemble::state() const {
    EnsembleState state{goal_, {}};
    for (int strand = 0; strand < size(); ++strand) {
        const Strand& own = strands_[static_cast<std::size_t>(strand)];
        state.chains.push_back({goal_ - blocks(strand) + own.blocks, own.seconds, own.bytes});
    }
    return state;
}

int StrandEnsemble::steps_left() const {
    int left = 0;
    for (int strand = 0; strand < size(); ++strand)
        left += blocks(strand) - strands_[static_cast<std::size_t>(strand)].blocks;
    return left;
}

std::vector<std::string> StrandEnsemble::take() {
    std::vector<std::string> ends;
    for (Strand& strand : strands_) ends.push_back(std::move(strand.bytes));
    return ends;
}

}  // namespace attnpaths
