#include "cli/roff.hpp"

#include "base/text.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace attnpaths::cli {

namespace {

/// Lines of the source that are filled anyway are no longer than this.
constexpr std::size_t source_columns = 78;

/// Backslashes and hyphens stand for themselves; a dot or quote that begins a line is no request.
std::string escaped(std::string_view text) {
    std::string roff;
    for (const char character : text) {
        if (character == '\\')
            roff += "\\e";
        else if (character == '-')
            roff += "\\-";
        else if (character == '^')
            roff += "\\(ha";
        else if (character == '~')
            roff += "\\(ti";
        else if (character == '`')
            roff += "\\(ga";
        else if (character == '\'')
            roff += "\\(aq";
        else
            roff += character;
    }
    return roff.starts_with('.') ? "\\&" + roff : roff;
}

}  // namespace

RoffPage::RoffPage(const std::string& name, int section, const std::string& summary) {
    std::string title = name;
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    source_ = fmt::format(".TH {} {} {} \"attnpaths {}\" \"attention paths\"\n", escaped(title), section,
                          commit_date, program_version);
    this->section("Name");
    line(fmt::format("{} - {}", name, summary));  // as whatis reads it
}

void RoffPage::section(std::string_view title) {
    std::string capitals(title);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    source_ += fmt::format(".SH {}\n", escaped(capitals));
}

void RoffPage::subsection(std::string_view title) {
    source_ += fmt::format(".SS {}\n", escaped(title));
}

void RoffPage::line(std::string_view words) {
    std::size_t column = 0;
    for (const std::string& word : split(words, " ")) {
        const std::string roff = escaped(word);
        const bool fits = column > 0 && column + 1 + roff.size() <= source_columns;
        if (column > 0) source_ += fits ? ' ' : '\n';
        column = (fits ? column + 1 : 0) + roff.size();
        source_ += roff;
    }
    source_ += '\n';
}

void RoffPage::text(std::string_view paragraphs) {
    bool literal = false;
    bool begun = false;
    bool apart = false;  // an empty line came before
    const auto set_literal = [&](bool on) {
        if (on == literal) return;
        source_ += on ? ".nf\n" : ".fi\n";
        literal = on;
    };
    for (const std::string& words : fields(paragraphs, '\n')) {
        if (words.find_first_not_of(' ') == std::string::npos) {
            apart = begun;
            continue;
        }
        if (apart) {
            set_literal(false);
            source_ += ".PP\n";
        }
        apart = false;
        begun = true;
        set_literal(words.starts_with(' '));
        if (literal)
            source_ += escaped(words) + "\n";
        else
            line(words);
    }
    set_literal(false);
}

void RoffPage::item(std::string_view term, std::string_view argument, std::string_view meaning) {
    source_ += fmt::format(".TP\n\\fB{}\\fR", escaped(term));
    if (!argument.empty()) source_ += fmt::format(" \\fI{}\\fR", escaped(argument));
    source_ += "\n";
    line(meaning);
}

void RoffPage::synopsis(std::string_view bold, std::string_view rest) {
    source_ += fmt::format("\\fB{}\\fR {}\n", escaped(bold), escaped(rest));
}

}  // namespace attnpaths::cli
