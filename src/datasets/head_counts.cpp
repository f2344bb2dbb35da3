#include "datasets/head_counts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths {

std::vector<Index> parse_head_counts(std::string_view text, const std::string& where) {
    std::vector<Index> heads;
    for (const std::string& piece : split(text, ":")) {
        std::int64_t count = 0;
        if (!parse_integer(piece, count) || count < 1) {
            heads.clear();
            break;
        }
        heads.push_back(count);
    }
    // Counting the separators catches empty pieces ("2:", ":2", "2::1"), which split drops.
    const auto separators = static_cast<std::size_t>(std::count(text.begin(), text.end(), ':'));
    if (heads.empty() || heads.size() != separators + 1)
        throw UsageError(
            fmt::format("{} = \"{}\" is not a list of head counts; write one number of at least 1 per layer, "
                        "as in \"2:2\"",
                        where, text));
    return heads;
}

std::string head_counts_text(const std::vector<Index>& heads) {
    return fmt::format("{}", fmt::join(heads, ":"));
}

}  // namespace attnpaths
