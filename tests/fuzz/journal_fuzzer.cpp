// Journals: the bytes of the file as they come, or, so that more than checksums is tried, payloads of entries
// that get right checksums here. What is read is put together as a sweep and the readers of a store do.
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/record.hpp"
#include "files/descriptor.hpp"
#include "store/log/journal.hpp"
#include "store/log/point_states.hpp"
#include "store/log/run_plan.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace {

/// A journal of entries whose payloads follow one another, each after its length of two bytes.
std::string framed(std::string_view rest) {
    std::string bytes("attnpaths-journal\n\2\0\0\0", 22);
    while (rest.size() > 2) {
        std::uint16_t length = 0;
        rest.copy(reinterpret_cast<char*>(&length), sizeof length);
        const std::string_view payload = rest.substr(sizeof length, length);
        rest.remove_prefix(sizeof length + payload.size());
        const auto size = static_cast<std::uint32_t>(payload.size());
        const std::uint64_t sum = attnpaths::checksum(payload.data(), payload.size());
        bytes.append("\xA7JRN");
        bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
        bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
        bytes.append(payload);
    }
    return bytes;
}

void read(const std::string& path, std::size_t size) {
    attnpaths::JournalReader reader(path);
    attnpaths::PointStates states;
    attnpaths::JournalEntry entry;
    while (reader.next(entry)) {
        try {
            states.add(entry);
            if (const auto* record = std::get_if<attnpaths::RecordEntry>(&entry))
                attnpaths::decode_record(record->bytes);
            if (const auto* plan = std::get_if<attnpaths::PlanEntry>(&entry))
                attnpaths::decode_plan(plan->json, path);
        } catch (const attnpaths::Error&) {  // NOLINT(bugprone-empty-catch): reported, as it should be
        }
    }
    if (reader.valid_bytes() > size || reader.torn_bytes() + reader.damaged_bytes() > size) std::abort();
    for (const attnpaths::JournalEntry& carried : states.carried()) states.add(carried);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string bytes = data[0] % 2 == 0 ? std::string(input) : framed(input);
    const attnpaths::Descriptor file(memfd_create("journal", MFD_CLOEXEC));
    if (write(file.number(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
    try {
        read(fmt::format("/proc/self/fd/{}", file.number()), bytes.size());
    } catch (const attnpaths::Error&) {  // NOLINT(bugprone-empty-catch): reported, as it should be
    }
    return 0;
}
