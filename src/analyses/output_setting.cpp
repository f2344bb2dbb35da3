#include "analyses/output_setting.hpp"

#include "base/text.hpp"

namespace attnpaths {

bool keeps_at_least(const std::string& kept, const std::string& wanted) {
    double has = 0;
    double wants = 0;
    return parse_number(wanted, wants) && parse_number(kept, has) && has >= wants;
}

bool keeps_the_same(const std::string& kept, const std::string& wanted) {
    return kept == wanted;
}

std::string canonical_text(const Settings& settings, const std::string& key) {
    std::string text;
    for (const std::string& word : settings.list(key)) {
        double number = 0;
        const bool is_number = parse_number(word, number);
        const bool is_boolean = word == "true" || word == "yes" || word == "on" || word == "false" ||
                                word == "no" || word == "off";
        text += text.empty() ? "" : " ";
        if (is_number)
            text += exact_text(number);
        else if (is_boolean)
            text += settings.boolean(key) ? "1" : "0";
        else
            text += word;
    }
    return text;
}

}  // namespace attnpaths
