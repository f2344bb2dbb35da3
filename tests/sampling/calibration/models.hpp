#pragma once

#include "sampling/calibration/joint_model.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths::testing {

/// Variants of a method by name, the exact one first.
/// @param method  "order-parameter" or "weights"
/// @throws UsageError for another method
std::vector<std::string> variant_names(const std::string& method);

/// Names of the small problems.
std::vector<std::string> problem_names();

/// A sampler under test on a small problem.
/// @throws UsageError for a name that does not exist
std::unique_ptr<JointModel> make_model(const std::string& method, const std::string& problem,
                                       const std::string& variant);

}  // namespace attnpaths::testing
