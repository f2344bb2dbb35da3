#include "tasks/one_shot/one_shot_file.hpp"

#include "base/error.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

constexpr char group[] = "/one-shot";
constexpr char labels[] = "/one-shot/labels";
constexpr char first_image[] = "/one-shot/first_image";
constexpr Index images_per_episode = 3;

Index class_count(const ImageSet& images, Split split) {
    return static_cast<Index>(images.classes_of(split).size());
}

h5::Array<double> read_table(const h5::InputFile& file, const char* object, hsize_t rows, hsize_t columns) {
    if (!file.has(object)) throw DataError(fmt::format("{}: {} is missing", file.path(), object));
    h5::Array<double> table = file.read(object);
    if (table.shape != std::vector<hsize_t>{rows, columns})
        throw DataError(
            fmt::format("{}: {} has another shape than [{}, {}]", file.path(), object, rows, columns));
    return table;
}

}  // namespace

CheckValues check_values(const OneShotNotes& notes) {
    CheckValues values;
    for (const std::uint8_t pixel : notes.first_image) {
        values.sum += pixel;
        values.largest = std::max<std::int64_t>(values.largest, pixel);
        values.non_zero += pixel > 0 ? 1 : 0;
    }
    const Index across = notes.image_size / notes.patch.size;
    values.positions =
        scale_of(sinusoidal_positions(images_per_episode * across * across, notes.patch.width()));
    return values;
}

OneShotNotes describe_one_shot(const ImageSet& images, PatchShape patch, const Matrix& label_vectors,
                               std::uint64_t seed) {
    OneShotNotes notes;
    notes.images = images.name;
    notes.seed = seed;
    notes.image_size = images.size;
    notes.patch = patch;
    notes.label_vectors = label_vectors;
    notes.train_classes = class_count(images, Split::train);
    notes.validation_classes = class_count(images, Split::validation);
    notes.test_classes = class_count(images, Split::test);
    const ImageClass first = images.classes_of(Split::train).at(0);
    notes.first_class = first.name;
    const std::span<const std::uint8_t> image = images.image(first.first);
    notes.first_image.assign(image.begin(), image.end());
    return notes;
}

void write_notes(h5::File& file, const OneShotNotes& notes) {
    const auto width = static_cast<hsize_t>(notes.patch.width());
    h5::Array<double> vectors{{3, width}, {}};
    vectors.values.assign(notes.label_vectors.data(),
                          notes.label_vectors.data() + notes.label_vectors.size());
    file.write(labels, vectors);
    const auto size = static_cast<hsize_t>(notes.image_size);
    file.write(first_image, {{size, size}, {notes.first_image.begin(), notes.first_image.end()}});

    const CheckValues check = check_values(notes);
    const std::pair<const char*, std::int64_t> numbers[] = {{"seed", static_cast<std::int64_t>(notes.seed)},
                                                            {"image_size", notes.image_size},
                                                            {"patch_size", notes.patch.size},
                                                            {"channels", notes.patch.channels},
                                                            {"train_classes", notes.train_classes},
                                                            {"validation_classes", notes.validation_classes},
                                                            {"test_classes", notes.test_classes},
                                                            {"first_image_sum", check.sum},
                                                            {"first_image_largest", check.largest},
                                                            {"first_image_non_zero", check.non_zero}};
    for (const auto& [name, value] : numbers) file.write_attribute(group, name, value);
    file.write_attribute(group, "images", notes.images);
    file.write_attribute(group, "first_class", notes.first_class);
    file.write_number_attribute(group, "position_mean", check.positions.mean);
    file.write_number_attribute(group, "position_deviation", check.positions.deviation);
}

std::optional<OneShotNotes> read_notes(const std::string& path) {
    const h5::InputFile file(path);
    if (!file.has(group)) return std::nullopt;
    const auto number = [&](const char* name, Index least) {
        if (!file.has_attribute(group, name))
            throw DataError(fmt::format("{}: {}: attribute {} is missing", path, group, name));
        const std::int64_t value = file.read_integer_attribute(group, name);
        if (value < least || value > (1 << 20))
            throw DataError(
                fmt::format("{}: {}: attribute {} = {} is out of range", path, group, name, value));
        return value;
    };
    OneShotNotes notes;
    notes.image_size = number("image_size", 1);
    notes.patch = {number("patch_size", 1), number("channels", 1)};
    const auto width = static_cast<hsize_t>(notes.patch.width());
    notes.label_vectors =
        Eigen::Map<const Matrix>(read_table(file, labels, 3, width).values.data(), notes.patch.width(), 3);
    if (!notes.label_vectors.allFinite())
        throw DataError(fmt::format("{}: {}: values must be finite", path, labels));
    const auto optional = [&](const char* name) {
        return file.has_attribute(group, name) ? number(name, 0) : 0;
    };
    notes.train_classes = optional("train_classes");
    notes.validation_classes = optional("validation_classes");
    notes.test_classes = optional("test_classes");
    if (file.has_attribute(group, "images")) notes.images = file.read_text_attribute(group, "images");
    if (file.has_attribute(group, "first_class"))
        notes.first_class = file.read_text_attribute(group, "first_class");
    if (file.has(first_image)) {
        const auto size = static_cast<hsize_t>(notes.image_size);
        const h5::Array<double> pixels = read_table(file, first_image, size, size);
        for (const double pixel : pixels.values)
            notes.first_image.push_back(static_cast<std::uint8_t>(std::clamp(pixel, 0.0, 255.0)));
    }
    return notes;
}

}  // namespace attnpaths
