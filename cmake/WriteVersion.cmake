# Run at build time by Version.cmake.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE HASH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE FAILED)
if(FAILED)
  set(HASH "unknown")
endif()
# The day of the commit; without one, today, or the day of SOURCE_DATE_EPOCH.
execute_process(COMMAND git -C ${SOURCE} log -1 --format=%cs
                OUTPUT_VARIABLE DAY OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE FAILED)
if(FAILED)
  string(TIMESTAMP DAY "%Y-%m-%d" UTC)
endif()
set(TEXT "#pragma once

namespace attnpaths {
inline constexpr char program_version[] = \"${VERSION}\";
inline constexpr char git_hash[] = \"${HASH}\";
inline constexpr char commit_date[] = \"${DAY}\";
}  // namespace attnpaths
")
set(OLD "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} OLD)
endif()
if(NOT OLD STREQUAL TEXT)
  file(WRITE ${OUTPUT} "${TEXT}")
endif()
