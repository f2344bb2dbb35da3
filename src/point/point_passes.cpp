#include "point/point_passes.hpp"

#include "analyses/samples/point_sampler.hpp"
#include "point/strand_ensemble.hpp"

#include <utility>

namespace attnpaths {

PointPasses::PointPasses(std::shared_ptr<TrainingKernels> training, const Context& context,
                         const std::optional<PointPart>& part)
    : training_(std::move(training)), context_(context), part_(part) {
    training_->run_passes_by([this](const StrandPass& pass, const TakeStrand& take) { run(pass, take); });
}

PointPasses::~PointPasses() {
    training_->run_passes_by(run_pass);
}

std::string PointPasses::name_of(const StrandPass& pass) {
    if (pass.is_folding()) return folding_method;
    if (context_.analysis_key != analysis_) passes_ = 0;
    analysis_ = context_.analysis_key;
    return pass_method(analysis_, ++passes_);
}

PointHooks PointPasses::hooks_for(const StrandPass& pass) const {
    PointHooks hooks = context_.hooks;
    if (part_)
        hooks.others_are_idle = [] { return false; };
    else if (context_.is_spread)
        hooks.others_are_idle = [] { return true; };
    if (pass.is_folding()) return hooks;
    // What the checkpoint has of other passes is not kept beyond the run.
    hooks.poll_chain = hooks.poll;
    hooks.wants_checkpoint = [] { return false; };
    return hooks;
}

bool PointPasses::can_be_shared(const StrandPass& pass, const std::string& name) const {
    const Checkpoint& checkpoint = context_.checkpoint;
    if (checkpoint.methods.contains(name)) return true;
    // Without what was folded others would have to fold all of it.
    const bool has_base = pass.is_folding() || checkpoint.methods.contains(folding_method);
    return has_base && checkpoint.bytes() + pass.state_bytes() <= most_shared_bytes;
}

void PointPasses::run(const StrandPass& pass, const TakeStrand& take) {
    const std::string name = name_of(pass);
    if (!can_be_shared(pass, name)) {
        run_pass(pass, take);
        return;
    }
    const PointHooks hooks = hooks_for(pass);
    // Whether more of a pass is worth handing back is known after its first block.
    Context context{
        context_.inputs,      hooks, context_.point, pass.is_folding() ? "" : context_.analysis_key,
        context_.stream_seed, false, context_.memo,  context_.checkpoint};
    PointSampler<StrandEnsemble> sampler(
        name, context, [&](EnsembleState state) { return StrandEnsemble(pass, std::move(state)); });
    if (part_ && part_->method == name) {
        sampler.advance_some(part_->pieces);
        throw HandedBack();
    }
    sampler.finish_round();
    for (const std::string& state : sampler.ensemble().take()) take(state);
}

}  // namespace attnpaths
