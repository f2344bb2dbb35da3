// Records, checkpoints and the messages between master and workers, chosen by the first byte.
#include "base/error.hpp"
#include "base/record.hpp"
#include "point/columns.hpp"
#include "run/protocol.hpp"
#include "sampling/checkpoint.hpp"
#include "store/file/result_checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void decode(int kind, std::string_view bytes) {
    switch (kind) {
        case 0: {
            attnpaths::Record record = attnpaths::decode_record(bytes);
            // Equal records have equal bytes.
            if (attnpaths::encode_record(record) != bytes) std::abort();
            attnpaths::fit_to_columns(record);
            static_cast<void>(attnpaths::matches_its_checksum(record));
            break;
        }
        case 1: {
            const attnpaths::Checkpoint checkpoint = attnpaths::decode_checkpoint(bytes);
            static_cast<void>(checkpoint.seconds());
            attnpaths::Checkpoint merged;
            merged.merge(checkpoint);
            attnpaths::decode_checkpoint(attnpaths::encode_checkpoint(merged));
            break;
        }
        case 2:
            for (const std::string& message : attnpaths::decode_batch(bytes)) decode(0, message);
            break;
        case 3:
            attnpaths::decode_result(bytes);
            break;
        case 4:
            attnpaths::decode_progress(bytes);
            break;
        default:
            attnpaths::decode_introduction(bytes);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr int kinds = 6;
    try {
        decode(data[0] % kinds, {reinterpret_cast<const char*>(data) + 1, size - 1});
    } catch (const attnpaths::Error&) {  // NOLINT(bugprone-empty-catch): reported, as it should be
    }
    return 0;
}
