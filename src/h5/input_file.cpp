#include "h5/input_file.hpp"

#include "base/error.hpp"
#include "base/settings.hpp"
#include "files/posix_file.hpp"
#include "h5/object_path.hpp"
#include "h5/reader_protocol.hpp"
#include "h5/reader_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <string_view>
#include <unistd.h>

namespace attnpaths::h5 {

namespace {

void throw_if_error(Tag tag, const std::string& message) {
    if (tag == Tag::refused) throw OutputError(message);
    if (tag == Tag::error) throw DataError(message);
}

PosixFile open_regular(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) throw InputError(path + ": no such file");
    return PosixFile::open(path);
}

/// Whether a file has the signature of HDF5 where the format allows it: at 0, 512, 1024, 2048, ...
bool has_signature(const PosixFile& file) {
    constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
    const std::uint64_t size = file.size();
    for (std::uint64_t offset = 0; offset + signature.size() <= size;
         offset = offset == 0 ? 512 : 2 * offset) {
        std::string bytes(signature.size(), '\0');
        file.read_at(offset, bytes.data(), bytes.size());
        if (bytes == signature) return true;
    }
    return false;
}

std::string attribute_name(const std::string& object, const std::string& name) {
    return object == "/" ? "attribute " + name : fmt::format("{} attribute {}", object, name);
}

}  // namespace

InputFile::InputFile(const std::string& path) : path_(path) {
    const PosixFile file = open_regular(path);
    if (!has_signature(file)) throw DataError(path + ": is not an HDF5 file");
    file_bytes_ = file.size();
    reader_ =
        std::make_unique<ReaderProcess>(path, [&](const Channel& channel) { serve_file(path, channel); });
    static_cast<void>(ask(Question::open, ""));
}

void InputFile::fail(const std::string& object) const {
    throw DataError(
        fmt::format("{}: {}{}", path_, object.empty() ? "" : object + " ", reader_->cause_of_death()));
}

std::string InputFile::ask(Question question, const std::string& object, const std::string& name) const {
    Tag tag{};
    std::string message;
    const Channel& channel = reader_->channel();
    if (!channel.send_message(encode(Request{question, object, name})) ||
        !channel.receive(&tag, sizeof tag) || !channel.receive_message(message))
        fail(object);
    throw_if_error(tag, message);
    return message;
}

void InputFile::check_structure() const {
    static_cast<void>(ask(Question::structure, ""));
}

bool InputFile::has(const std::string& object) const {
    return decode_bool(ask(Question::has, object));
}

bool InputFile::has_attribute(const std::string& object, const std::string& name) const {
    return decode_bool(ask(Question::has_attribute, object, name));
}

std::vector<std::string> InputFile::members(const std::string& group) const {
    return decode_texts(ask(Question::members, group));
}

bool InputFile::is_text(const std::string& object) const {
    return decode_bool(ask(Question::is_text, object));
}

NumberSet InputFile::describe(const std::string& object) const {
    return decode_number_set(ask(Question::describe, object), path_ + ": " + object);
}

/// Before memory is asked for: whether the numbers can be there at all.
void InputFile::check_size(const std::string& object, const NumberSet& set) const {
    constexpr double largest_compression = 2000;  // gzip reaches 1032
    constexpr double always = 1 << 20;
    const double bytes = static_cast<double>(set.count) * sizeof(double);
    if (bytes > always + 8 * largest_compression * static_cast<double>(file_bytes_))
        throw DataError(
            fmt::format("{}: {}: claims {} of numbers, which a file of {} bytes cannot hold; it is "
                        "damaged, make or copy it again",
                        path_, object, memory_text(bytes), file_bytes_));
    const double memory =
        static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (bytes > memory)
        throw DataError(
            fmt::format("{}: {}: its numbers take {} of memory, this machine has {}; choose "
                        "fewer examples, or a larger machine",
                        path_, object, memory_text(bytes), memory_text(memory)));
}

void InputFile::receive_numbers(const std::string& object, const RowRange& range,
                                std::vector<double>& values) const {
    const Channel& channel = reader_->channel();
    if (!channel.send_message(encode(Request{Question::numbers, object, encode(range)}))) fail(object);
    std::size_t done = 0;
    while (true) {
        Tag tag{};
        if (!channel.receive(&tag, sizeof tag)) fail(object);
        if (tag != Tag::numbers) {
            std::string message;
            if (!channel.receive_message(message)) fail(object);
            throw_if_error(tag, message);
            break;
        }
        std::uint64_t count = 0;
        if (!channel.receive(&count, sizeof count) || count > values.size() - done ||
            !channel.receive(values.data() + done, count * sizeof(double)))
            fail(object);
        done += count;
    }
    if (done != values.size()) fail(object);
}

Array<double> InputFile::read(const std::string& object) const {
    return read(object, describe(object), {});
}

Array<double> InputFile::read_rows(const std::string& object, std::uint64_t first,
                                   std::uint64_t count) const {
    NumberSet set = describe(object);
    if (set.shape.empty() || first > set.shape[0] || count > set.shape[0] - first)
        throw DataError(fmt::format("{}: {} has no rows {} to {}", path_, object, first, first + count - 1));
    if (set.shape[0] > 0) set.count = set.count / set.shape[0] * count;
    set.shape[0] = count;
    return read(object, std::move(set), {first, count});
}

Array<double> InputFile::read(const std::string& object, NumberSet set, const RowRange& range) const {
    check_size(object, set);
    Array<double> array{std::move(set.shape), {}};
    try {
        array.values.resize(set.count);
    } catch (const std::bad_alloc&) {
        throw DataError(fmt::format("{}: {}: its numbers take {} of memory, which are not to be had", path_,
                                    object, memory_text(static_cast<double>(set.count) * sizeof(double))));
    }
    receive_numbers(object, range, array.values);
    read_.insert(object);
    return array;
}

std::vector<std::string> InputFile::read_strings(const std::string& object) const {
    read_.insert(object);
    return decode_texts(ask(Question::strings, object));
}

std::string InputFile::read_text_attribute(const std::string& object, const std::string& name) const {
    read_.insert(attribute_name(object, name));
    return ask(Question::text_attribute, object, name);
}

std::int64_t InputFile::read_integer_attribute(const std::string& object, const std::string& name) const {
    read_.insert(attribute_name(object, name));
    return decode_integer(ask(Question::integer_attribute, object, name));
}

std::vector<double> InputFile::read_numbers_attribute(const std::string& object,
                                                      const std::string& name) const {
    read_.insert(attribute_name(object, name));
    return decode_numbers(ask(Question::numbers_attribute, object, name));
}

std::vector<std::string> InputFile::unread(const std::string& group) const {
    std::vector<std::string> names;
    for (const std::string& member : members(group)) {
        const std::string object = member_path(group, member);
        const bool is_read = std::any_of(read_.begin(), read_.end(), [&](const std::string& read) {
            return read == object || read.starts_with(object + "/");
        });
        if (!is_read) names.push_back(object);
    }
    for (const std::string& name : decode_texts(ask(Question::attributes, group)))
        if (!read_.contains(attribute_name(group, name))) names.push_back(attribute_name(group, name));
    return names;
}

}  // namespace attnpaths::h5
