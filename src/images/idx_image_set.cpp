#include "images/idx_image_set.hpp"

#include "base/error.hpp"
#include "images/idx_file.hpp"
#include "images/resize_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

namespace attnpaths {

namespace {

/// Images and labels of "train" or "t10k"; opening checks that their numbers agree.
struct Part {
    std::vector<std::uint8_t> labels;
    IdxFile images;

    Part(const std::string& folder, const std::string& prefix)
        : Part(find_idx_file(folder, prefix + "-images-idx3-ubyte"),
               find_idx_file(folder, prefix + "-labels-idx1-ubyte"), 0) {}

    Part(const std::string& image_file, const std::string& label_file, int)
        : labels(read_idx_labels(label_file)), images(image_file, IdxFile::Content::images) {
        if (images.count() != static_cast<Index>(labels.size()))
            throw DataError(fmt::format("{}: has {} labels but {} has {} images; download both files again",
                                        label_file, labels.size(), image_file, images.count()));
    }
};

void append_part(ImageSet& set, Part& part, const std::vector<int>& labels, Split split,
                 const std::string& where) {
    ImageResizer resize(part.images.rows(), part.images.columns(), set.size);
    std::vector<std::uint8_t> image(static_cast<std::size_t>(part.images.rows() * part.images.columns()));
    std::vector<std::uint8_t> resized(static_cast<std::size_t>(set.size * set.size));
    std::vector<std::vector<std::uint8_t>> pixels(labels.size());
    for (const std::uint8_t label : part.labels) {
        part.images.read(image);
        const auto found = std::find(labels.begin(), labels.end(), label);
        if (found == labels.end()) continue;
        resize(image, resized);
        std::vector<std::uint8_t>& own = pixels[static_cast<std::size_t>(found - labels.begin())];
        own.insert(own.end(), resized.begin(), resized.end());
    }
    part.images.expect_end();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const Index first = set.images();
        set.pixels.insert(set.pixels.end(), pixels[i].begin(), pixels[i].end());
        const Index count = set.images() - first;
        if (count < 2)
            throw DataError(
                fmt::format("{}: has {} images of label {}, an episode needs two; download it again", where,
                            count, labels[i]));
        set.classes.push_back({fmt::format("{} {}", split_name(split), labels[i]), split, first, count});
    }
}

/// Standard deviation of grey values in [0, 1].
double deviation_of_greys(const ImageSet& set) {
    double sum = 0;
    double squares = 0;
    for (const std::uint8_t pixel : set.pixels) {
        const double grey = pixel / 255.0;
        sum += grey;
        squares += grey * grey;
    }
    const auto count = static_cast<double>(set.pixels.size());
    return std::max(std::sqrt(std::max(squares / count - sum * sum / count / count, 0.0)), 1e-3);
}

}  // namespace

ImageSet read_idx_image_set(const std::string& folder, const std::string& name, Index size, double deviation,
                            const std::vector<int>& labels) {
    ImageSet set;
    set.name = name;
    set.size = size;
    set.deviation = deviation;
    for (const Split split : {Split::train, Split::test}) {
        Part part(folder, split == Split::train ? "train" : "t10k");
        append_part(set, part, labels, split, folder);
    }
    return set;
}

ImageSet read_idx_classes(const std::string& folder, Index size) {
    Part part(folder, "train");
    const std::set<int> all(part.labels.begin(), part.labels.end());
    ImageSet set;
    set.name = std::filesystem::path(folder).lexically_normal().filename().string();
    set.size = size;
    append_part(set, part, {all.begin(), all.end()}, Split::train, folder);
    const std::size_t count = set.classes.size();
    const std::size_t train = (count + 1) / 2;
    for (std::size_t i = train; i < count; ++i)
        set.classes[i].split = i < train + (count - train) / 2 ? Split::validation : Split::test;
    set.deviation = deviation_of_greys(set);
    return set;
}

}  // namespace attnpaths
