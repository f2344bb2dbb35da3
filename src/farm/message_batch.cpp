#include "farm/message_batch.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"

#include <cstdint>

namespace attnpaths {

std::string encode_batch(const std::vector<std::string>& messages) {
    ByteWriter out;
    out.number(static_cast<std::uint32_t>(messages.size()));
    for (const std::string& message : messages) out.text(message);
    return out.take();
}

std::vector<std::string> decode_batch(std::string_view bytes) {
    ByteReader in(bytes);
    std::vector<std::string> messages;
    const auto count = in.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && !in.failed(); ++i) messages.emplace_back(in.text());
    if (in.failed() || in.left() > 0) throw DataError("a batch of messages is damaged");
    return messages;
}

}  // namespace attnpaths
