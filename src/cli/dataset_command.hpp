#pragma once

#include "tasks/task.hpp"

#include <boost/program_options.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// Writes what a task learns to a data set file: the options are its settings.
int run_dataset_of(const TaskDeclaration& task, const std::vector<std::string>& arguments);
int run_one_shot(const std::vector<std::string>& arguments);
int run_check(const std::vector<std::string>& arguments);

/// Adds --output and --force (OutputFile).
void add_output_options(boost::program_options::options_description& options);

/// Runs `make`. The library names a parameter by its key in a sweep's configuration (task.noise_sum, or
/// --task.noise_sum); a UsageError that starts with one leaves here with the option instead (--noise-sum).
void name_options_in_errors(const std::function<void()>& make);

/// A seed as it may be given to --seed. @throws UsageError if it is negative
std::uint64_t checked_seed(std::int64_t seed);

}  // namespace attnpaths::cli
