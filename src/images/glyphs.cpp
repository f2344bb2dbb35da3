#include "images/glyphs.hpp"

#include "base/random_stream.hpp"
#include "images/omniglot.hpp"
#include "images/resize_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

constexpr Index scan_side = 105;
constexpr double pen_radius = 1.4;  // pixels

struct Point {
    double x = 0;
    double y = 0;
};

/// A quadratic Bezier curve in the unit square.
struct Stroke {
    Point start;
    Point bend;
    Point end;

    [[nodiscard]] Point at(double t) const {
        const double a = (1 - t) * (1 - t);
        const double b = 2 * t * (1 - t);
        const double c = t * t;
        return {a * start.x + b * bend.x + c * end.x, a * start.y + b * bend.y + c * end.y};
    }
};

std::vector<Stroke> invent_glyph(RandomStream stream) {
    const auto place = [&] { return 0.15 + 0.7 * stream.uniform(); };
    const auto point = [&] {
        const double x = place();
        return Point{x, place()};
    };
    std::vector<Stroke> strokes(2 + static_cast<std::size_t>(stream.bits() % 3));
    for (std::size_t i = 0; i < strokes.size(); ++i) {
        // Most strokes begin where another ended, as in handwriting.
        const bool joined = i > 0 && stream.uniform() < 0.6;
        strokes[i].start = joined ? strokes[i - 1].end : point();
        strokes[i].bend = point();
        strokes[i].end = point();
    }
    return strokes;
}

/// The same glyph by another hand.
std::vector<Stroke> redraw(std::vector<Stroke> strokes, RandomStream stream) {
    const double angle = 0.08 * stream.normal();
    const double width = 1 + 0.06 * stream.normal();
    const double height = 1 + 0.06 * stream.normal();
    const double right = 0.03 * stream.normal();
    const double down = 0.03 * stream.normal();
    for (Stroke& stroke : strokes) {
        for (Point* point : {&stroke.start, &stroke.bend, &stroke.end}) {
            const double x = width * (point->x - 0.5 + 0.02 * stream.normal());
            const double y = height * (point->y - 0.5 + 0.02 * stream.normal());
            *point = {0.5 + right + std::cos(angle) * x - std::sin(angle) * y,
                      0.5 + down + std::sin(angle) * x + std::cos(angle) * y};
        }
    }
    return strokes;
}

void stamp_pen(std::vector<std::uint8_t>& scan, Point at) {
    const double x = at.x * scan_side - 0.5;
    const double y = at.y * scan_side - 0.5;
    // Far outside is never met by real strokes; the clamp keeps the conversion to integers defined.
    const auto low = [](double v) {
        return static_cast<Index>(std::ceil(std::clamp(v, 0.0, 1e6) - pen_radius));
    };
    const auto high = [](double v) {
        return static_cast<Index>(std::floor(std::clamp(v, -1e6, 104.0) + pen_radius));
    };
    for (Index row = std::max(low(y), Index{0}); row <= std::min(high(y), scan_side - 1); ++row) {
        for (Index column = std::max(low(x), Index{0}); column <= std::min(high(x), scan_side - 1);
             ++column) {
            const double across = static_cast<double>(column) - x;
            const double along = static_cast<double>(row) - y;
            if (across * across + along * along <= pen_radius * pen_radius)
                scan[static_cast<std::size_t>(row * scan_side + column)] = 255;
        }
    }
}

std::vector<std::uint8_t> draw(const std::vector<Stroke>& strokes) {
    constexpr int steps = 160;  // less than a pixel each, along the longest strokes
    std::vector<std::uint8_t> scan(static_cast<std::size_t>(scan_side * scan_side));
    for (const Stroke& stroke : strokes)
        for (int step = 0; step <= steps; ++step)
            stamp_pen(scan, stroke.at(static_cast<double>(step) / steps));
    return scan;
}

}  // namespace

ImageSet make_glyphs(const GlyphAlphabet& alphabet, Index size) {
    ImageSet set;
    set.name = "glyphs";
    set.size = size;
    set.deviation = omniglot_grey_deviation;
    ImageResizer resize(scan_side, scan_side, size);
    const auto area = static_cast<std::size_t>(size * size);
    const std::pair<Split, Index> parts[] = {{Split::train, alphabet.train_classes},
                                             {Split::validation, alphabet.validation_classes},
                                             {Split::test, alphabet.test_classes}};
    for (const auto& [split, count] : parts) {
        const std::string purpose = fmt::format("glyphs/{}", split_name(split));
        for (Index number = 0; number < count; ++number) {
            const auto index = static_cast<std::uint64_t>(number);
            const std::vector<Stroke> glyph = invent_glyph(RandomStream(alphabet.seed, purpose, index));
            set.classes.push_back({fmt::format("{} glyph {}", split_name(split), number + 1), split,
                                   set.images(), alphabet.images_per_class});
            for (Index image = 0; image < alphabet.images_per_class; ++image) {
                const RandomStream hand(alphabet.seed, purpose + "/image",
                                        (index << 32U) + static_cast<std::uint64_t>(image));
                set.pixels.resize(set.pixels.size() + area);
                resize(draw(redraw(glyph, hand)), std::span(set.pixels).last(area));
            }
        }
    }
    return set;
}

}  // namespace attnpaths
