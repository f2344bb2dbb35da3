#include "sampling/metric.hpp"

#include "base/matrix_stream.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <utility>

namespace attnpaths {

Metric::Metric(MetricKind kind, Index dimension) : kind_(kind) {
    if (kind_ == MetricKind::dense)
        factor_ = Matrix::Identity(dimension, dimension);
    else
        scale_ = Vector::Ones(dimension);
}

Metric Metric::dense(const Matrix& covariance) {
    return Metric(Matrix(Eigen::LLT<Matrix>(covariance).matrixL()));
}

Metric Metric::diagonal(const Vector& variances) {
    return Metric(Vector(variances.cwiseSqrt()));
}

// Long vectors pass through the nearest cache once, piece by piece: at the widths where a diagonal metric is
// used, passes over them are what a sampler costs beyond its gradients.
constexpr Index piece = 1024;

void Metric::kick_and_move(Vector& q, Vector& x, double step, const Vector& gradient) const {
    if (kind_ == MetricKind::dense) {
        q.noalias() += factor_.transpose().triangularView<Eigen::Upper>() * (step / 2 * gradient);
        x.noalias() += factor_.triangularView<Eigen::Lower>() * (step * q);
        return;
    }
    for (Index start = 0; start < x.size(); start += piece) {
        const Index length = std::min(piece, x.size() - start);
        const auto scale = scale_.segment(start, length).array();
        auto momentum = q.segment(start, length).array();
        momentum += step / 2 * scale * gradient.segment(start, length).array();
        x.segment(start, length).array() += step * scale * momentum;
    }
}

double Metric::kick(Vector& q, double step, const Vector& gradient) const {
    if (kind_ == MetricKind::dense) {
        q.noalias() += factor_.transpose().triangularView<Eigen::Upper>() * (step / 2 * gradient);
        return q.squaredNorm();
    }
    double norm = 0;
    for (Index start = 0; start < q.size(); start += piece) {
        const Index length = std::min(piece, q.size() - start);
        auto momentum = q.segment(start, length);
        momentum.array() +=
            step / 2 * scale_.segment(start, length).array() * gradient.segment(start, length).array();
        norm += momentum.squaredNorm();
    }
    return norm;
}

void Metric::save(ByteWriter& out) const {
    write_matrix(out, factor_);
    write_matrix(out, scale_);
}

void Metric::restore(ByteReader& in) {
    Matrix factor = read_matrix(in);
    Vector scale = read_vector(in);
    if (factor.rows() != factor_.rows() || factor.cols() != factor_.cols() || scale.size() != scale_.size())
        return in.fail();
    factor_ = std::move(factor);
    scale_ = std::move(scale);
}

MetricEstimator::MetricEstimator(MetricKind kind, Index dimension)
    : kind_(kind),
      mean_(Vector::Zero(dimension)),
      sum_(Matrix::Zero(dimension, kind == MetricKind::dense ? dimension : 1)) {}

void MetricEstimator::add(const Vector& x) {
    ++count_;
    const Vector before = x - mean_;
    mean_ += before / count_;
    if (kind_ == MetricKind::dense)
        sum_ += before * (x - mean_).transpose();
    else
        sum_ += before.cwiseProduct(x - mean_);
}

Metric MetricEstimator::take() {
    const auto dimension = static_cast<double>(mean_.size());
    const double divisor = std::max(1.0, count_ - 1);
    Metric metric(MetricKind::diagonal, 0);
    if (kind_ == MetricKind::dense) {
        const double weight = count_ / (count_ + dimension);
        Matrix covariance = (sum_ + sum_.transpose()) * (weight / divisor / 2);
        covariance.diagonal().array() += 1 - weight;
        metric = Metric::dense(covariance);
    } else {
        const double weight = count_ / (count_ + 5);
        metric = Metric::diagonal((sum_.col(0) * (weight / divisor)).array() + 1e-3 * (1 - weight));
    }
    *this = MetricEstimator(kind_, mean_.size());
    return metric;
}

void MetricEstimator::save(ByteWriter& out) const {
    out.number(count_);
    write_matrix(out, mean_);
    write_matrix(out, sum_);
}

void MetricEstimator::restore(ByteReader& in) {
    count_ = in.number<double>();
    Vector mean = read_vector(in);
    Matrix sum = read_matrix(in);
    if (mean.size() != mean_.size() || sum.rows() != sum_.rows() || sum.cols() != sum_.cols())
        return in.fail();
    mean_ = std::move(mean);
    sum_ = std::move(sum);
}

}  // namespace attnpaths
