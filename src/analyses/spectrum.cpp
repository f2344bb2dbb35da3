#include "analyses/spectrum.hpp"

#include "analyses/record_values.hpp"

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

void add_spectrum(Record& record, const std::string& group, const KernelAlignment& alignment) {
    record[group + "/eigenvalues"] = array_of(alignment.eigenvalues);
    record[group + "/overlaps"] = array_of(alignment.overlaps);
    record[group + "/cumulative_power"] = array_of(alignment.cumulative_power);
}

}  // namespace attnpaths
