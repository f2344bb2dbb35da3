#include "sweep/data_notes.hpp"

#include "task/balanced_subset.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

std::vector<std::string> data_notes(const std::vector<SweepPart>& parts) {
    std::vector<std::string> notes;
    const auto add = [&](std::string note) {
        if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
    };
    for (const SweepPart& part : parts) {
        if (part.dataset == nullptr) continue;
        const std::string& file = part.configuration.task.file;
        for (const std::string& note : part.dataset->notes) add(fmt::format("{}: {}", file, note));
        if (!part.configuration.grid.examples.empty()) continue;
        const LargestSubset largest = largest_balanced_subset(part.dataset->train.y);
        if (!largest.left_out.empty())
            add(fmt::format("{}: grid.examples is not given: P = {}, {}", file, largest.examples,
                            largest.left_out));
    }
    return notes;
}

}  // namespace attnpaths
