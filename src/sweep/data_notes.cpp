#include "sweep/data_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

std::vector<std::string> data_notes(const std::vector<Configuration>& parts) {
    std::vector<std::string> notes;
    const auto add = [&](const std::string& source, const std::string& text) {
        std::string note = fmt::format("{}: {}", source, text);
        if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
    };
    for (const Configuration& part : parts) {
        for (const std::string& note : part.task->notes()) add(part.task->source(), note);
        if (!part.grid.examples.empty()) continue;
        if (const std::string left_out = part.task->left_out_by_default(); !left_out.empty())
            add(part.task->source(), fmt::format("grid.examples is not given: P = {}, {}",
                                                 part.task->default_examples(), left_out));
    }
    return notes;
}

}  // namespace attnpaths
