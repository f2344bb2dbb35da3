#pragma once

#include <string>
#include <string_view>

namespace attnpaths::cli {

/// A man page that grows, in the macros of man(7). Text is given as it is to be read.
class RoffPage {
  public:
    /// @param name     "attnpaths-sweep"
    /// @param summary  the line that whatis and apropos find
    RoffPage(const std::string& name, int section, const std::string& summary);

    void section(std::string_view title);
    void subsection(std::string_view title);
    /// Running text: paragraphs between empty lines; lines that begin with blanks stay lines.
    void text(std::string_view paragraphs);
    /// A term, in bold, what it takes, in italics, and what it means.
    void item(std::string_view term, std::string_view argument, std::string_view meaning);
    /// A line of a synopsis: its first words are bold.
    void synopsis(std::string_view bold, std::string_view rest);

    [[nodiscard]] const std::string& source() const noexcept { return source_; }

  private:
    /// Words that are filled into lines.
    void line(std::string_view words);

    std::string source_;
};

}  // namespace attnpaths::cli
