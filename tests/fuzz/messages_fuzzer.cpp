// Every decoder of a message between ranks, on arbitrary bytes. The first byte says which.
#include "base/error.hpp"
#include "run/protocol.hpp"
#include "run/start_message.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace {

using Decoder = void (*)(std::string_view);

constexpr std::array<Decoder, 8> decoders = {
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_batch(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_introduction(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_result(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_task(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_progress(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_submitted_parts(bytes)); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_start(std::string(bytes))); },
    [](std::string_view bytes) { static_cast<void>(attnpaths::decode_stop(bytes)); },
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        decoders[data[0] % decoders.size()](bytes);
    } catch (const attnpaths::Error&) {
        // One line, and the end of the run.
    }
    return 0;
}
