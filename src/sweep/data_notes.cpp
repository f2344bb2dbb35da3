#include "sweep/data_notes.hpp"

#include <algorithm>

namespace attnpaths {

std::vector<std::string> data_notes(const std::vector<Configuration>& parts) {
    std::vector<std::string> notes;
    for (const Configuration& part : parts)
        for (std::string& note : part.task->notes(part.grid.examples.empty()))
            if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
    return notes;
}

}  // namespace attnpaths
