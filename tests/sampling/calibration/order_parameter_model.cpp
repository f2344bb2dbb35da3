#include "sampling/calibration/order_parameter_model.hpp"

#include "sampling/lower_triangle.hpp"
#include "sampling/order_parameter_target.hpp"
#include "theory/predictor.hpp"
#include "theory/saddle_point.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace attnpaths::testing {

namespace {

/// What a wrong density has more than the right one, at the unknowns; adds to the gradient.
using Mistake = std::function<double(const Vector& unknowns, Vector& gradient)>;

/// `weight(i)` times log B_ii of every level.
Mistake diagonal_powers(const WhitenedCoordinates& coordinates, const std::function<double(Index)>& weight) {
    Vector powers = Vector::Zero(coordinates.size());
    for (const WhitenedCoordinates::Level& level : coordinates.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            if (i == j) powers(index) = weight(i);
        });
    return [powers](const Vector& unknowns, Vector& gradient) {
        gradient += powers;
        return powers.dot(unknowns);
    };
}

class OrderParametersUnderTest : public PosteriorUnderTest {
  public:
    OrderParametersUnderTest(const JointModel& model, const SmallProblem& problem, const PathKernels& kernels,
                             const Matrix& y, JointModel::Scale scale, OrderParameterVariant variant)
        : model_(model),
          problem_(problem),
          kernels_(kernels),
          y_(y),
          data_term_(kernels, y, problem.temperature),
          posterior_(problem.architecture, &data_term_),
          prior_(problem.architecture, nullptr),
          scale_(scale_of(scale)),
          target_(order_parameter_target(posterior_, scale_)) {
        if (const Mistake mistake = mistake_of(variant)) make(mistake);
    }

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] Vector position_of(const Vector& unknowns) const override {
        return scale_.factor.triangularView<Eigen::Upper>().solve(unknowns - scale_.centre);
    }
    [[nodiscard]] Vector unknowns_of(const Vector& position) const override {
        return scale_.unknowns(position);
    }
    [[nodiscard]] Vector quantities_of(const Vector& position) const override {
        return model_.quantities_of(unknowns_of(position), y_);
    }
    Vector draw_test_output(const Vector& position, RandomStream& random) const override {
        const Matrix U =
            WhitenedCoordinates::path_order_parameter(posterior_.coordinates().expand(unknowns_of(position)));
        const Prediction f =
            Predictor(kernels_, y_, problem_.temperature, U).predict(problem_.test_features());
        Vector drawn = f.mean.transpose();
        for (Index d = 0; d < drawn.size(); ++d) drawn(d) += std::sqrt(f.variance(0, d)) * random.normal();
        return drawn;
    }

  private:
    /// As production chooses it: the saddle point with its Hessian at full rank, the prior otherwise.
    NormalScale scale_of(JointModel::Scale scale) {
        if (scale == JointModel::Scale::of_prior ||
            posterior_.coordinates().size() != WhitenedCoordinates(problem_.architecture).size())
            return {posterior_.prior_mode(),
                    posterior_.prior_scale().cwiseAbs2().cwiseInverse().asDiagonal()};
        return saddle_point_scale(problem_.architecture, data_term_,
                                  solve_saddle_point(problem_.architecture, data_term_, {}).unknowns);
    }

    Mistake mistake_of(OrderParameterVariant variant) {
        switch (variant) {
            case OrderParameterVariant::exact:
                return {};
            case OrderParameterVariant::degrees:
                return diagonal_powers(posterior_.coordinates(), [](Index) { return 1.0; });
            case OrderParameterVariant::limit_degrees:
                return diagonal_powers(posterior_.coordinates(),
                                       [](Index i) { return static_cast<double>(i); });
            case OrderParameterVariant::no_jacobian:
                return diagonal_powers(posterior_.coordinates(), [](Index) { return -1.0; });
            case OrderParameterVariant::half_energy:
                // The likelihood is what the posterior has beyond the prior.
                return [with = posterior_.log_density(), without = prior_.log_density()](
                           const Vector& unknowns, Vector& gradient) {
                    Vector gradient_with;
                    Vector gradient_without;
                    const double log_likelihood = with.value_and_gradient(unknowns, gradient_with) -
                                                  without.value_and_gradient(unknowns, gradient_without);
                    gradient -= (gradient_with - gradient_without) / 2;
                    return -log_likelihood / 2;
                };
        }
        return {};
    }

    void make(const Mistake& mistake) {
        target_.density.together = nullptr;  // knows no mistake
        target_.density.value_and_gradient = [this, mistake, right = target_.density.value_and_gradient](
                                                 const Vector& position, Vector& gradient) {
            const double value = right(position, gradient);
            if (!std::isfinite(value)) return value;
            Vector more = Vector::Zero(position.size());
            const double wrong = value + mistake(unknowns_of(position), more);
            gradient.noalias() += scale_.factor.transpose() * more;
            return wrong;
        };
    }

    const JointModel& model_;
    const SmallProblem& problem_;
    const PathKernels& kernels_;
    Matrix y_;
    DataTerm data_term_;
    OrderParameterPosterior posterior_;
    OrderParameterPosterior prior_;
    NormalScale scale_;
    SamplingTarget target_;
};

}  // namespace

