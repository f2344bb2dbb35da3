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

ImageSet read_folder(const std::string& source, Index size) {
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

}  // namespace

ImageSet read_images(const std::string& source, Index size, Index train_classes) {
    if (source == "glyphs") {
        GlyphAlphabet alphabet;
        if (train_classes > 0) {
            alphabet.train_classes = train_classes;
            alphabet.validation_classes = alphabet.test_classes = std::max<Index>(2, train_classes / 4);
        }
        return make_glyphs(alphabet, size);
    }
    ImageSet set = read_folder(source, size);
    if (train_classes > 0) limit_train_classes(set, train_classes);
    return set;
}

}  // namespace attnpaths
