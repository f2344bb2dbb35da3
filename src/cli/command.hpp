#pragma once

#include <string>
#include <vector>

namespace attnpaths::cli {

/// A subcommand of the program. `run` gets the words after the subcommand and returns the exit code; errors
/// leave it as exceptions and are printed in one place (main.cpp).
struct Command {
    const char* name;
    const char* summary;  ///< one line for the program's help
    int (*run)(const std::vector<std::string>& arguments);
};

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
/// `arguments` has at least one word: without, main.cpp prints the program's help.
int run_help(const std::vector<std::string>& arguments);

}  // namespace attnpaths::cli
