#include "theory/training_set.hpp"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>

namespace attnpaths {

Index training_rows(Index examples, Index feature_columns) {
    return std::min(examples, feature_columns);
}

double TrainingSet::energy_constant(double temperature) const {
    const auto dropped = static_cast<double>((examples - features.rows()) * y.cols());
    return dropped * std::log(temperature) + unreachable_power / temperature;
}

TrainingSet make_training_set(const Matrix& features, const Matrix& y) {
    TrainingSet set;
    set.examples = features.rows();
    const Index rows = training_rows(features.rows(), features.cols());
    if (rows == features.rows()) {
        set.features = features;
        set.y = y;
        return set;
    }
    const Eigen::HouseholderQR<Matrix> qr(features);
    set.features = qr.matrixQR().topRows(rows).triangularView<Eigen::Upper>();
    const Matrix rotated = qr.householderQ().adjoint() * y;
    set.y = rotated.topRows(rows);
    set.unreachable_power = rotated.bottomRows(features.rows() - rows).squaredNorm();
    return set;
}

}  // namespace attnpaths
