#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/analysis_help.hpp"
#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/options.hpp"
#include "cli/program_help.hpp"
#include "cli/registries_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

std::string help_text(const Analysis& analysis) {
    std::string text = fmt::format("{}: {}\n\n", analysis.name, analysis.summary);
    const std::vector<HelpSection> sections = analysis_help(analysis);
    for (const auto& [term, argument, meaning] : sections.front().items)
        text += fmt::format("{:<8}{}\n", term + ":", meaning);
    for (std::size_t i = 1; i < sections.size(); ++i) {
        text += fmt::format("\n{}:\n", sections[i].title);
        for (const auto& [term, argument, meaning] : sections[i].items)
            text += argument.empty() ? fmt::format("  {:<28} {}\n", term, meaning)
                                     : fmt::format("  {:<42} {:<35} {}\n", term, argument, meaning);
    }
    return text;
}

int help_about(const std::string& topic) {
    for (const Command& command : commands())
        if (topic == command.name) return command.run({"--help"});
    const Analysis* analysis = find_analysis(topic);
    if (analysis == nullptr) {
        std::vector<std::string> names;
        for (const NamedWord& known : help_topics()) names.push_back(known.name);
        const std::string near = nearest_word(topic, names);
        throw UsageError(fmt::format("there is no command or analysis \"{}\"; {}", topic,
                                     near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                                  : fmt::format("did you mean {}?", near)));
    }
    write_output(help_text(*analysis));
    return 0;
}

}  // namespace

std::vector<NamedWord> help_topics() {
    std::vector<NamedWord> topics;
    for (const Command& command : commands()) topics.push_back({command.name, command.summary});
    for (const Analysis& analysis : analyses()) topics.push_back({analysis.name, analysis.summary});
    return topics;
}

int run_help(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()(
        "man", po::value<std::string>()->value_name("FOLDER"),
        "write man pages of the program, of every command and of the analyses into this folder")(
        "completion", po::value<std::string>()->value_name(completion_shells),
        "print the completion of commands, options and their values for this shell")(
        "json", po::bool_switch(),
        "print what analyses, tasks, settings and columns there are, for programs that write documents");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("topic", po::value<std::string>());
    const po::variables_map values =
        parse_options(arguments, all, po::positional_options_description().add("topic", 1), "help");
    if (values.count("help") > 0) {
        print_help(
            "help [COMMAND | ANALYSIS]\n       attnpaths help --man FOLDER | --completion SHELL | --json",
            "What a command does and its options, as COMMAND --help has them; or what an analysis computes, "
            "its "
            "columns,\n"
            "settings and cost. Man pages and completion are made of the same texts; cmake --install puts "
            "them where man and\n"
            "shells look.\n\n"
            "  attnpaths help saddle-point\n"
            "  source <(attnpaths help --completion bash)",
            options);
        return 0;
    }
    const bool json = values["json"].as<bool>();
    if (values.count("topic") + values.count("man") + values.count("completion") + (json ? 1 : 0) > 1)
        throw UsageError("a topic, --man, --completion and --json: choose one");
    if (values.count("man") > 0)
        write_manual(values["man"].as<std::string>());
    else if (values.count("completion") > 0)
        write_output(completion(values["completion"].as<std::string>()));
    else if (json)
        write_output(registries_json());
    else if (values.count("topic") > 0)
        return help_about(values["topic"].as<std::string>());
    else
        write_output(program_usage());
    return 0;
}

}  // namespace attnpaths::cli
