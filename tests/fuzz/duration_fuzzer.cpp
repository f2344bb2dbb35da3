// Texts of durations, as settings and environment variables give them.
#include "farm/duration.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const double seconds = attnpaths::parse_duration(text);
    if (std::isnan(seconds)) std::abort();  // negative or seconds, nothing else
    return 0;
}
