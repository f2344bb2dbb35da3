#pragma once

#include "h5/file.hpp"

#include <functional>
#include <string>

namespace attnpaths::h5 {

/// Makes the file at `path` as a whole: `fill` builds it in memory, its bytes go to a temporary beside it,
/// which is synced to disk and renamed over `path` (NewFile). A reader sees the old file or the new one,
/// never a part; the temporary is removed if anything fails. HDF5 itself never writes to the disk here, since
/// a write that fails inside it (full disk) crashes the program later.
/// @throws CreateError if the folder is missing or cannot be written, OutputError if writing fails (full
/// disk)
void write_whole_file(const std::string& path, const std::function<void(File&)>& fill);

}  // namespace attnpaths::h5
