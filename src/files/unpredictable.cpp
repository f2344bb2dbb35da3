#include "files/unpredictable.hpp"

#include "base/error.hpp"

#include <sys/random.h>

namespace attnpaths {

std::uint64_t unpredictable_number() {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
        throw CreateError("the system gives no random numbers (getrandom)");
    return number;
}

}  // namespace attnpaths
