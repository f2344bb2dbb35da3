#include "base/error.hpp"
#include "base/text.hpp"
#include "files/file_content.hpp"
#include "images/idx_file.hpp"
#include "images/omniglot.hpp"
#include "images/resize_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

namespace attnpaths {

namespace {

struct Row {
    OmniglotCharacter place;
    Split split = Split::train;
    std::int64_t first_image = 0;
    Index count = 0;
};

enum Column : std::size_t { set, alphabet, character, first_image, split, columns };
constexpr std::array<const char*, columns> column_names = {"set", "alphabet", "character", "first_image",
                                                           "vinyals_split"};

std::vector<std::string> fields(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> found(1);
    for (const char letter : line) {
        if (letter == '\t')
            found.emplace_back();
        else
            found.back() += letter;
    }
    return found;
}

Split read_split(const std::string& text, const std::string& where) {
    if (text == "train") return Split::train;
    if (text == "val") return Split::validation;
    if (text == "test") return Split::test;
    throw DataError(fmt::format("{}: {} = \"{}\" is not known; choose one of: train, val, test", where,
                                column_names[Column::split], text));
}

std::vector<Row> read_rows(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        throw InputError(path + ": no such file; it tells the classes of the images");
    constexpr std::uint64_t largest_table = std::uint64_t{1} << 28U;
    std::istringstream file(read_file_content(path, largest_table));
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> header = fields(line);
    std::array<std::size_t, columns> place{};
    for (std::size_t column = 0; column < columns; ++column) {
        const auto found = std::find(header.begin(), header.end(), column_names[column]);
        if (found == header.end())
            throw DataError(fmt::format(
                "{}: line 1: no column \"{}\"; name the columns in the first line, separated by tabs", path,
                column_names[column]));
        place[column] = static_cast<std::size_t>(found - header.begin());
    }
    std::vector<Row> rows;
    for (Index number = 2; std::getline(file, line); ++number) {
        if (line.empty()) continue;
        const std::string where = fmt::format("{}: line {}", path, number);
        const std::vector<std::string> field = fields(line);
        if (field.size() != header.size())
            throw DataError(fmt::format("{}: has {} columns, the first line {}; they must agree", where,
                                        field.size(), header.size()));
        Row row;
        row.place = {field[place[set]], field[place[alphabet]], field[place[character]]};
        row.split = read_split(field[place[split]], where);
        if (!parse_integer(field[place[first_image]], row.first_image) || row.first_image < 0)
            throw DataError(fmt::format("{}: first_image = \"{}\" is not the number of an image", where,
                                        field[place[first_image]]));
        rows.push_back(std::move(row));
    }
    if (rows.empty()) throw DataError(path + ": lists no classes");
    return rows;
}

/// Fills in the numbers of images, and sorts rows by the place of their images.
void count_images(std::vector<Row>& rows, Index images, const std::string& table, const std::string& file) {
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return a.first_image < b.first_image; });
    if (rows.front().first_image != 0)
        throw DataError(fmt::format("{}: no class starts at image 0; every image must have a class", table));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Index end = i + 1 < rows.size() ? rows[i + 1].first_image : images;
        rows[i].count = end - rows[i].first_image;
        if (rows[i].count < 2 || end > images)
            throw DataError(
                fmt::format("{}: {} starts at image {} and would have {} images of the {} in {}; table and "
                            "images are not of one set",
                            table, rows[i].place.name(), rows[i].first_image,
                            std::max<Index>(0, std::min(end, images) - rows[i].first_image), images, file));
    }
}

}  // namespace

ImageSet read_omniglot_table(const std::string& images, const std::string& table, Index size) {
    std::vector<Row> rows = read_rows(table);
    IdxFile file(images, IdxFile::Content::images);
    count_images(rows, file.count(), table, images);

    ImageResizer resize(file.rows(), file.columns(), size);
    std::vector<std::uint8_t> scan(static_cast<std::size_t>(file.rows() * file.columns()));
    const auto area = static_cast<std::size_t>(size * size);
    std::vector<std::pair<Row, std::vector<std::uint8_t>>> characters;
    for (Row& row : rows) {
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(row.count) * area);
        for (Index number = 0; number < row.count; ++number) {
            file.read(scan);
            invert(scan);
            resize(scan, std::span(pixels).subspan(static_cast<std::size_t>(number) * area, area));
        }
        characters.emplace_back(std::move(row), std::move(pixels));
    }
    file.expect_end();

    std::sort(characters.begin(), characters.end(),
              [](const auto& a, const auto& b) { return a.first.place < b.first.place; });
    ImageSet result = make_omniglot(size);
    for (const auto& [row, pixels] : characters) append_character(result, row.place, row.split, pixels);
    return result;
}

}  // namespace attnpaths
