#include "analyses/selection.hpp"

#include "analyses/registry.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace attnpaths {

namespace {

constexpr const char* default_word = "default";

std::vector<std::string> known_words() {
    std::vector<std::string> words = {default_word};
    for (const Analysis& analysis : analyses()) words.push_back(analysis.name);
    return words;
}

std::string description() {
    std::string by_default;
    std::string others;
    for (const Analysis& analysis : analyses()) {
        std::string& list = analysis.by_default ? by_default : others;
        list += (list.empty() ? "" : ", ") + analysis.name;
    }
    return fmt::format("list of analyses: default ({}), {}; attnpaths help ANALYSIS says more", by_default,
                       others);
}

/// Analyses of these names and all that they need, in the order of the registry.
std::vector<const Analysis*> with_needs(std::set<std::string> wanted) {
    // Backwards through the registry, where needs come first.
    std::vector<const Analysis*> selected;
    const std::vector<Analysis>& all = analyses();
    for (std::size_t number = all.size(); number-- > 0;) {
        const Analysis& analysis = all[number];
        if (!wanted.contains(analysis.name)) continue;
        wanted.insert(analysis.needs.begin(), analysis.needs.end());
        selected.push_back(&analysis);
    }
    std::reverse(selected.begin(), selected.end());
    return selected;
}

}  // namespace

const SettingKey& run_setting() {
    static const SettingKey setting = {"analyses.run", default_word, description()};
    return setting;
}

const SettingKey& samples_setting() {
    static const SettingKey setting = {"analyses.samples", "true", "false: leave out all that is sampled",
                                       SettingKind::boolean};
    return setting;
}

std::vector<const Analysis*> selected_analyses(const Settings& settings) {
    const std::vector<std::string> known = known_words();
    std::set<std::string> wanted;
    for (const std::string& word : settings.list(run_setting().name)) {
        if (std::find(known.begin(), known.end(), word) == known.end()) {
            const std::string near = nearest_word(word, known);
            settings.fail(run_setting().name,
                          fmt::format("there is no analysis \"{}\"{}", word,
                                      near.empty() ? fmt::format("; there are {}", fmt::join(known, ", "))
                                                   : "; did you mean " + near + "?"));
        }
        if (word != default_word) wanted.insert(word);
        for (const Analysis& analysis : analyses())
            if (word == default_word && analysis.by_default) wanted.insert(analysis.name);
    }
    if (!settings.boolean(samples_setting().name))
        std::erase_if(wanted,
                      [](const std::string& name) { return find_analysis(name)->advance_chains != nullptr; });
    if (wanted.empty()) settings.fail(run_setting().name, "nothing is left to run without samples");
    return with_needs(std::move(wanted));
}

std::set<const Analysis*> required_analyses(const Settings& settings) {
    std::set<std::string> named;
    for (const std::string& word : settings.list(run_setting().name))
        if (word != default_word) named.insert(word);
    const std::vector<const Analysis*> required = with_needs(std::move(named));
    return {required.begin(), required.end()};
}

}  // namespace attnpaths
