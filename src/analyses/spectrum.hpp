#pragma once

#include "analyses/analysis.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Spectrum of a training kernel and its alignment with the task, for a predictor's group of columns.
/// @param of  "at the saddle point"
std::vector<Column> spectrum_columns(const std::string& group, const std::string& of);

/// Output option: leading eigenvalues stored.
const SettingKey& spectrum_setting();
Index stored_eigenvalues(const Settings& settings);

/// Sets the columns of spectrum_columns() for K(U), none if no eigenvalues are to be stored.
void add_spectrum(Record& record, const std::string& group, const Problem& problem, const Matrix& U,
                  const Settings& settings);

double spectrum_seconds(const ProblemSize& size, const Settings& settings);

}  // namespace attnpaths
