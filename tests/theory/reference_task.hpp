#pragma once

#include "h5/input_file.hpp"
#include "network/path_kernels.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths::testing {

/// The 4-path hidden-Markov problem with figures computed by the authors' code
/// (tests/data/markov-4paths-small.h5).
class ReferenceTask {
  public:
    ReferenceTask() : file_(open()) {}

    [[nodiscard]] Matrix features(const std::string& set) const {
        const h5::Array<double> xi = file_.read("/" + set + "/xi");
        const auto [examples, width, paths] = std::tuple(xi.shape[0], xi.shape[1], xi.shape[2]);
        Matrix result(examples, width * paths);
        for (hsize_t m = 0; m < examples; ++m)
            for (hsize_t i = 0; i < width; ++i)
                for (hsize_t p = 0; p < paths; ++p)
                    result(static_cast<Index>(m), static_cast<Index>(p * width + i)) =
                        xi.values[(m * width + i) * paths + p];
        return result;
    }
    [[nodiscard]] Matrix targets(const std::string& set) const { return vector("/" + set + "/y"); }
    [[nodiscard]] PathKernels kernels(double input_variance = 1,
                                      KernelStorage storage = KernelStorage::kernels) const {
        return {features("train"), 4, 1, input_variance / (231.0 * 4.0), storage};
    }

    [[nodiscard]] Vector vector(const std::string& object) const {
        const std::vector<double> values = file_.read(object).values;
        return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
    }
    /// A symmetric matrix of the file.
    [[nodiscard]] Matrix matrix(const std::string& object) const {
        const h5::Array<double> array = file_.read(object);
        return Eigen::Map<const Matrix>(array.values.data(), static_cast<Index>(array.shape[0]),
                                        static_cast<Index>(array.shape[1]));
    }
    [[nodiscard]] double attribute(const std::string& object, const std::string& name) const {
        return file_.read_numbers_attribute(object, name).at(0);
    }
    [[nodiscard]] std::vector<double> attributes(const std::string& object, const std::string& name) const {
        return file_.read_numbers_attribute(object, name);
    }
    [[nodiscard]] OrderParameters order_parameters(const std::string& group) const {
        return {Matrix::Constant(1, 1, attribute(group, "U_a")),
                {matrix(group + "/U_1"), matrix(group + "/U_2")}};
    }

  private:
    static h5::InputFile open() {
        h5::initialise();
        return h5::InputFile(ATTNPATHS_TEST_DATA "/markov-4paths-small.h5");
    }
    h5::InputFile file_;
};

}  // namespace attnpaths::testing
