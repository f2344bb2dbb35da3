// Texts of configuration files: read, resolved into parts, checked, and where the grid is small its points
// made and told, as a dry run does. What a file accepted says of itself must be read as the same again.
#include "base/error.hpp"
#include "sweep/configuration.hpp"
#include "sweep/grid.hpp"
#include "sweep/part_encoding.hpp"
#include "sweep/settings_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void check(attnpaths::PartSettings part) {
    using namespace attnpaths;
    constexpr std::int64_t most = 200;
    const std::vector<EncodedPart> encoded = {{part, ""}};
    if (decode_parts(encode_parts(encoded)).at(0).settings.settings.to_text() != part.settings.to_text())
        std::abort();
    const Configuration configuration = read_configuration(std::move(part.settings));
    if (!configuration.task->source().empty()) return;  // reads no files
    if (grid_size(configuration) > most) return;
    for (const GridPoint& point : grid_points(configuration)) {
        if (point.architecture.paths() < 1) std::abort();
        if (point_from_record(describe_point(point)).key != point.key || point_text(point).empty())
            std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace attnpaths;
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        for (PartSettings& part : parse_settings(text, "fuzz.ini", sweep_keys()).resolve(Settings()))
            check(std::move(part));
    } catch (const Error&) {
        // Told in one line: that is what should happen.
    }
    return 0;
}
