#pragma once

#include "farm/progress.hpp"
#include "store/store.hpp"

#include <string>

namespace attnpaths {

/// Enters the numerics of those who compute into the store, and says once in a run where they differ from one
/// another or from those that earlier results came from: bits are the same on one kind of processor only.
class NumericsWatch {
  public:
    NumericsWatch(Store& store, Progress& progress) : store_(store), progress_(progress) {}

    /// @param who  "worker 2 on node7"
    void take(const std::string& fingerprint, const std::string& who);

  private:
    Store& store_;
    Progress& progress_;
    bool has_warned_ = false;
};

}  // namespace attnpaths
