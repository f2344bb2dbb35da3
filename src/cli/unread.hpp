#pragma once

#include "store/store_view.hpp"

namespace attnpaths::cli {

/// Says on standard error what of a store could not be read, so that nobody takes a part for the whole.
/// @returns the exit code of the command: bad_data if points may be missing
int report_unread(const StoreView& store, const char* command);

}  // namespace attnpaths::cli
