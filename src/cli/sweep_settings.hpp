#pragma once

#include "sweep/settings_file.hpp"

#include <boost/program_options.hpp>

#include <functional>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// Columns of the help of commands that have the keys of a sweep as options.
inline constexpr unsigned sweep_help_columns = 120;

/// What the values of analyses.run and task.name are called in help texts.
inline constexpr const char* analyses_value = "ANALYSIS...";
inline constexpr const char* task_value = "TASK";

/// Every key of a sweep's configuration that `wanted` says yes to as an option, --section.name.
boost::program_options::options_description key_options(
    const std::function<bool(const std::string& key)>& wanted);

/// The settings of all parts: the file of the option "configuration", if there is one, with the keys of the
/// command line over it, under their own names or under short ones (--store, --time-limit,
/// --memory-per-rank).
/// @throws InputError, UsageError
std::vector<PartSettings> settings_of(const boost::program_options::variables_map& values);

}  // namespace attnpaths::cli
