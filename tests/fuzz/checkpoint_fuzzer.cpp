// States of chains and of sampling methods as a checkpoint gives them. The first byte says what the bytes
// are: a whole checkpoint, or a chain with either metric; a chain that was restored must be able to go on.
#include "base/error.hpp"
#include "sampling/chain.hpp"
#include "sampling/checkpoint.hpp"

#include <cstdint>
#include <string_view>

namespace {

using namespace attnpaths;

void restore_chain(std::string_view bytes, MetricKind metric) {
    SamplingTarget target;
    target.density.dimension = 2;
    target.density.value_and_gradient = [](const Vector& x, Vector& gradient) {
        gradient = -x;
        return -0.5 * x.squaredNorm();
    };
    target.nuts.warmup = 4;
    target.nuts.max_depth = 2;
    target.nuts.metric = metric;
    target.tracked = 1;
    target.averaged = 1;
    target.block = 2;
    target.keep_every = 2;
    target.observe = [](const Vector& x, Observation& observation) {
        observation.tracked = x.head(1);
        observation.averaged = x.head(1);
    };
    Chain chain(target, Vector::Ones(2), RandomStream(1, "fuzz", 0));
    chain.restore(bytes);
    if (chain.draws() < 1000) chain.advance(chain.draws() + 2, [] {});
    static_cast<void>(chain.block_means());
    static_cast<void>(chain.save());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        if (data[0] == 0)
            static_cast<void>(encode_checkpoint(decode_checkpoint(bytes)));
        else
            restore_chain(bytes, data[0] == 1 ? MetricKind::dense : MetricKind::diagonal);
    } catch (const Error&) {
    }
    return 0;
}
