#include "h5/input_file.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "files/posix_file.hpp"
#include "h5/local_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <string_view>
#include <unistd.h>

namespace attnpaths::h5 {

enum class InputFile::Question : std::uint8_t {
    open,
    has,
    has_attribute,
    members,
    attributes,
    is_text,
    describe,
    numbers,
    strings,
    text_attribute,
    integer_attribute,
    numbers_attribute,
    structure
};

namespace {

/// What every piece of an answer begins with.
/// refused: the system refused to read, so nothing is known of the file; error: the file is at fault.
enum class Tag : std::uint8_t { answer, numbers, error, refused };

/// The channel is closed: the other side will not miss what is not sent.
struct ChannelClosed {};

void require(bool is_open) {
    if (!is_open) throw ChannelClosed();
}

void throw_if_error(Tag tag, const std::string& message) {
    if (tag == Tag::refused) throw OutputError(message);
    if (tag == Tag::error) throw DataError(message);
}

void send_tagged(const Channel& channel, Tag tag, const std::string& message) {
    require(channel.send(&tag, sizeof tag));
    require(channel.send_message(message));
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

void write_texts(ByteWriter& writer, const std::vector<std::string>& texts) {
    writer.number(static_cast<std::uint64_t>(texts.size()));
    for (const std::string& text : texts) writer.text(text);
}

std::vector<std::string> read_texts(const std::string& bytes) {
    ByteReader reader(bytes);
    std::vector<std::string> texts;
    for (auto left = reader.number<std::uint64_t>(); left > 0 && !reader.failed(); --left)
        texts.emplace_back(reader.text());
    return texts;
}

std::string encode(const NumberSet& set) {
    ByteWriter writer;
    for (const std::uint64_t number : {set.stored_bytes, set.rows_at_a_time, std::uint64_t{set.is_integer}})
        writer.number(number);
    for (const hsize_t length : set.shape) writer.number(static_cast<std::uint64_t>(length));
    return writer.take();
}

NumberSet decode_number_set(const std::string& bytes, const std::string& where) {
    ByteReader reader(bytes);
    NumberSet set;
    set.stored_bytes = reader.number<std::uint64_t>();
    set.rows_at_a_time = reader.number<std::uint64_t>();
    set.is_integer = reader.number<std::uint64_t>() != 0;
    while (reader.left() > 0) set.shape.push_back(reader.number<std::uint64_t>());
    set.count = element_count(set.shape, sizeof(double), where);
    return set;
}

/// A question for numbers has its range where others have the name of an attribute.
std::string encode(const RowRange& range) {
    ByteWriter writer;
    writer.number(range.first);
    writer.number(range.count);
    return writer.take();
}

RowRange decode_range(const std::string& bytes) {
    ByteReader reader(bytes);
    RowRange range;
    range.first = reader.number<std::uint64_t>();
    range.count = reader.number<std::uint64_t>();
    return range;
}

std::string attribute_name(const std::string& object, const std::string& name) {
    return object == "/" ? "attribute " + name : fmt::format("{} attribute {}", object, name);
}

constexpr double gibibyte = 1073741824;

}  // namespace

std::string InputFile::answer(const LocalFile& file, Question question, const std::string& object,
                              const std::string& name) {
    ByteWriter writer;
    switch (question) {
        case Question::has:
            writer.number(std::uint8_t{file.has(object)});
            break;
        case Question::has_attribute:
            writer.number(std::uint8_t{file.has_attribute(object, name)});
            break;
        case Question::members:
            write_texts(writer, file.members(object));
            break;
        case Question::attributes:
            write_texts(writer, file.attributes(object));
            break;
        case Question::is_text:
            writer.number(std::uint8_t{file.is_text(object)});
            break;
        case Question::describe:
            return encode(file.describe(object));
        case Question::strings:
            write_texts(writer, file.read_strings(object));
            break;
        case Question::text_attribute:
            return file.read_text_attribute(object, name);
        case Question::integer_attribute:
            writer.number(file.read_integer_attribute(object, name));
            break;
        case Question::numbers_attribute:
            for (const double value : file.read_numbers_attribute(object, name)) writer.number(value);
            break;
        case Question::structure:
            file.check_structure();
            break;
        case Question::open:
        case Question::numbers:
            break;
    }
    return writer.take();
}

void InputFile::serve(const std::string& path, const Channel& channel) {
    std::unique_ptr<LocalFile> file;
    std::string request;
    while (channel.receive_message(request)) {
        limit_next_step(0);
        ByteReader reader(request);
        const auto question = static_cast<Question>(reader.number<std::uint8_t>());
        const std::string object(reader.text());
        const std::string name(reader.text());
        try {
            if (question == Question::open) file = std::make_unique<LocalFile>(path);
            if (question == Question::numbers)
                file->read(object, decode_range(name), [&](std::span<const double> block) {
                    constexpr Tag tag = Tag::numbers;
                    const std::uint64_t count = block.size();
                    require(channel.send(&tag, sizeof tag) && channel.send(&count, sizeof count) &&
                            channel.send(block.data(), block.size_bytes()));
                });
            const std::string found = answer(*file, question, object, name);
            if (found.size() > Channel::largest_message)
                throw DataError(fmt::format("{}: {}: is larger than anything of this kind", path, object));
            send_tagged(channel, Tag::answer, found);
        } catch (const Error& error) {
            send_tagged(channel, error.code() == ExitCode::output_error ? Tag::refused : Tag::error,
                        error.what());
        } catch (const std::bad_alloc&) {
            send_tagged(channel, Tag::error,
                        fmt::format("{}: {}: asks for more memory than there is", path, object));
        }
    }
}

InputFile::InputFile(const std::string& path) : path_(path) {
    const PosixFile file = open_regular(path);
    if (!has_signature(file)) throw DataError(path + ": is not an HDF5 file");
    file_bytes_ = file.size();
    reader_ = std::make_unique<ReaderProcess>(path, [&](const Channel& channel) { serve(path, channel); });
    static_cast<void>(ask(Question::open, ""));
}

void InputFile::fail(const std::string& object) const {
    throw DataError(
        fmt::format("{}: {}{}", path_, object.empty() ? "" : object + " ", reader_->cause_of_death()));
}

std::string InputFile::ask(Question question, const std::string& object, const std::string& name) const {
    ByteWriter request;
    request.number(static_cast<std::uint8_t>(question));
    request.text(object);
    request.text(name);
    Tag tag{};
    std::string message;
    const Channel& channel = reader_->channel();
    if (!channel.send_message(request.take()) || !channel.receive(&tag, sizeof tag) ||
        !channel.receive_message(message))
        fail(object);
    throw_if_error(tag, message);
    return message;
}

void InputFile::check_structure() const {
    static_cast<void>(ask(Question::structure, ""));
}

bool InputFile::has(const std::string& object) const {
    return ask(Question::has, object) != std::string(1, '\0');
}

bool InputFile::has_attribute(const std::string& object, const std::string& name) const {
    return ask(Question::has_attribute, object, name) != std::string(1, '\0');
}

std::vector<std::string> InputFile::members(const std::string& group) const {
    return read_texts(ask(Question::members, group));
}

bool InputFile::is_text(const std::string& object) const {
    return ask(Question::is_text, object) != std::string(1, '\0');
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
            fmt::format("{}: {}: claims {:.3g} GiB of numbers, which a file of {} bytes cannot hold; it is "
                        "damaged, make or copy it again",
                        path_, object, bytes / gibibyte, file_bytes_));
    const double memory =
        static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (bytes > memory)
        throw DataError(
            fmt::format("{}: {}: its numbers take {:.3g} GiB of memory, this machine has {:.3g} GiB; choose "
                        "fewer examples, or a larger machine",
                        path_, object, bytes / gibibyte, memory / gibibyte));
}

void InputFile::receive_numbers(const std::string& object, const RowRange& range,
                                std::vector<double>& values) const {
    const Channel& channel = reader_->channel();
    ByteWriter request;
    request.number(static_cast<std::uint8_t>(Question::numbers));
    request.text(object);
    request.text(encode(range));
    if (!channel.send_message(request.take())) fail(object);
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
        throw DataError(fmt::format("{}: {}: its numbers take {:.3g} GiB of memory, which are not to be had",
                                    path_, object,
                                    static_cast<double>(set.count) * sizeof(double) / gibibyte));
    }
    receive_numbers(object, range, array.values);
    read_.insert(object);
    return array;
}

