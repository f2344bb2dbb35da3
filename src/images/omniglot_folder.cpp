#include "base/error.hpp"
#include "images/omniglot.hpp"
#include "images/png_image.hpp"
#include "images/resize_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace attnpaths {

namespace {

namespace fs = std::filesystem;

/// What is no image or class: hidden, or left by systems, archives and network disks.
bool is_of_a_system(const std::string& name) {
    static const std::set<std::string> known = {"__MACOSX",  "@eaDir",      "#recycle",
                                                "Thumbs.db", "desktop.ini", "lost+found"};
    return name.front() == '.' || known.count(name) > 0;
}

bool is_png(const fs::path& path) {
    std::string suffix = path.extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return suffix == ".png";
}

/// Looks into folders and counts, by name, what it leaves out.
class Listing {
  public:
    enum class Kind { folders, images };

    /// The members of a kind in a folder, sorted by name.
    std::vector<fs::path> operator()(const fs::path& folder, Kind kind) {
        std::vector<fs::path> found;
        std::error_code error;
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            const fs::path& path = entry->path();
            const std::string name = path.filename().string();
            const bool wanted = kind == Kind::folders ? entry->is_directory() : is_png(path);
            if (wanted && !is_of_a_system(name))
                found.push_back(path);
            else
                ++left_out_[name];
        }
        if (error) throw InputError(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
        std::sort(found.begin(), found.end());
        return found;
    }

    /// One line about what was left out, nothing if all was read.
    [[nodiscard]] std::vector<std::string> notes(const std::string& root) const {
        if (left_out_.empty()) return {};
        constexpr std::size_t most_names = 6;
        std::size_t count = 0;
        std::vector<std::string> names;
        for (const auto& [name, times] : left_out_) {
            count += times;
            if (names.size() < most_names) names.push_back(name);
        }
        return {fmt::format("{}: left out {} {} no PNG images or classes: {}{}", root, count,
                            count == 1 ? "entry that is" : "entries that are", fmt::join(names, ", "),
                            left_out_.size() > most_names ? ", ..." : "")};
    }

  private:
    std::map<std::string, std::size_t> left_out_;
};

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
    Listing list;
    for (const std::string_view part : {omniglot_background, omniglot_evaluation}) {
        const fs::path root = fs::path(folder) / part;
        std::error_code error;
        if (!fs::is_directory(root, error))
            throw InputError(
                fmt::format("{}: has no folder {}; unpack {}.zip of Omniglot there", folder, part, part));
        for (const fs::path& alphabet : list(root, Listing::Kind::folders)) {
            for (const fs::path& character : list(alphabet, Listing::Kind::folders)) {
                std::vector<std::uint8_t> pixels;
                const std::vector<fs::path> files = list(character, Listing::Kind::images);
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
    set.notes = list.notes(folder);
    return set;
}

}  // namespace attnpaths
