// idx files, plain and gzip-compressed, as labels and as images: every one is read whole or refused with an
// error of the program.
#include "base/error.hpp"
#include "files/descriptor.hpp"
#include "images/idx_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

void read_images(const std::string& path) {
    attnpaths::IdxFile file(path, attnpaths::IdxFile::Content::images);
    const attnpaths::Index pixels = file.rows() * file.columns();
    if (file.count() < 1 || pixels < 1) std::abort();
    if (pixels > (attnpaths::Index{1} << 20U)) return;  // slow
    std::vector<std::uint8_t> image(static_cast<std::size_t>(pixels));
    for (attnpaths::Index number = 0; number < file.count(); ++number) file.read(image);
    file.expect_end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const attnpaths::Descriptor memory(memfd_create("idx", MFD_CLOEXEC));
    if (!memory.is_open() || write(memory.number(), data, size) != static_cast<ssize_t>(size)) std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(memory.number());
    try {
        read_images(path);
    } catch (const attnpaths::Error&) {  // NOLINT(bugprone-empty-catch): what is to happen
    }
    try {
        attnpaths::read_idx_labels(path);
    } catch (const attnpaths::Error&) {  // NOLINT(bugprone-empty-catch): what is to happen
    }
    return 0;
}
