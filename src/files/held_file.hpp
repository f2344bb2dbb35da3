#pragma once

#include "files/descriptor.hpp"

#include <string>

namespace attnpaths {

/// What stands at a path when this is made (links followed; a file, anything else, or nothing), held: while
/// it is, no later file gets its inode, so that whether it is still there can be told. Device and inode alone
/// do not tell that: file systems give the inode of a file that was replaced to the next but one.
class HeldFile {
  public:
    explicit HeldFile(std::string path);

    [[nodiscard]] bool is_still_there() const;

  private:
    std::string path_;
    Descriptor descriptor_;
};

}  // namespace attnpaths
