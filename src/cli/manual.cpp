#include "cli/manual.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/analysis_help.hpp"
#include "cli/help_page.hpp"
#include "cli/program_help.hpp"
#include "cli/roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace attnpaths::cli {

namespace {

constexpr const char* paper =
    "L. Tiberi, F. Mignacco, K. Irie, H. Sompolinsky, Dissecting the interplay of attention paths in a "
    "statistical mechanics theory of transformers, arXiv:2405.15926.";

/// "attnpaths-dataset-chain" of "dataset chain".
std::string page_name(std::string command) {
    std::replace(command.begin(), command.end(), ' ', '-');
    return "attnpaths-" + command;
}

/// Options of the command first, then the keys of a configuration, --SECTION.NAME, section by section.
void add_options(RoffPage& roff, const HelpPage& page) {
    std::string section;
    for (const HelpOption& option : page.options) {
        const std::string here = option.name.substr(0, option.name.find('.'));
        if (here != option.name && here != section) roff.subsection("Section " + here);
        if (here != option.name) section = here;
        roff.item((option.letter.empty() ? "" : "-" + option.letter + ", ") + "--" + option.name,
                  option.value, option.description);
    }
}

RoffPage command_page(const HelpPage& page) {
    RoffPage roff(page_name(page.command), 1, page.summary);
    roff.section("Synopsis");
    const std::vector<std::string> lines = fields(page.usage, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string& line = lines[i];
        const std::string start = i == 0 ? page.command : "";
        const std::string bold = "attnpaths " + page.command;
        const std::size_t at = i == 0 ? start.size() : line.find(bold) + bold.size();
        roff.synopsis(bold,
                      std::string_view(line).substr(std::min(line.find_first_not_of(' ', at), line.size())));
    }
    roff.section("Description");
    roff.text(page.explanation);
    if (!page.options.empty()) {
        roff.section("Options");
        add_options(roff, page);
    }
    roff.section("See also");
    roff.text("attnpaths(1), attnpaths-analyses(7)");
    return roff;
}

RoffPage program_page(const std::vector<HelpPage>& pages) {
    RoffPage roff("attnpaths", 1, program_summary);
    roff.section("Synopsis");
    roff.synopsis("attnpaths", "COMMAND ...");
    roff.section("Description");
    roff.text(
        "Solves the statistical-mechanics theory of deep multi-head self-attention over whole grids of "
        "widths, "
        "numbers of examples, heads, depths and temperatures, into one HDF5 store.");
    roff.section("Commands");
    for (const HelpPage& page : pages)
        roff.item(page.command, "", fmt::format("{}; {}(1)", page.summary, page_name(page.command)));
    roff.section("Options");
    roff.item("--help", "", "the commands");
    roff.item("--version", "",
              "version and commit, how it was built, MPI, HDF5, and the kernels that results are rounded by");
    roff.section("Exit status");
    for (const auto& [code, meaning] : exit_codes()) roff.item(code, "", meaning);
    roff.section("Source");
    roff.text(paper);
    roff.section("See also");
    roff.text("attnpaths-sweep(1), attnpaths-analyses(7), mpirun(1)");
    return roff;
}

RoffPage analyses_page() {
    RoffPage roff("attnpaths-analyses", 7, "what attnpaths can compute about a point of a grid");
    roff.section("Description");
    roff.text(
        "An analysis answers one question about a point. analyses.run of attnpaths-sweep(1) says which are "
        "run; their results are columns "
        "of the store. The same texts are printed by attnpaths help ANALYSIS.");
    for (const Analysis& analysis : analyses()) {
        roff.section(analysis.name);
        roff.text(analysis.summary);
        for (const HelpSection& section : analysis_help(analysis)) {
            roff.subsection(section.title);
            for (const auto& [term, argument, meaning] : section.items) roff.item(term, argument, meaning);
        }
    }
    return roff;
}

void write_page(const std::filesystem::path& path, const RoffPage& page) {
    std::ofstream file(path, std::ios::binary);
    file << page.source();
    file.close();
    if (!file) throw OutputError(fmt::format("{}: writing failed: {}", path.string(), std::strerror(errno)));
}

}  // namespace

void write_manual(const std::string& folder) {
    const std::filesystem::path place(folder);
    std::error_code error;
    std::filesystem::create_directories(place, error);
    if (error) throw OutputError(fmt::format("{}: cannot be made: {}", folder, error.message()));
    const std::vector<HelpPage> pages = help_pages();
    write_page(place / "attnpaths.1", program_page(pages));
    for (const HelpPage& page : pages)
        write_page(place / (page_name(page.command) + ".1"), command_page(page));
    write_page(place / "attnpaths-analyses.7", analyses_page());
}

}  // namespace attnpaths::cli
