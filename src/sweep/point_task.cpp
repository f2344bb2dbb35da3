#include "sweep/point_task.hpp"

#include "base/standard_streams.hpp"
#include "store/columns.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace attnpaths {

std::string encode_task(const PointTask& task) {
    Record record = describe_point(task.point);
    record["checkpoint"] = encode_checkpoint(task.checkpoint);
    record["is_spread"] = std::int64_t{task.is_spread ? 1 : 0};
    if (task.chain) {
        record["chain"] = std::int64_t{task.chain->chain};
        record["method"] = task.chain->method;
    }
    return encode_record(record);
}

PointTask decode_task(std::string_view bytes) {
    const Record record = decode_record(bytes);
    PointTask task{point_of(record), decode_checkpoint(text_of(record, "checkpoint")), std::nullopt,
                   integer_of(record, "is_spread", 0) != 0};
    if (record.contains("chain"))
        task.chain = ChainTask{text_of(record, "method"), static_cast<int>(integer_of(record, "chain", 0))};
    return task;
}

void note_on_standard_error(const std::string& line) {
    print_error("attnpaths sweep: {}\n", line);
}

}  // namespace attnpaths
