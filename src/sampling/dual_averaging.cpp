#include "sampling/dual_averaging.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

void DualAveraging::restart(double step_size) {
    centre_ = std::log(10 * step_size);
    count_ = 0;
    error_ = 0;
    average_ = 0;
}

double DualAveraging::update(double acceptance) {
    constexpr double shrinkage = 0.05;
    constexpr double offset = 10;
    constexpr double decay = 0.75;
    ++count_;
    const double weight = 1 / (count_ + offset);
    error_ = (1 - weight) * error_ + weight * (target_ - std::min(1.0, acceptance));
    const double log_step = centre_ - error_ * std::sqrt(count_) / shrinkage;
    const double forgetting = std::pow(count_, -decay);
    average_ = forgetting * log_step + (1 - forgetting) * average_;
    return std::exp(log_step);
}

double DualAveraging::averaged() const {
    return std::exp(average_);
}

void DualAveraging::save(ByteWriter& out) const {
    for (const double value : {centre_, count_, error_, average_}) out.number(value);
}

void DualAveraging::restore(ByteReader& in) {
    for (double* value : {&centre_, &count_, &error_, &average_}) *value = in.number<double>();
}

}  // namespace attnpaths
