#pragma once

#include "sweep/configuration.hpp"

#include <string>

namespace attnpaths {

/// Hash of everything that a point's problem depends on: data, heads, P, widths, prior variances, T, and
/// where its kernels are kept, which changes the last bits. The random streams of a point are of this key, so
/// that what is sampled depends on nothing else.
std::string problem_key(const Configuration& configuration, const GridPoint& point, Index input_width);

/// Hash of everything that the results of an analysis depend on: the problem (for Scope::kernels without the
/// widths), its own settings, its revision, and the keys of what it needs. What is kept of the results is in
/// no key.
std::string analysis_key(const Analysis& analysis, const Configuration& configuration, const GridPoint& point,
                         Index input_width);

/// Hash of everything that a point's row in the store depends on: its problem, the keys of its analyses, and
/// what is kept of their results. Equal keys mean equal rows, bit for bit, so a point that a store has need
/// not be computed again.
std::string point_key(const Configuration& configuration, const GridPoint& point, Index input_width);

}  // namespace attnpaths
