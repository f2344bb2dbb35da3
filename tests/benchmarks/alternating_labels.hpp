#pragma once

#include "network/architecture.hpp"

namespace attnpaths::testing {

inline Matrix alternating_labels(Index P) {
    Matrix y(P, 1);
    for (Index m = 0; m < P; ++m) y(m, 0) = m % 2 == 0 ? 1 : -1;
    return y;
}

}  // namespace attnpaths::testing
