#include "training/pruning/elimination.hpp"

#include "theory/head_kernels.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace attnpaths {

Elimination eliminate_by_evidence(TrainingKernels& training, const std::vector<Index>& kept) {
    const TrainingSet& set = training.training_set();
    const std::vector<Index>& heads = training.data().heads();
    HeadKernels kernels(set.features, heads, training.prefactor() * static_cast<double>(training.paths()));
    Elimination result;
    result.evidence.push_back(KernelEvidence(kernels.kernel(), set).best());
    const auto count = static_cast<Index>(kernels.lesion().size());
    const Lesion stays = lesion_of(kept, heads);
    result.log_bayes_factors.setConstant(count, std::numeric_limits<double>::quiet_NaN());
    for (;;) {
        Index next = -1;
        std::optional<KernelEvidence::Best> best;
        for (Index head = 0; head < count; ++head) {
            const bool is_kept = stays[static_cast<std::size_t>(head)];
            if (!kernels.can_go(head) || (is_kept && !result.order.empty())) continue;
            const KernelEvidence::Best without = KernelEvidence(kernels.kernel_without(head), set).best();
            if (result.order.empty())
                result.log_bayes_factors(head) = result.evidence.front().log_evidence - without.log_evidence;
            if (is_kept || (best && without.log_evidence <= best->log_evidence)) continue;
            next = head;
            best = without;
        }
        if (!best) return result;
        kernels.remove(next);
        result.order.push_back(next);
        result.evidence.push_back(*best);
    }
}

std::vector<Index> whole_order(const Elimination& elimination, const std::vector<Index>& heads) {
    std::vector<Index> order = elimination.order;
    const Lesion gone = lesion_of(order, heads);
    for (std::size_t head = 0; head < gone.size(); ++head)
        if (!gone[head]) order.push_back(static_cast<Index>(head));
    return order;
}

}  // namespace attnpaths
