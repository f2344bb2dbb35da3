#include "theory/problem.hpp"

namespace attnpaths {

DataTerm Problem::data_term() const {
    return {kernels(), training_->training_set(), temperature_};
}

const Matrix& Problem::data_term_hessian(DataTerm& data_term, const Matrix& U) const {
    const bool is_known = hessian_->U.size() == U.size() && hessian_->U == U;
    if (!is_known) {
        forget_hessian();  // the old goes before the new comes
        *hessian_ = {U, data_term.hessian(U)};
    }
    return hessian_->value;
}

Problem Problem::without(const Lesion& lesion) const {
    Architecture architecture = architecture_;
    architecture.heads = heads_left(lesion, architecture.heads);
    return {std::move(architecture), temperature_, training_->without(lesion)};
}

Predictor Problem::predictor(const Matrix& U) const {
    return {kernels(), y(), temperature_, U};
}

}  // namespace attnpaths
