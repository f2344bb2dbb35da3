#pragma once

#include "network/architecture.hpp"

#include <array>
#include <cstdint>

/// What reader and writer of data set files share.
namespace attnpaths::dataset_format {

inline constexpr char name[] = "attnpaths-dataset";
constexpr std::int64_t version = 2;          ///< the newest that is read
constexpr std::int64_t written_version = 1;  ///< has all that is written but attention maps

// In the order of the enums Readout and AttentionKind.
inline constexpr std::array readouts = {"average", "first", "last", "index"};
inline constexpr std::array attentions = {"softmax", "hardmax"};

/// The order of matrices in HDF5.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace attnpaths::dataset_format