OrderParameterModel::OrderParameterModel(SmallProblem problem, OrderParameterVariant variant)
    : problem_(std::move(problem)),
      variant_(variant),
      coordinates_(problem_.architecture, WhitenedCoordinates::Rank::of_width),
      kernels_(problem_.features(), problem_.architecture.paths(), problem_.architecture.outputs,
               problem_.prefactor(), KernelStorage::features),
      all_features_(problem_.all_features()) {}

/// Bartlett's decomposition of the Wishart law, level by level.
Vector OrderParameterModel::draw_unknowns(RandomStream& random) const {
    Vector unknowns(coordinates_.size());
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            unknowns(index) =
                i == j ? std::log(random.chi(level.width - static_cast<double>(i)) / std::sqrt(level.width))
                       : random.normal() / std::sqrt(level.width);
        });
    return unknowns;
}

/// f_d(x) = sum_pi xi_pi(x) . m_(pi d), where m = sqrt(sigma_0^2 / (N0 n)) (normal matrix) A_1' has the
/// covariance that makes f a Gaussian process with kernel K(U_1).
JointModel::Data OrderParameterModel::draw_data(const Vector& unknowns, RandomStream& random) const {
    const Matrix A = coordinates_.expand(unknowns).A.back();
    const Index outputs = problem_.architecture.outputs;
    const Index width = problem_.input_width;
    Matrix normals(width, A.cols());
    for (double& element : normals.reshaped()) element = random.normal();
    const Matrix m = std::sqrt(problem_.prefactor()) * normals * A.transpose();
    Matrix f = Matrix::Zero(all_features_.rows(), outputs);
    for (Index path = 0; path < problem_.architecture.paths(); ++path)
        f += all_features_.middleCols(path * width, width) * m.middleCols(path * outputs, outputs);
    Data data{f.topRows(problem_.examples), f.bottomRows(1).transpose()};
    for (double& element : data.y.reshaped()) element += std::sqrt(problem_.temperature) * random.normal();
    return data;
}

std::vector<std::string> OrderParameterModel::quantities() const {
    std::vector<std::string> names;
    const auto add = [&](const std::string& matrix, Index size) {
        for (Index j = 0; j < size; ++j)
            for (Index i = j; i < size; ++i) names.push_back(fmt::format("{}({},{})", matrix, i + 1, j + 1));
    };
    const OrderParameters shapes =
        WhitenedCoordinates::order_parameters(coordinates_.expand(Vector::Zero(coordinates_.size())));
    for (std::size_t l = 0; l < shapes.U.size(); ++l) add(fmt::format("U_{}", l + 1), shapes.U[l].rows());
    add("U_a", shapes.U_a.rows());
    for (std::size_t k = 0; k < coordinates_.levels().size(); ++k)
        for (Index i = 0; i < coordinates_.levels()[k].columns; ++i)
            names.push_back(k == 0
                                ? fmt::format("log B_a({0},{0})", i + 1)
                                : fmt::format("log B_{0}({1},{1})", coordinates_.levels().size() - k, i + 1));
    names.emplace_back("log likelihood");
    return names;
}

Vector OrderParameterModel::quantities_of(const Vector& unknowns, const Matrix& y) const {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const OrderParameters order_parameters = WhitenedCoordinates::order_parameters(point);
    std::vector<double> values;
    const auto add = [&](const Vector& more) { values.insert(values.end(), more.begin(), more.end()); };
    for (const Matrix& U : order_parameters.U) add(lower_triangle(U));
    add(lower_triangle(order_parameters.U_a));
    for (const Matrix& B : point.B) add(B.diagonal().array().log());
    Matrix ignored;
    values.push_back(
        -DataTerm(kernels_, y, problem_.temperature).value_and_gradient(order_parameters.U.front(), ignored) /
        2);
    return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
}

std::unique_ptr<PosteriorUnderTest> OrderParameterModel::posterior(const Matrix& y, Scale scale) const {
    return std::make_unique<OrderParametersUnderTest>(*this, problem_, kernels_, y, scale, variant_);
}

}  // namespace attnpaths::testing
