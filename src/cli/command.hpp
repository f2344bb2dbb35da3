#pragma once

#include <span>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// A word of the command line with what it stands for.
struct NamedWord {
    std::string name;
    std::string summary;
};

/// A subcommand of the program. `run` gets the words after the subcommand and returns the exit code; errors
/// leave it as exceptions and are printed in one place (main.cpp).
struct Command {
    const char* name;
    const char* summary;  ///< one line for the program's help
    int (*run)(const std::vector<std::string>& arguments);
    std::vector<NamedWord> (*kinds)() = nullptr;  ///< commands of its own: its first word, each with a --help
    std::vector<NamedWord> (*topics)() = nullptr;  ///< other first words that it knows; without both, files
};

/// All subcommands; the order is that of the help.
std::span<const Command> commands();

int run_sweep(const std::vector<std::string>& arguments);
int run_submit(const std::vector<std::string>& arguments);
int run_status(const std::vector<std::string>& arguments);
int run_show(const std::vector<std::string>& arguments);
int run_select(const std::vector<std::string>& arguments);
int run_heads(const std::vector<std::string>& arguments);
int run_verify(const std::vector<std::string>& arguments);
int run_merge(const std::vector<std::string>& arguments);
int run_train(const std::vector<std::string>& arguments);
int run_prune(const std::vector<std::string>& arguments);
int run_dataset(const std::vector<std::string>& arguments);
std::vector<NamedWord> dataset_kinds();
int run_help(const std::vector<std::string>& arguments);
std::vector<NamedWord> help_topics();

}  // namespace attnpaths::cli
