#include "images/omniglot.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace attnpaths {

namespace {

constexpr std::array<std::string_view, 5> validation_alphabets = {"Armenian", "Bengali", "Early_Aramaic",
                                                                  "Hebrew", "Mkhedruli_(Georgian)"};
/// Alphabets of images_evaluation whose characters are for training nevertheless.
constexpr std::array<std::string_view, 7> moved_alphabets = {
    "Angelic", "Atemayar_Qelisayer", "Atlantean", "Aurek-Besh", "Avesta", "Ge_ez", "Glagolitic"};
constexpr std::string_view divided_alphabet = "Gurmukhi";
constexpr std::string_view first_test_character_of_divided = "character42";

template <std::size_t Count>
bool contains(const std::array<std::string_view, Count>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Split vinyals_split(const OmniglotCharacter& character) {
    if (character.set == omniglot_background)
        return contains(validation_alphabets, character.alphabet) ? Split::validation : Split::train;
    if (character.alphabet == divided_alphabet)
        return character.character < first_test_character_of_divided ? Split::train : Split::test;
    return contains(moved_alphabets, character.alphabet) ? Split::train : Split::test;
}

ImageSet make_omniglot(Index size) {
    ImageSet set;
    set.name = "omniglot";
    set.size = size;
    set.deviation = omniglot_grey_deviation;
    return set;
}

void append_character(ImageSet& set, const OmniglotCharacter& character, Split split,
                      std::span<const std::uint8_t> pixels) {
    const Index first = set.images();
    set.pixels.insert(set.pixels.end(), pixels.begin(), pixels.end());
    set.classes.push_back({character.name(), split, first, set.images() - first});
}

void invert(std::vector<std::uint8_t>& pixels) {
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
}

}  // namespace attnpaths
