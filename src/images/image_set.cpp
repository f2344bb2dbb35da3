#include "images/image_set.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

const char* split_name(Split split) {
    constexpr const char* names[] = {"train", "validation", "test"};
    return names[static_cast<std::size_t>(split)];
}

Index ImageSet::images() const {
    return static_cast<Index>(pixels.size()) / (size * size);
}

std::span<const std::uint8_t> ImageSet::image(Index number) const {
    const auto area = static_cast<std::size_t>(size * size);
    return std::span(pixels).subspan(static_cast<std::size_t>(number) * area, area);
}

std::vector<ImageClass> ImageSet::classes_of(Split split) const {
    std::vector<ImageClass> chosen;
    std::copy_if(classes.begin(), classes.end(), std::back_inserter(chosen),
                 [split](const ImageClass& one) { return one.split == split; });
    return chosen;
}

void limit_train_classes(ImageSet& set, Index count) {
    const auto available = static_cast<Index>(set.classes_of(Split::train).size());
    if (count > available)
        throw UsageError(
            fmt::format("{}: {} training classes were asked for, there are {}; choose at most {}", set.name,
                        count, available, available));
    Index seen = 0;
    std::erase_if(set.classes,
                  [&](const ImageClass& one) { return one.split == Split::train && ++seen > count; });
}

void add_rotated_classes(ImageSet& set) {
    const auto side = static_cast<std::size_t>(set.size);
    for (int degrees = 90; degrees < 360; degrees += 90) {
        for (const ImageClass& original : set.classes_of(Split::train)) {
            if (original.name.find(" turned by ") != std::string::npos) continue;
            ImageClass turned = original;
            turned.name += fmt::format(" turned by {}", degrees);
            turned.first = set.images();
            for (Index number = 0; number < original.count; ++number) {
                std::vector<std::uint8_t> image(side * side);
                const std::span<const std::uint8_t> source = set.image(original.first + number);
                for (std::size_t row = 0; row < side; ++row) {
                    for (std::size_t column = 0; column < side; ++column) {
                        const std::size_t back = side - 1;
                        const std::size_t from = degrees == 90    ? column * side + (back - row)
                                                 : degrees == 180 ? (back - row) * side + (back - column)
                                                                  : (back - column) * side + row;
                        image[row * side + column] = source[from];
                    }
                }
                set.pixels.insert(set.pixels.end(), image.begin(), image.end());
            }
            set.classes.push_back(turned);
        }
    }
}

}  // namespace attnpaths
