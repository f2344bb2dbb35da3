#include "h5/handle.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

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

/// The errno in HDF5's error stack, 0 if it has none.
int system_error() {
    int number = 0;
    const auto look = [](unsigned, const H5E_error2_t* error, void* found) -> herr_t {
        constexpr std::string_view label = "errno = ";
        const std::string_view text = error->desc == nullptr ? "" : error->desc;
        const std::size_t at = text.find(label);
        if (at != std::string_view::npos)
            *static_cast<int*>(found) = std::atoi(text.data() + at + label.size());
        return 0;
    };
    const int latest = errno;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, +look, &number);
    // Of a file that it cannot even look at HDF5 says nothing but that.
    if (number == 0 && (latest == EIO || latest == ESTALE)) return latest;
    return number;
}
}  // namespace

void fail(const std::string& object, const std::string& otherwise) {
    if (const int error = system_error(); error != 0)
        throw OutputError(fmt::format("{}: reading or writing failed: {}", object, std::strerror(error)));
    throw DataError(fmt::format("{}: {}", object, otherwise));
}

void initialise() {
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
    // Every handle is closed by its owner. A file that a full disk keeps HDF5 from closing must not be tried
    // again at exit: the library would crash there.
    H5dont_atexit();
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string library_version() {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    H5get_libversion(&major, &minor, &release);
    return fmt::format("{}.{}.{}", major, minor, release);
}

hid_t check_id(hid_t id, const char* call, const std::string& object) {
    if (id < 0) fail(object, fmt::format("{} failed: {}", call, innermost_message()));
    return id;
}

void check(herr_t status, const char* call, const std::string& object) {
    if (status < 0) throw OutputError(fmt::format("{}: {} failed: {}", object, call, innermost_message()));
}

}  // namespace attnpaths::h5
