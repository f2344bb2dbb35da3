#include "sweep/sampling_method.hpp"

#include "sweep/order_parameter_method.hpp"
#include "sweep/weights_method.hpp"

namespace attnpaths {

std::unique_ptr<SamplingMethod> make_sampling_method(const std::string& name,
                                                     const PointConfiguration& configuration,
                                                     const SamplingProblem& problem) {
    if (name == "weights") return std::make_unique<WeightsMethod>(configuration, problem);
    return std::make_unique<OrderParameterMethod>(configuration, problem);
}

}  // namespace attnpaths
