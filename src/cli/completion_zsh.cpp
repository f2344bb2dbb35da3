#include "cli/completion_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths::cli {

namespace {

constexpr const char* zsh_script = R"(#compdef attnpaths
# Completion of attnpaths for zsh, written by `attnpaths help --completion zsh`.

# _attnpaths_list TITLE 'WORD:MEANING' ...
_attnpaths_list() {{
    local -a known=("${{@:2}}")
    _describe "$1" known
}}

# Values of "COMMAND OPTION"; fails for an option that takes none.
_attnpaths_values() {{
    case $1 in
{values}        (*) return 1 ;;
    esac
}}

_attnpaths_options() {{
    case $1 in
{options}    esac
}}

# Other words of "COMMAND", the first of which stands at place $2.
_attnpaths_words() {{
    case $1 in
{words}    esac
}}

_attnpaths() {{
    local command=$words[2]
    integer first=3
    if (( CURRENT > 3 )); then
        case "$command $words[3]" in
            ({kinds}) command+=" $words[3]"; first=4 ;;
        esac
    fi
    if (( CURRENT == 2 )); then
        _attnpaths_list command {commands}
    elif [[ $PREFIX == --*=* ]]; then
        local option=${{PREFIX%%=*}}
        compset -P '*='
        _attnpaths_values "$command $option"
    elif _attnpaths_values "$command $words[CURRENT-1]"; then
        :
    elif [[ $PREFIX == -* ]]; then
        _attnpaths_options "$command"
    else
        _attnpaths_words "$command" $first
    fi
}}

_attnpaths "$@"
)";

/// 'WORD:MEANING' as _describe takes it.
std::string described(const std::string& word, const std::string& meaning) {
    std::string text;
    for (const char letter : meaning)
        if (letter == '\'')
            text += "'\\''";
        else
            text += letter;
    return fmt::format("'{}:{}'", word, text);
}

std::string listed(const std::string& title, const std::vector<std::string>& words) {
    return fmt::format("_attnpaths_list {} {}", title, fmt::join(words, " "));
}

std::string values_of(const Completion& value) {
    std::vector<std::string> actions;
    if (!value.words.empty()) actions.push_back(fmt::format("compadd -- {}", fmt::join(value.words, " ")));
    if (value.files) actions.emplace_back("_files");
    if (actions.empty()) actions.emplace_back("_message value");
    return fmt::format("{}; return 0", fmt::join(actions, "; "));
}

}  // namespace

std::string zsh_completion(const std::vector<CompletedCommand>& table) {
    std::string options;
    std::string words;
    std::string values;
    std::vector<std::string> commands;
    std::vector<std::string> kinds;
    for (const CompletedCommand& command : table) {
        const std::string name = command.name + (command.kind.empty() ? "" : "\\ " + command.kind);
        if (command.kind.empty())
            commands.push_back(described(command.name, command.summary));
        else
            kinds.push_back(name);
        std::vector<std::string> listing;
        for (const CompletedOption& option : command.options) {
            listing.push_back(described(option.name, option.description));
            if (!option.takes_value) continue;
            std::string pattern = name + "\\ " + option.name;
            if (!option.letter.empty()) pattern += "|" + name + "\\ " + option.letter;
            values += fmt::format("        ({}) {} ;;\n", pattern, values_of(option.value));
        }
        if (!listing.empty()) options += fmt::format("        ({}) {} ;;\n", name, listed("option", listing));
        listing.clear();
        for (const auto& [word, summary] : command.first_words) listing.push_back(described(word, summary));
        if (!listing.empty())
            words +=
                fmt::format("        ({}) (( CURRENT != $2 )) || {} ;;\n", name, listed("word", listing));
        else if (command.files)
            words += fmt::format("        ({}) _files ;;\n", name);
    }
    return fmt::format(fmt::runtime(zsh_script), fmt::arg("options", options), fmt::arg("words", words),
                       fmt::arg("values", values), fmt::arg("commands", fmt::join(commands, " ")),
                       fmt::arg("kinds", fmt::join(kinds, "|")));
}

}  // namespace attnpaths::cli
