#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

namespace attnpaths::h5 {

/// Silences HDF5's own error stack printing (our exceptions carry the message) and switches off its file
/// locking, which fails on some network file systems; the program's own lock file protects stores. Called
/// before the first use of HDF5.
void initialise();

/// "1.10.8" of the library that is loaded.
std::string library_version();

/// Owner of one HDF5 identifier; move-only.
class Handle {
  public:
    using Close = herr_t (*)(hid_t);

    Handle() = default;
    Handle(hid_t id, Close close) noexcept : id_(id), close_(close) {}
    Handle(Handle&& other) noexcept
        : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(std::exchange(other.close_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { reset(); }

    [[nodiscard]] hid_t id() const noexcept { return id_; }
    [[nodiscard]] explicit operator bool() const noexcept { return id_ >= 0; }
    void reset() noexcept {
        if (id_ >= 0) close_(id_);
        id_ = H5I_INVALID_HID;
    }

  private:
    hid_t id_ = H5I_INVALID_HID;
    Close close_ = nullptr;
};

/// Throws for a call of HDF5's that just failed: OutputError if the system refused to read or write (the
/// stack of the library's errors has an errno), else DataError with this message.
[[noreturn]] void fail(const std::string& object, const std::string& otherwise);

/// @returns the identifier that an HDF5 call gave, or throws as fail() does, naming the call and the object.
hid_t check_id(hid_t id, const char* call, const std::string& object);
/// Throws OutputError naming the call and the object if an HDF5 call returned a negative status.
void check(herr_t status, const char* call, const std::string& object);

}  // namespace attnpaths::h5
