#include "cli/options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/help_page.hpp"

#include <fmt/format.h>

#include <iostream>

namespace attnpaths::cli {

namespace po = boost::program_options;

po::variables_map parse_options(const std::vector<std::string>& arguments,
                                const po::options_description& options,
                                const po::positional_options_description& words,
                                const std::string& subcommand) {
    // No guessing of shortened option names: a misspelt option must not become another one.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    try {
        po::store(po::command_line_parser(arguments).options(options).positional(words).style(style).run(),
                  values);
        if (values.count("help") == 0) po::notify(values);
    } catch (const po::unknown_option& error) {
        std::vector<std::string> names;
        for (const auto& option : options.options()) names.push_back("--" + option->long_name());
        const std::string near = nearest_word(error.get_option_name(), names);
        throw UsageError(fmt::format("unknown option {}; {}", error.get_option_name(),
                                     near.empty() ? fmt::format("see attnpaths {} --help", subcommand)
                                                  : fmt::format("did you mean {}?", near)));
    } catch (const po::error& error) {
        throw UsageError(fmt::format("{}; see attnpaths {} --help", error.what(), subcommand));
    }
    return values;
}

void add_help_option(po::options_description& options) {
    options.add_options()("help,h", "show this help and exit");
}

void print_help(const std::string& usage, const std::string& explanation,
                const po::options_description& options) {
    if (take_help_page(usage, explanation, options)) return;
    std::cout << "usage: attnpaths " << usage << "\n\n" << explanation << "\n\n" << options;
}

}  // namespace attnpaths::cli
