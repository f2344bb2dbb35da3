#pragma once

namespace attnpaths {

/// Seconds by a count of operations (on a core of the rates in analyses/cost.hpp).
struct NominalCost {
    double theory = 0;    ///< what is lost when it is interrupted
    double sampling = 0;  ///< chains, which go on from their checkpoints
    double passes = 0;    ///< of theory, those over examples that are not held: others can take part in them

    NominalCost& operator+=(const NominalCost& other) {
        theory += other.theory;
        sampling += other.sampling;
        passes += other.passes;
        return *this;
    }
    /// All of it.
    [[nodiscard]] double seconds() const { return theory + sampling; }
};

}  // namespace attnpaths
