#pragma once

#include <string>

namespace attnpaths::cli {

/// What the registries declare, for programs that write documents: {"version", "tasks": [{name, summary,
/// explanation, settings}], "setting_groups": [{title, settings}], "point_columns": [...], "analyses":
/// [{name, summary, source, needs, by_default, every_width, cost_seconds, settings, outputs, columns}]}. A
/// setting is {name, kind, default, description}, with bounds "least" and "largest" where a number has them;
/// a column is {name, type, shape, units, description}.
std::string registries_json();

}  // namespace attnpaths::cli
