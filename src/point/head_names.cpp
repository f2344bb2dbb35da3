#include "point/head_names.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace attnpaths {

std::string head_names_text(const HeadNames& names) {
    std::string text;
    bool is_first = true;
    for (const std::vector<std::string>& layer : names)
        for (std::string name : layer) {
            std::replace(name.begin(), name.end(), ';', ',');
            text += (is_first ? "" : "; ") + name;
            is_first = false;
        }
    return text;
}

std::vector<std::string> head_names_of_text(const std::string& text, std::size_t heads) {
    std::vector<std::string> names = fields(text, ';');
    if (text.empty() || names.size() != heads) return std::vector<std::string>(heads);
    for (std::string& name : names) name.erase(0, name.find_first_not_of(' '));
    return names;
}

}  // namespace attnpaths
