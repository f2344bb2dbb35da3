#pragma once

#include <string>

namespace attnpaths::h5 {

/// Absolute path of a member of a group; the root group is "/".
inline std::string member_path(const std::string& group, const std::string& member) {
    return (group == "/" ? "" : group) + "/" + member;
}

}  // namespace attnpaths::h5
