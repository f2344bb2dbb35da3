#pragma once

#include "sampling/dual_averaging.hpp"
#include "sampling/metric.hpp"

namespace attnpaths {

/// Stan's warm-up: the step size adapts all the time, the metric at the ends of windows of doubling length
/// that lie between a first stretch (15 %) and a last one (10 %) for the step size alone.
class WarmUp {
  public:
    WarmUp(int steps, double target_acceptance, MetricKind kind, Index dimension);

    /// Transitions left.
    [[nodiscard]] int left() const { return steps_ - step_; }
    /// The step size search starts again from here.
    void restart_step_size(double step_size) { averaging_.restart(step_size); }

    /// Takes the position and acceptance of one transition.
    /// @param step_size  receives the step size to use next
    /// @param metric     receives a new metric where a window ends
    /// @returns whether a window ended: the step size is then to be found anew, from the one given
    bool take(const Vector& position, double acceptance, double& step_size, Metric& metric);

    void save(ByteWriter& out) const;
    void restore(ByteReader& in);

  private:
    int steps_;
    int first_;  // transitions before the first window
    int last_;   // transitions after the last window
    int step_ = 0;
    int window_length_ = 25;
    int window_end_;
    DualAveraging averaging_;
    MetricEstimator window_;
};

}  // namespace attnpaths
