#pragma once

#include "network/architecture.hpp"

#include <array>
#include <cstdint>

/// What reader and writer of data set files share.
namespace attnpaths::dataset_format {

constexpr char name[] = "attnpaths-dataset";
constexpr std::int64_t version = 1;

// In the order of the enums Readout and AttentionKind.
constexpr std::array readouts = {"average", "first", "last"};
constexpr std::array attentions = {"softmax", "hardmax"};

/// The order of matrices in HDF5.
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace attnpaths::dataset_format
