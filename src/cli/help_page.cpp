#include "cli/help_page.hpp"

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

/// The page that a command's --help is to fill.
HelpPage* wanted = nullptr;

HelpOption help_option(const po::option_description& option) {
    const std::string names = option.format_name();  // "--force", "-o [ --output ]"
    return {option.long_name(), names.starts_with("--") ? "" : names.substr(1, 1),
            option.semantic()->max_tokens() == 0 ? "" : option.semantic()->name(), option.description()};
}

HelpPage page_of(const Command& command, const std::string& kind, const std::string& summary) {
    HelpPage page;
    page.command = command.name + (kind.empty() ? "" : " " + kind);
    page.summary = summary;
    wanted = &page;
    static_cast<void>(command.run(kind.empty() ? std::vector<std::string>{"--help"}
                                               : std::vector<std::string>{kind, "--help"}));
    wanted = nullptr;
    return page;
}

}  // namespace

std::string HelpOption::value_name() const {
    const std::size_t begin = value.starts_with("[=") ? 2 : 0;  // of a value that may be left out: "[=A(=b)]"
    return value.substr(begin, value.find_first_of(" (]", begin) - begin);
}

std::vector<HelpPage> help_pages() {
    std::vector<HelpPage> pages;
    for (const Command& command : commands()) {
        HelpPage page = page_of(command, "", command.summary);
        page.words_are_commands = command.kinds != nullptr;
        if (command.kinds != nullptr) page.words = command.kinds();
        if (command.topics != nullptr) page.words = command.topics();
        pages.push_back(std::move(page));
        if (command.kinds == nullptr) continue;
        for (const auto& [kind, summary] : command.kinds()) pages.push_back(page_of(command, kind, summary));
    }
    return pages;
}

bool take_help_page(const std::string& usage, const std::string& explanation,
                    const po::options_description& options) {
    if (wanted == nullptr) return false;
    wanted->usage = usage;
    wanted->explanation = explanation;
    for (const auto& option : options.options()) wanted->options.push_back(help_option(*option));
    return true;
}

}  // namespace attnpaths::cli
