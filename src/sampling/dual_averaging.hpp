#pragma once

#include "base/byte_stream.hpp"

namespace attnpaths {

/// Nesterov's dual averaging of the logarithm of a step size towards a mean acceptance (Hoffman and Gelman
/// 2014, section 3.2).
class DualAveraging {
  public:
    explicit DualAveraging(double target_acceptance) : target_(target_acceptance) {}

    /// Forgets everything but the target; searches around ten times `step_size`.
    void restart(double step_size);
    /// @returns the step size to use next
    double update(double acceptance);
    /// The step size that the iterates average to.
    [[nodiscard]] double averaged() const;

    void save(ByteWriter& out) const;
    void restore(ByteReader& in);

  private:
    double target_;
    double centre_ = 0;
    double count_ = 0;
    double error_ = 0;
    double average_ = 0;
};

}  // namespace attnpaths
