#include "analyses/spectrum.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "theory/kernel_alignment.hpp"

#include <cmath>

namespace attnpaths {

std::vector<Column> spectrum_columns(const std::string& group, const std::string& of) {
    return {
        {group + "/eigenvalues", ColumnType::array, "[k]", "",
         "largest eigenvalues of the training kernel " + of},
        {group + "/overlaps", ColumnType::array, "[k]", "",
         "|v_k . y| / sqrt(P) of the eigenvectors of the kernel " + of},
        {group + "/cumulative_power", ColumnType::array, "[k]", "",
         "sum_{j<=k} (v_j . y)^2 / y'y of the kernel " + of},
    };
}

const SettingKey& spectrum_setting() {
    static const SettingKey setting = {"theory.spectrum", "30",
                                       "leading kernel eigenvalues and overlaps to store"};
    return setting;
}

Index stored_eigenvalues(const Settings& settings) {
    return settings.integer(spectrum_setting().name, 0, 1000000);
}

void add_spectrum(Record& record, const std::string& group, const Problem& problem, const Matrix& U,
                  const Settings& settings) {
    const Index count = stored_eigenvalues(settings);
    if (count == 0) return;
    Matrix kernel;
    problem.kernels().assemble(U, kernel);
    const TrainingSet& training = problem.training().training_set();
    const double power = training.y.squaredNorm() + training.accuracy.unreachable_power;
    const KernelAlignment alignment =
        kernel_alignment(kernel, stacked_targets(training.y), count, training.examples, power);
    record[group + "/eigenvalues"] = array_of(alignment.eigenvalues);
    record[group + "/overlaps"] = array_of(alignment.overlaps);
    record[group + "/cumulative_power"] = array_of(alignment.cumulative_power);
}

double spectrum_seconds(const ProblemSize& size, const Settings& settings) {
    constexpr double operations = 9;  // per row cubed, with eigenvectors
    return stored_eigenvalues(settings) == 0 ? 0 : operations * std::pow(size.system(), 3) / flops_per_second;
}

}  // namespace attnpaths
