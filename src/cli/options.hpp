#pragma once

#include <boost/program_options.hpp>

#include <string>
#include <vector>

namespace attnpaths::cli {

/// Parses the words of a subcommand, strictly: unknown options, missing values and surplus words are
/// UsageErrors that say how to get help. Short options exist only for -h, -o and -v.
boost::program_options::variables_map parse_options(
    const std::vector<std::string>& arguments, const boost::program_options::options_description& options,
    const boost::program_options::positional_options_description& words, const std::string& subcommand);

/// Adds --help to a subcommand's options.
void add_help_option(boost::program_options::options_description& options);

/// Prints "usage: attnpaths ..." , an explanation and the options to standard output, or gives them to the
/// HelpPage that asked for them (cli/help_page).
void print_help(const std::string& usage, const std::string& explanation,
                const boost::program_options::options_description& options);

}  // namespace attnpaths::cli
