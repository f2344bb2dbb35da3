#include "h5/reader_server.hpp"

#include "base/error.hpp"
#include "h5/local_file.hpp"
#include "h5/reader_protocol.hpp"

#include <fmt/format.h>

#include <memory>
#include <new>
#include <span>

namespace attnpaths::h5 {

namespace {

/// The channel is closed: the other side will not miss what is not sent.
struct ChannelClosed {};

void require(bool is_open) {
    if (!is_open) throw ChannelClosed();
}

void send_tagged(const Channel& channel, Tag tag, const std::string& message) {
    require(channel.send(&tag, sizeof tag));
    require(channel.send_message(message));
}

void send_block(const Channel& channel, std::span<const double> block) {
    constexpr Tag tag = Tag::numbers;
    const std::uint64_t count = block.size();
    require(channel.send(&tag, sizeof tag) && channel.send(&count, sizeof count) &&
            channel.send(block.data(), block.size_bytes()));
}

/// The last piece of an answer.
std::string answer(const LocalFile& file, const Request& request) {
    const auto& [question, object, name] = request;
    switch (question) {
        case Question::has:
            return encode(file.has(object));
        case Question::has_attribute:
            return encode(file.has_attribute(object, name));
        case Question::members:
            return encode(file.members(object));
        case Question::attributes:
            return encode(file.attributes(object));
        case Question::is_text:
            return encode(file.is_text(object));
        case Question::describe:
            return encode(file.describe(object));
        case Question::strings:
            return encode(file.read_strings(object));
        case Question::text_attribute:
            return file.read_text_attribute(object, name);
        case Question::integer_attribute:
            return encode(file.read_integer_attribute(object, name));
        case Question::numbers_attribute:
            return encode(file.read_numbers_attribute(object, name));
        case Question::structure:
            file.check_structure();
            break;
        case Question::open:
        case Question::numbers:
            break;
    }
    return {};
}

}  // namespace

void serve_file(const std::string& path, const Channel& channel) {
    std::unique_ptr<LocalFile> file;
    std::string bytes;
    while (channel.receive_message(bytes)) {
        limit_next_step(0);
        const Request request = decode_request(bytes);
        try {
            if (request.question == Question::open) file = std::make_unique<LocalFile>(path);
            if (request.question == Question::numbers)
                file->read(request.object, decode_range(request.name),
                           [&](std::span<const double> block) { send_block(channel, block); });
            const std::string found = answer(*file, request);
            if (found.size() > Channel::largest_message)
                throw DataError(
                    fmt::format("{}: {}: is larger than anything of this kind", path, request.object));
            send_tagged(channel, Tag::answer, found);
        } catch (const Error& error) {
            send_tagged(channel, error.code() == ExitCode::output_error ? Tag::refused : Tag::error,
                        error.what());
        } catch (const std::bad_alloc&) {
            send_tagged(channel, Tag::error,
                        fmt::format("{}: {}: asks for more memory than there is", path, request.object));
        }
    }
}

}  // namespace attnpaths::h5
