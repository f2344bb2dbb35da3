#include "sampling/warm_up.hpp"

#include <algorithm>
#include <limits>

namespace attnpaths {

WarmUp::WarmUp(int steps, double target_acceptance, MetricKind kind, Index dimension)
    : steps_(steps),
      first_(std::max(1, steps * 15 / 100)),
      last_(steps / 10),
      window_end_(first_ + window_length_),
      averaging_(target_acceptance),
      window_(kind, dimension) {}

bool WarmUp::take(const Vector& position, double acceptance, double& step_size, Metric& metric) {
    step_size = averaging_.update(acceptance);
    const int step = step_++;
    if (left() == 0) step_size = averaging_.averaged();
    const int windows_end = steps_ - last_;
    if (step < first_ || step >= windows_end) return false;
    window_.add(position);
    // The last window takes what would be left over for a shorter one.
    const bool is_last = window_end_ + 2 * window_length_ > windows_end;
    if (step + 1 != (is_last ? windows_end : window_end_)) return false;
    metric = window_.take();
    window_length_ *= 2;
    window_end_ += window_length_;
    step_size = averaging_.averaged();
    return true;
}

void WarmUp::save(ByteWriter& out) const {
    for (const int value : {step_, window_length_, window_end_}) out.number(value);
    averaging_.save(out);
    window_.save(out);
}

void WarmUp::restore(ByteReader& in) {
    for (int* value : {&step_, &window_length_, &window_end_}) *value = in.number<int>();
    // Far beyond any warm-up, and small enough that the next windows can be added up.
    constexpr int largest = std::numeric_limits<int>::max() / 8;
    if (step_ < 0 || step_ > steps_ || window_length_ < 1 || window_length_ > largest || window_end_ < 1 ||
        window_end_ > largest)
        in.fail();
    averaging_.restore(in);
    window_.restore(in);
}

}  // namespace attnpaths
