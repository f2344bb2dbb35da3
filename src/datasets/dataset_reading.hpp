#pragma once

#include "datasets/dataset.hpp"
#include "datasets/dataset_format.hpp"
#include "datasets/labels.hpp"
#include "datasets/map_check.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <memory>
#include <string>

/// The pieces that read_dataset_file is made of.
namespace attnpaths::dataset_reading {

/// A data set file that is being read.
struct Source {
    std::shared_ptr<const h5::InputFile> file;
    std::int64_t version = dataset_format::version;

    [[nodiscard]] const std::string& path() const { return file->path(); }
    /// Whether the file has an object or root attribute that version 2 of the format brought.
    [[nodiscard]] bool has_new(const std::string& object) const { return version >= 2 && file->has(object); }
    [[nodiscard]] bool has_new_attribute(const std::string& object, const std::string& name) const {
        return version >= 2 && file->has_attribute(object, name);
    }
};

template <class Range>
std::string shape_text(const Range& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// Checks that a data set has three axes, none of them empty. @throws DataError
void check_cube(const h5::InputFile& file, const std::string& object, const char* axes);

/// Reads a data set of three axes, none of them empty.
h5::Array<double> read_cube(const h5::InputFile& file, const std::string& object, const char* axes);

/// Slice `index` along the first axis of a cube, [shape[1], shape[2]].
Eigen::Map<const dataset_format::RowMajor> slice(const h5::Array<double>& cube, Index index);

/// Layers of heads from /heads, from attention maps that the training set gives, or from the root attribute
/// `heads`. Heads whose attention comes with the examples hold nothing.
/// @param sums   take how far attention that is given is from sums of 1
HeadLayers read_heads(const Source& source, RowSums& sums);

/// Targets of a set, /SET/y.
RawLabels read_labels(const Source& source, const std::string& group);

/// A set of examples, without its targets.
/// @param group   "/train";  @param name  its name in the data set
/// @param layers  of the network
/// @param sums    take how far attention that is given is from sums of 1
ExampleSet read_set(const Source& source, const std::string& group, const std::string& name,
                    const HeadLayers& layers, Readout readout, RowSums& sums);

}  // namespace attnpaths::dataset_reading
