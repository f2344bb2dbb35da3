#include "sampling/metric.hpp"

#include "base/matrix_stream.hpp"

#include <Eigen/Cholesky>

#include <algorithm>

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

void Metric::move(Vector& x, double step, const Vector& q) const {
    if (kind_ == MetricKind::dense)
        x.noalias() += factor_.triangularView<Eigen::Lower>() * (step * q);
    else
        x.array() += step * scale_.array() * q.array();
}

void Metric::kick(Vector& kicked, const Vector& q, double step, const Vector& gradient) const {
    if (kind_ == MetricKind::dense) {
        kicked = q;
        kicked.noalias() += factor_.transpose().triangularView<Eigen::Upper>() * (step * gradient);
    } else {
        kicked.array() = q.array() + step * scale_.array() * gradient.array();
    }
}

void Metric::save(ByteWriter& out) const {
    write_matrix(out, factor_);
    write_matrix(out, scale_);
}

void Metric::restore(ByteReader& in) {
    factor_ = read_matrix(in);
    scale_ = read_vector(in);
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
    mean_ = read_vector(in);
    sum_ = read_matrix(in);
}

}  // namespace attnpaths
