#pragma once

#include "base/byte_stream.hpp"
#include "network/architecture.hpp"

namespace attnpaths {

enum class MetricKind { dense, diagonal };

/// Euclidean metric of a Hamiltonian sampler as the linear map C with C C' = covariance of the positions
/// (inverse mass matrix). Momenta are kept in the coordinates q = C' p, in which they are standard normal and
/// the kinetic energy is |q|^2/2 whatever the metric: the map only enters the equations of motion,
///     dx/dt = C q,   dq/dt = C' grad log density.
class Metric {
  public:
    /// The identity.
    Metric(MetricKind kind, Index dimension);
    /// @param covariance positive definite [d, d]
    static Metric dense(const Matrix& covariance);
    /// @param variances positive [d]
    static Metric diagonal(const Vector& variances);

    /// First part of a leapfrog step: q += step/2 C' gradient, then x += step C q.
    void kick_and_move(Vector& q, Vector& x, double step, const Vector& gradient) const;
    /// Last part of a leapfrog step: q += step/2 C' gradient.
    /// @returns |q|^2
    double kick(Vector& q, double step, const Vector& gradient) const;

    void save(ByteWriter& out) const;
    void restore(ByteReader& in);

  private:
    explicit Metric(Matrix factor) : kind_(MetricKind::dense), factor_(std::move(factor)) {}
    explicit Metric(Vector scale) : kind_(MetricKind::diagonal), scale_(std::move(scale)) {}

    MetricKind kind_;
    Matrix factor_;  // C of a dense metric, lower triangular
    Vector scale_;   // diagonal of C of a diagonal metric
};

/// Running covariance, or variances, of the positions of a warm-up window (Welford).
class MetricEstimator {
  public:
    MetricEstimator(MetricKind kind, Index dimension);

    void add(const Vector& x);
    /// The regularised metric of the positions so far, after which the estimator is empty again. A dense
    /// covariance is shrunk towards the identity with weight d/(n + d), so it is positive definite for any
    /// number of positions and keeps the scale of unknowns that have been brought to scale one; variances
    /// are shrunk as Stan does, n/(n + 5) of them and 5/(n + 5) of 0.001.
    Metric take();

    void save(ByteWriter& out) const;
    void restore(ByteReader& in);

  private:
    MetricKind kind_;
    double count_ = 0;
    Vector mean_;
    Matrix sum_;  // of products of deviations [d, d], or of their squares [d, 1]
};

}  // namespace attnpaths
