#pragma once

namespace attnpaths {

/// Seconds by a count of operations (on a core of the rates in analyses/cost.hpp).
struct NominalCost {
    double theory = 0;    ///< what is lost when it is interrupted
    double sampling = 0;  ///< chains, which go on from their checkpoints

    NominalCost& operator+=(const NominalCost& other) {
        theory += other.theory;
        sampling += other.sampling;
        return *this;
    }
};

}  // namespace attnpaths
