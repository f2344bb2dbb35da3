#include "base/error.hpp"
#include "task/omniglot.hpp"
#include "task/png_image.hpp"
#include "task/resize_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace attnpaths {

namespace {

namespace fs = std::filesystem;

/// Folders, or else PNG files, inside a folder, sorted by name; hidden ones are left out.
std::vector<fs::path> members(const fs::path& folder, bool folders) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const fs::path& path = entry->path();
        if (path.filename().string().front() == '.') continue;
        if (folders ? entry->is_directory() : path.extension() == ".png") found.push_back(path);
    }
    if (error) throw InputError(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
    std::sort(found.begin(), found.end());
    return found;
}

/// Reads and resizes images that must all be of the size of the first.
class Reader {
  public:
    explicit Reader(Index size) : size_(size) {}

    /// Appends one image, [size, size], to `pixels`.
    void read(const std::string& path, std::vector<std::uint8_t>& pixels) {
        GreyImage image = read_png(path);
        if (!resizer_) {
            rows_ = image.rows;
            columns_ = image.columns;
            resizer_.emplace(rows_, columns_, size_);
        }
        if (image.rows != rows_ || image.columns != columns_)
            throw DataError(
                fmt::format("{}: has {} x {} pixels, the images before it {} x {}; unpack the set again",
                            path, image.rows, image.columns, rows_, columns_));
        invert(image.pixels);
        const auto area = static_cast<std::size_t>(size_ * size_);
        pixels.resize(pixels.size() + area);
        (*resizer_)(image.pixels, std::span(pixels).last(area));
    }

  private:
    Index size_;
    Index rows_ = 0;
    Index columns_ = 0;
    std::optional<ImageResizer> resizer_;
};

}  // namespace

ImageSet read_omniglot_folder(const std::string& folder, Index size) {
    ImageSet set = make_omniglot(size);
    Reader reader(size);
    for (const std::string_view part : {omniglot_background, omniglot_evaluation}) {
        const fs::path root = fs::path(folder) / part;
        std::error_code error;
        if (!fs::is_directory(root, error))
            throw InputError(
                fmt::format("{}: has no folder {}; unpack {}.zip of Omniglot there", folder, part, part));
        for (const fs::path& alphabet : members(root, true)) {
            for (const fs::path& character : members(alphabet, true)) {
                std::vector<std::uint8_t> pixels;
                const std::vector<fs::path> files = members(character, false);
                if (files.size() < 2)
                    throw DataError(fmt::format(
                        "{}: has {} PNG image{}, an episode needs two of a class; unpack the set again",
                        character.string(), files.size(), files.size() == 1 ? "" : "s"));
                for (const fs::path& file : files) reader.read(file.string(), pixels);
                const OmniglotCharacter place{std::string(part), alphabet.filename().string(),
                                              character.filename().string()};
                append_character(set, place, vinyals_split(place), pixels);
            }
        }
    }
    return set;
}

}  // namespace attnpaths
