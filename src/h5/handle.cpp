#include "h5/handle.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace attnpaths::h5 {

namespace {
/// The innermost message of HDF5's error stack: the cause, where the outer ones only tell the route.
std::string innermost_message() {
    std::string cause;
    const auto first = [](unsigned n, const H5E_error2_t* error, void* text) -> herr_t {
        if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, +first, &cause);
    return cause;
}
}  // namespace

void initialise() {
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
    // Every handle is closed by its owner. A file that a full disk keeps HDF5 from closing must not be tried
    // again at exit: the library would crash there.
    H5dont_atexit();
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

hid_t check_id(hid_t id, const char* call, const std::string& object) {
    if (id < 0) throw DataError(fmt::format("{}: {} failed: {}", object, call, innermost_message()));
    return id;
}

void check(herr_t status, const char* call, const std::string& object) {
    if (status < 0) throw OutputError(fmt::format("{}: {} failed: {}", object, call, innermost_message()));
}

}  // namespace attnpaths::h5