std::vector<std::string> InputFile::read_strings(const std::string& object) const {
    read_.insert(object);
    return read_texts(ask(Question::strings, object));
}

std::string InputFile::read_text_attribute(const std::string& object, const std::string& name) const {
    read_.insert(attribute_name(object, name));
    return ask(Question::text_attribute, object, name);
}

std::int64_t InputFile::read_integer_attribute(const std::string& object, const std::string& name) const {
    read_.insert(attribute_name(object, name));
    const std::string bytes = ask(Question::integer_attribute, object, name);
    return ByteReader(bytes).number<std::int64_t>();
}

std::vector<double> InputFile::read_numbers_attribute(const std::string& object,
                                                      const std::string& name) const {
    read_.insert(attribute_name(object, name));
    const std::string bytes = ask(Question::numbers_attribute, object, name);
    ByteReader reader(bytes);
    std::vector<double> values;
    while (reader.left() > 0 && !reader.failed()) values.push_back(reader.number<double>());
    return values;
}

std::vector<std::string> InputFile::unread(const std::string& group) const {
    std::vector<std::string> names;
    for (const std::string& member : members(group)) {
        const std::string object = (group == "/" ? "" : group) + "/" + member;
        const bool is_read = std::any_of(read_.begin(), read_.end(), [&](const std::string& read) {
            return read == object || read.starts_with(object + "/");
        });
        if (!is_read) names.push_back(object);
    }
    for (const std::string& name : read_texts(ask(Question::attributes, group)))
        if (!read_.contains(attribute_name(group, name))) names.push_back(attribute_name(group, name));
    return names;
}

}  // namespace attnpaths::h5
