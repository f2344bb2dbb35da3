#pragma once

#include "files/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace attnpaths {

/// A file without a name for what can be made again but is dear: in the folder that TMPDIR names, else in
/// /tmp. The system removes it with the process, however that ends.
class ScratchFile {
  public:
    /// @param bytes  it may become as long as this
    /// @returns nothing where so many would take more than half of what is free, or the folder lies in memory
    static std::optional<ScratchFile> make(std::uint64_t bytes);

    /// @returns whether all bytes are there
    [[nodiscard]] bool write(std::uint64_t offset, const void* bytes, std::size_t count) const;
    [[nodiscard]] bool read(std::uint64_t offset, void* bytes, std::size_t count) const;

  private:
    explicit ScratchFile(int descriptor) : descriptor_(descriptor) {}

    Descriptor descriptor_;
};

}  // namespace attnpaths
