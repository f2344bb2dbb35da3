#include "base/utc_time.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>

namespace attnpaths {

namespace {
constexpr const char* iso_format = "%Y-%m-%dT%H:%M:%SZ";
}  // namespace

double now_seconds() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string utc_text(double seconds) {
    const auto whole = static_cast<std::time_t>(std::floor(seconds));
    std::tm parts{};
    gmtime_r(&whole, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), iso_format, &parts);
    return {text.data(), length};
}

double utc_seconds(const std::string& text) {
    std::tm parts{};
    const char* end = strptime(text.c_str(), iso_format, &parts);
    if (end == nullptr || *end != '\0') return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(timegm(&parts));
}

}  // namespace attnpaths
