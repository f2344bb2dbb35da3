#pragma once

#include "cli/command.hpp"

#include <boost/program_options.hpp>

#include <string>
#include <vector>

namespace attnpaths::cli {

/// An option as its command's help has it.
struct HelpOption {
    std::string name;    ///< "output", without dashes
    std::string letter;  ///< "o", or ""
    std::string value;   ///< "STYLE (=auto)"; "" of options without value
    std::string description;

    /// What the value is called: "STYLE", "FILE", "true|false".
    [[nodiscard]] std::string value_name() const;
};

/// What --help of a command says, in its parts: man pages and completion are made of it, so that they cannot
/// say anything else.
struct HelpPage {
    std::string command;      ///< "sweep", "dataset chain"
    std::string summary;      ///< a line
    std::string usage;        ///< a line or more, without the word attnpaths
    std::string explanation;  ///< paragraphs; lines that begin with blanks are as they are
    std::vector<HelpOption> options;
    std::vector<NamedWord> words;     ///< known first words of it
    bool words_are_commands = false;  ///< whether these have pages of their own
};

/// The pages of all commands, and after each those of its own commands.
std::vector<HelpPage> help_pages();

/// Gives what a command prints for --help to help_pages(), if that is asking.
/// @returns whether it does; else it is to be printed
bool take_help_page(const std::string& usage, const std::string& explanation,
                    const boost::program_options::options_description& options);

}  // namespace attnpaths::cli
