#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Fills the upper triangle of a symmetric matrix of which the lower one is known.
inline void mirror_lower(Eigen::Ref<Matrix> matrix) {
    matrix.triangularView<Eigen::StrictlyUpper>() = matrix.transpose();
}

}  // namespace attnpaths
