#include "cli/image_options.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

po::typed_value<Index>* number(Index& value, const char* name) {
    return po::value(&value)->default_value(value)->value_name(name);
}

}  // namespace

void add_image_options(po::options_description& options, ImageOptions& images, const char* classes) {
    options.add_options()  //
        ("images", po::value(&images.choice.source)->value_name("SOURCE"),
         "folder of the images, or glyphs for an invented alphabet");
    options.add_options()  //
        ("train-classes", po::value(&images.choice.train_classes)->value_name("N"), classes);
}

void add_token_options(po::options_description& options, ImageOptions& images) {
    options.add_options()  //
        ("augment", po::value<std::string>()->value_name("rotations"),
         "add training classes: every one turned by 90, 180 and 270 degrees (default: none)");
    options.add_options()  //
        ("image-size", number(images.choice.size, "S"), "rows and columns that images are resized to");
    options.add_options()  //
        ("patch-size", number(images.patch.size, "N"), "rows and columns of a patch, the content of a token");
    options.add_options()  //
        ("channels", number(images.patch.channels, "N"), "colours of a pixel, all of the same grey");
}

void check_image_options(ImageOptions& images, const po::variables_map& values) {
    if (values.count("images") == 0) throw UsageError("the option '--images' is required but missing");
    const std::pair<const char*, Index> sizes[] = {{"image-size", images.choice.size},
                                                   {"patch-size", images.patch.size},
                                                   {"channels", images.patch.channels}};
    constexpr Index largest = 4096;
    for (const auto& [option, value] : sizes)
        if (value < 1 || value > largest)
            throw UsageError(
                fmt::format("--{} = {} is out of range; choose 1 to {}", option, value, largest));
    if (images.choice.size % images.patch.size != 0)
        throw UsageError(fmt::format(
            "--patch-size = {} does not divide --image-size = {}; choose sizes that give whole patches",
            images.patch.size, images.choice.size));
    if (values.count("train-classes") > 0 && images.choice.train_classes < 2)
        throw UsageError(fmt::format("--train-classes = {}: an episode needs two classes; choose at least 2",
                                     images.choice.train_classes));
    images.choice.rotations = values.count("augment") > 0;
    if (images.choice.rotations && values["augment"].as<std::string>() != "rotations")
        throw UsageError(fmt::format("--augment = {} is not known; rotations is all there is",
                                     values["augment"].as<std::string>()));
}

ImageSet read_noted_images(const ImageChoice& choice) {
    ImageSet set = read_images(choice);
    for (const std::string& line : set.notes) print_error("note: {}\n", line);
    return set;
}

}  // namespace attnpaths::cli
