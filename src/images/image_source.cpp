#include "images/image_source.hpp"

#include "base/error.hpp"
#include "images/glyphs.hpp"
#include "images/idx_file.hpp"
#include "images/idx_image_set.hpp"
#include "images/omniglot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace attnpaths {

namespace {

namespace fs = std::filesystem;

constexpr char omniglot_images[] = "omniglot-images-idx3-ubyte";
constexpr char omniglot_classes[] = "omniglot-classes.tsv";

ImageSet invent_glyphs(const ImageChoice& choice) {
    GlyphAlphabet alphabet;
    if (choice.train_classes > 0) {
        alphabet.train_classes = choice.train_classes;
        alphabet.validation_classes = alphabet.test_classes = std::max<Index>(2, choice.train_classes / 4);
    }
    return make_glyphs(alphabet, choice.size);
}

ImageSet read_all_classes(const std::string& source, Index size) {
    const fs::path folder(source);
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw InputError(fmt::format("{}: no such folder; give the folder of the images, or glyphs", source));
    const auto has = [&](std::string_view name) {
        return fs::exists(folder / name, error) || fs::exists(folder / (std::string(name) + ".gz"), error);
    };
    if (has(omniglot_background) || has(omniglot_evaluation)) return read_omniglot_folder(source, size);
    if (has(omniglot_images))
        return read_omniglot_table(find_idx_file(source, omniglot_images),
                                   (folder / omniglot_classes).string(), size);
    if (has("train-images-idx3-ubyte")) return read_idx_classes(source, size);
    throw InputError(fmt::format("{}: holds no images that are known: neither {} and {}, nor {}, nor {}[.gz]",
                                 source, omniglot_background, omniglot_evaluation, omniglot_images,
                                 "train-images-idx3-ubyte"));
}

ImageSet read_folder(const ImageChoice& choice) {
    ImageSet set = read_all_classes(choice.source, choice.size);
    if (choice.train_classes > 0) limit_train_classes(set, choice.train_classes);
    return set;
}

}  // namespace

ImageSet read_images(const ImageChoice& choice) {
    ImageSet set = choice.source == "glyphs" ? invent_glyphs(choice) : read_folder(choice);
    if (choice.rotations) add_rotated_classes(set);
    return set;
}

}  // namespace attnpaths
