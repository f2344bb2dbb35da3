#include "datasets/names_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths {

namespace {

std::string joined(const std::vector<std::string>& names) {
    if (std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); }))
        return "";
    std::vector<std::string> plain = names;
    for (std::string& name : plain) std::replace(name.begin(), name.end(), ';', ',');
    return fmt::format("{}", fmt::join(plain, "; "));
}

}  // namespace

std::string names_text(const std::vector<std::string>& names) {
    std::string text = joined(names);
    return text.size() > most_name_bytes ? "" : text;
}

std::vector<std::string> names_of_text(const std::string& text, std::size_t count) {
    std::vector<std::string> names = fields(text, ';');
    if (text.empty() || names.size() != count) return std::vector<std::string>(count);
    for (std::string& name : names) name.erase(0, name.find_first_not_of(' '));
    return names;
}

void note_long_names(Dataset& dataset) {
    std::vector<std::string> heads;
    for (const std::vector<AttentionHead>& layer : dataset.layers)
        for (const AttentionHead& head : layer) heads.push_back(head.name);
    for (const auto& [what, names] : {std::pair{"heads", heads}, std::pair{"classes", dataset.class_names}})
        if (const std::size_t bytes = joined(names).size(); bytes > most_name_bytes)
            dataset.notes.push_back(fmt::format(
                "the names of {0} take {1} bytes, and a row of a store has {2}: results number the {0}, as "
                "all names or none are kept; shorten them",
                what, bytes, most_name_bytes));
}

}  // namespace attnpaths
