#pragma once

#include "base/random_stream.hpp"
#include "images/image_set.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// What an image's label embedding says.
enum class ShownLabel : std::uint8_t { zero, one, unknown };

/// One example of two-way one-shot classification: two labelled images of different classes, then one more
/// image of either class, whose label is the target.
struct Episode {
    std::array<std::int32_t, 3> images{};  ///< first and second context image, query; numbers in an ImageSet
    std::array<ShownLabel, 3> labels{};    ///< one zero, one one, then unknown
    int target = 0;                        ///< +1 if the query is of the class labelled one, else -1
};

/// An endless sequence of episodes from the classes of one split. Episode i depends on seed, purpose and i
/// alone, so that any one can be drawn directly. Its ordered pair of distinct classes is uniform; so are the
/// context image of each class, and the query, another image of its class. Which class comes first, which
/// has label one, and which the query shows are fair coins; the targets of episodes 2i and 2i + 1 are +1 and
/// -1, so the coins for order and label are tossed, and the query's follows from label and target. Over
/// every even number of episodes from an even one on, the targets are balanced exactly.
class EpisodeStream {
  public:
    /// @param images   any set; it need not outlive the stream
    /// @param purpose  names the stream, e.g. "one-shot/train"
    /// @throws UsageError if the split has fewer than two classes
    EpisodeStream(const ImageSet& images, Split split, std::uint64_t seed, std::string purpose);

    [[nodiscard]] Episode operator[](std::uint64_t index) const;

  private:
    std::vector<ImageClass> classes_;
    std::uint64_t seed_;
    std::string purpose_;
};

/// Episodes of one fixed problem, the first label's class against the second's: `count` test images, half of
/// each class, as queries. The k-th test image of the whole list (all of the first class, then all of the
/// second) has as context the k-th training image of either class, the first class first, labelled zero.
/// @param images  two training and two test classes (idx_image_set.hpp)
/// @throws UsageError if there are too few images
std::vector<Episode> fixed_problem(const ImageSet& images, Index count);

}  // namespace attnpaths
