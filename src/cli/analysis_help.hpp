#pragma once

#include "analyses/analysis.hpp"

#include <string>
#include <vector>

namespace attnpaths::cli {

/// A line of a help text.
struct HelpItem {
    std::string term;
    std::string argument;  ///< of a column its type and shape
    std::string meaning;
};

struct HelpSection {
    std::string title;
    std::vector<HelpItem> items;
};

/// What the registry has of an analysis: first where it is from, what it costs and needs; then its settings
/// and columns. Sections without items are left out.
std::vector<HelpSection> analysis_help(const Analysis& analysis);

}  // namespace attnpaths::cli
