#pragma once

#include "network/architecture.hpp"

#include <functional>
#include <span>

namespace attnpaths {

/// A position at which a density is wanted, and where it and its gradient go.
struct Evaluation {
    const Vector* position;
    double* value;
    Vector* gradient;
};

/// Logarithm of a density (up to a constant) on all real vectors, with its gradient.
struct LogDensity {
    Index dimension = 0;
    /// -infinity (gradient untouched) where the density cannot be evaluated.
    std::function<double(const Vector& x, Vector& gradient)> value_and_gradient;
    /// The same at several positions, of each with the bits that it has alone; left out where nothing is
    /// gained by going through them together.
    std::function<void(std::span<const Evaluation> evaluations)> together = {};

    /// A density that is evaluated together.
    static LogDensity of_many(Index dimension,
                              const std::function<void(std::span<const Evaluation> evaluations)>& together) {
        return {dimension,
                [together](const Vector& x, Vector& gradient) {
                    double value = 0;
                    const Evaluation one{&x, &value, &gradient};
                    together({&one, 1});
                    return value;
                },
                together};
    }

    /// Evaluates at several positions, at once or one by one.
    void evaluate(std::span<const Evaluation> evaluations) const {
        if (together) return together(evaluations);
        for (const Evaluation& one : evaluations)
            *one.value = value_and_gradient(*one.position, *one.gradient);
    }
};

}  // namespace attnpaths
