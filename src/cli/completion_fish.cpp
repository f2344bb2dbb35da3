#include "cli/completion_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths::cli {

namespace {

constexpr const char* head =
    R"(# Completion of attnpaths for fish, written by `attnpaths help --completion fish`.

# Whether the words after attnpaths begin with these, and at least as many are there.
function __attnpaths_in
    set -l words (commandline -opc)[2..]
    set -l wanted (count $argv)
    test (count $words) -ge $wanted; and test "$words[1..$wanted]" = "$argv"
end

# Whether these are all of them, so that the next one is being written.
function __attnpaths_after
    set -l words (commandline -opc)[2..]
    test "$words" = "$argv"
end

complete -c attnpaths -f
)";

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text)
        if (letter == '\'' || letter == '\\')
            result += fmt::format("\\{}", letter);
        else
            result += letter;
    return result + "'";
}

std::string word_line(const std::string& place, const NamedWord& word) {
    return fmt::format("complete -c attnpaths -n '__attnpaths_after{}' -a {} -d {}\n", place, word.name,
                       quoted(word.summary));
}

std::string option_line(const std::string& place, const CompletedOption& option) {
    std::string line =
        fmt::format("complete -c attnpaths -n '__attnpaths_in{}' -l {}", place, option.name.substr(2));
    if (!option.letter.empty()) line += " -s " + option.letter.substr(1);
    if (option.takes_value) line += option.value.files ? " -r -F" : " -x";
    if (!option.value.words.empty()) line += fmt::format(" -a '{}'", fmt::join(option.value.words, " "));
    return line + fmt::format(" -d {}\n", quoted(option.description));
}

}  // namespace

std::string fish_completion(const std::vector<CompletedCommand>& table) {
    std::string script = head;
    for (const CompletedCommand& command : table) {
        if (command.kind.empty()) script += word_line("", {command.name, command.summary});
        const std::string place = " " + command.name + (command.kind.empty() ? "" : " " + command.kind);
        for (const NamedWord& word : command.first_words) script += word_line(place, word);
        if (command.files) script += fmt::format("complete -c attnpaths -n '__attnpaths_in{}' -F\n", place);
        for (const CompletedOption& option : command.options) script += option_line(place, option);
    }
    return script;
}

}  // namespace attnpaths::cli
