#include "cli/completion.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/completion_table.hpp"
#include "cli/help_page.hpp"
#include "cli/sweep_settings.hpp"
#include "tasks/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths::cli {

namespace {

/// What may stand for a value of this name: that of a registry, one of A|B|C, a file, or what nobody can
/// know.
Completion values_called(const std::string& name) {
    if (name == analyses_value) {
        Completion completion{{"default"}};
        for (const Analysis& analysis : analyses()) completion.words.push_back(analysis.name);
        return completion;
    }
    if (name == task_value) {
        Completion completion;
        for (const TaskDeclaration& task : tasks()) completion.words.push_back(task.name);
        return completion;
    }
    Completion completion;
    for (const std::string& word : fields(name, '|'))
        if (word == "FILE" || word == "FOLDER" || word == "SOURCE")
            completion.files = true;
        else if (std::all_of(word.begin(), word.end(),
                             [](char letter) { return (letter >= 'a' && letter <= 'z') || letter == '-'; }))
            completion.words.push_back(word);
    return completion;
}

/// A clause that fits beside its word in a list.
std::string in_short(const std::string& description) {
    constexpr std::size_t most = 72;
    const std::string clause = description.substr(0, description.find_first_of(";:("));
    return clause.size() <= most ? clause : clause.substr(0, clause.rfind(' ', most)) + " ...";
}

}  // namespace

std::vector<CompletedCommand> completion_table() {
    std::vector<CompletedCommand> table;
    for (const HelpPage& page : help_pages()) {
        const std::vector<std::string> words = split(page.command);
        CompletedCommand command{
            words.front(),     words.size() > 1 ? words[1] : "", in_short(page.summary), {}, page.words,
            page.words.empty()};
        for (const HelpOption& option : page.options)
            command.options.push_back({"--" + option.name, option.letter.empty() ? "" : "-" + option.letter,
                                       in_short(option.description), !option.value.empty(),
                                       values_called(option.value_name())});
        for (NamedWord& word : command.first_words) word.summary = in_short(word.summary);
        table.push_back(std::move(command));
    }
    return table;
}

std::string completion(const std::string& shell) {
    if (shell == "bash") return bash_completion(completion_table());
    if (shell == "zsh") return zsh_completion(completion_table());
    if (shell == "fish") return fish_completion(completion_table());
    throw UsageError(
        fmt::format("--completion {}: choose {}", shell, fmt::join(fields(completion_shells, '|'), ", ")));
}

}  // namespace attnpaths::cli
