#pragma once

#include "base/column.hpp"
#include "base/record.hpp"
#include "base/settings.hpp"
#include "theory/kernel_alignment.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Spectrum of a training kernel and its alignment with the task, for a predictor's group of columns.
/// @param of  "at the saddle point"
std::vector<Column> spectrum_columns(const std::string& group, const std::string& of);

/// How many of the leading eigenvalues are stored.
const SettingKey& spectrum_setting();
Index stored_eigenvalues(const Settings& settings);

/// Sets the columns of spectrum_columns().
void add_spectrum(Record& record, const std::string& group, const KernelAlignment& alignment);

}  // namespace attnpaths
