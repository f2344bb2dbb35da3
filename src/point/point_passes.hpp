#pragma once

#include "analyses/context.hpp"
#include "point/point_task.hpp"
#include "theory/training_kernels.hpp"

#include <memory>
#include <optional>
#include <string>

namespace attnpaths {

/// Runs the passes over a point's examples as work that others can take part in (PointSampler): they go on
/// from the point's checkpoint and are saved in it. As long as it lives, the point's training examples have
/// their passes run by it.
class PointPasses {
  public:
    /// @param context  of the point; referred to
    /// @param part     of the point that was asked for, if it was not the whole
    PointPasses(std::shared_ptr<TrainingKernels> training, const Context& context,
                const std::optional<PointPart>& part);
    ~PointPasses();
    PointPasses(const PointPasses&) = delete;
    PointPasses& operator=(const PointPasses&) = delete;

  private:
    /// @throws HandedBack, and whatever the hooks throw: the checkpoint is up to date
    void run(const StrandPass& pass, const TakeStrand& take);
    /// The name of a pass among the checkpoint's methods.
    std::string name_of(const StrandPass& pass);
    [[nodiscard]] bool can_be_shared(const StrandPass& pass, const std::string& name) const;
    [[nodiscard]] PointHooks hooks_for(const StrandPass& pass) const;

    std::shared_ptr<TrainingKernels> training_;
    const Context& context_;
    const std::optional<PointPart>& part_;
    std::string analysis_;  // key of the one whose passes are counted
    int passes_ = 0;
};

}  // namespace attnpaths
