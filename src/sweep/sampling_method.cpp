#include "sweep/sampling_method.hpp"

#include "sweep/order_parameter_method.hpp"

namespace attnpaths {

std::unique_ptr<SamplingMethod> make_sampling_method(const std::string&,
                                                     const PointConfiguration& configuration,
                                                     const SamplingProblem& problem) {
    return std::make_unique<OrderParameterMethod>(configuration, problem);
}

}  // namespace attnpaths
