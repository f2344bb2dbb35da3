#include "sampling/calibration/models.hpp"

#include "base/error.hpp"
#include "sampling/calibration/order_parameter_model.hpp"
#include "sampling/calibration/weight_model.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths::testing {

namespace {

/// In the order of OrderParameterVariant and WeightVariant.
const std::vector<std::string> order_parameter_variants{"exact", "degrees", "limit-degrees", "no-jacobian",
                                                        "half-energy"};
const std::vector<std::string> weight_variants{"exact", "double-noise", "no-head-scale", "prior-variance"};

std::size_t find(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw UsageError(fmt::format("'{}' is none of {}", name, fmt::join(names, ", ")));
    return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

std::vector<std::string> variant_names(const std::string& method) {
    return find({"order-parameter", "weights"}, method) == 0 ? order_parameter_variants : weight_variants;
}

std::vector<std::string> problem_names() {
    std::vector<std::string> names;
    for (const SmallProblem& problem : small_problems()) names.push_back(problem.name);
    return names;
}

std::unique_ptr<JointModel> make_model(const std::string& method, const std::string& problem,
                                       const std::string& variant) {
    const SmallProblem chosen = small_problems()[find(problem_names(), problem)];
    const std::size_t index = find(variant_names(method), variant);
    if (method == "weights") return std::make_unique<WeightModel>(chosen, static_cast<WeightVariant>(index));
    return std::make_unique<OrderParameterModel>(chosen, static_cast<OrderParameterVariant>(index));
}

}  // namespace attnpaths::testing
