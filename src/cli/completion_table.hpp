#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace attnpaths::cli {

/// What may stand at a place of the command line.
struct Completion {
    std::vector<std::string> words = {};
    bool files = false;
};

struct CompletedOption {
    std::string name;         ///< "--output"
    std::string letter;       ///< "-o", or ""
    std::string description;  ///< its first clause
    bool takes_value = false;
    Completion value;  ///< neither words nor files: only the user knows it
};

struct CompletedCommand {
    std::string name;  ///< "dataset"
    std::string kind;  ///< "chain"; "" of the command itself
    std::string summary;
    std::vector<CompletedOption> options;
    std::vector<NamedWord> first_words;  ///< known ones
    bool files = false;                  ///< whether its words are files
};

/// What completions are made of, for any shell: the help pages and the registries.
std::vector<CompletedCommand> completion_table();

/// The completion scripts of the shells (completion_bash.cpp and so on).
std::string bash_completion(const std::vector<CompletedCommand>& table);
std::string zsh_completion(const std::vector<CompletedCommand>& table);
std::string fish_completion(const std::vector<CompletedCommand>& table);

}  // namespace attnpaths::cli
