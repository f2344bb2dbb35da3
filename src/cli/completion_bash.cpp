#include "cli/completion_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths::cli {

namespace {

/// The registries' part is three lists of cases; FILES, which is no word of the program, stands for names of
/// files.
constexpr const char* bash_script =
    R"(# Completion of attnpaths for bash, written by `attnpaths help --completion bash`.

# Options of "COMMAND".
_attnpaths_options() {{
    case $1 in
{options}    esac
}}

# Other words of "COMMAND". Fails if there is no such command.
_attnpaths_words() {{
    case $1 in
{words}        *) return 1 ;;
    esac
}}

# Values of "COMMAND OPTION", nothing where only the user knows them. Fails for an option that takes none.
_attnpaths_values() {{
    case $1 in
{values}        *) return 1 ;;
    esac
}}

_attnpaths() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command=${{COMP_WORDS[1]}} first=2 known
    # --option=value comes as three words.
    if [ "$current" = = ]; then
        current=""
    elif [ "$previous" = = ]; then
        previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    if [ "$COMP_CWORD" -gt 2 ] && _attnpaths_words "$command ${{COMP_WORDS[2]}}" >/dev/null; then
        command+=" ${{COMP_WORDS[2]}}"
        first=3
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        known="{commands} --help --version"
    elif known=$(_attnpaths_values "$command $previous"); then
        :
    elif [[ $current == -* ]]; then
        known=$(_attnpaths_options "$command")
    else
        known=$(_attnpaths_words "$command")
        [ "$COMP_CWORD" -eq "$first" ] || [[ $known == *FILES ]] || known=""
    fi
    [[ $known != *FILES ]] || compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -W "${{known%FILES}}" -- "$current"; [[ $known != *FILES ]] || compgen -f -- "$current")
}}

complete -F _attnpaths attnpaths
)";

/// A case that prints words.
std::string one_case(const std::string& pattern, const std::vector<std::string>& words, bool files) {
    std::string text = fmt::format("{}", fmt::join(words, " "));
    if (files) text += text.empty() ? "FILES" : " FILES";
    return text.empty() ? fmt::format("        {}) ;;\n", pattern)
                        : fmt::format("        {}) echo '{}' ;;\n", pattern, text);
}

}  // namespace

std::string bash_completion(const std::vector<CompletedCommand>& table) {
    std::string options;
    std::string words;
    std::string values;
    std::vector<std::string> commands;
    for (const CompletedCommand& command : table) {
        if (command.kind.empty()) commands.push_back(command.name);
        const std::string name = command.name + (command.kind.empty() ? "" : " " + command.kind);
        std::vector<std::string> names;
        for (const CompletedOption& option : command.options) {
            names.push_back(option.name);
            if (!option.takes_value) continue;
            std::string pattern = fmt::format("'{} {}'", name, option.name);
            if (!option.letter.empty()) pattern += fmt::format(" | '{} {}'", name, option.letter);
            values += one_case(pattern, option.value.words, option.value.files);
        }
        options += one_case("'" + name + "'", names, false);
        names.clear();
        for (const NamedWord& word : command.first_words) names.push_back(word.name);
        words += one_case("'" + name + "'", names, command.files);
    }
    return fmt::format(fmt::runtime(bash_script), fmt::arg("options", options), fmt::arg("words", words),
                       fmt::arg("values", values), fmt::arg("commands", fmt::join(commands, " ")));
}

}  // namespace attnpaths::cli
