#include "training/pruning/pruning_file.hpp"

#include <utility>

namespace attnpaths {

namespace {

using Values = std::vector<double>;

class Group {
  public:
    Group(h5::File& file, std::string name) : file_(file), name_(std::move(name)) {}

    void write(const std::string& name, const Values& values, std::vector<hsize_t> shape,
               const std::string& description, const char* unit = "1") const {
        const std::string object = name_ + "/" + name;
        file_.write(object, {std::move(shape), values});
        file_.write_attribute(object, "description", description);
        file_.write_attribute(object, "unit", unit);
    }

    void write(const std::string& name, const Values& values, const std::string& description) const {
        write(name, values, {values.size()}, description);
    }

    /// Heads by number as their layers and places there, [rows, heads of a row].
    void write_heads(const std::vector<std::vector<Index>>& orders, const std::vector<Index>& heads,
                     bool one_row, const std::string& what) const {
        Values layer;
        Values place;
        for (const std::vector<Index>& order : orders) {
            for (const Index number : order) {
                const HeadPlace found = head_place(number, heads);
                layer.push_back(static_cast<double>(found.layer + 1));
                place.push_back(static_cast<double>(found.head + 1));
            }
        }
        const std::vector<hsize_t> shape = one_row
                                               ? std::vector<hsize_t>{layer.size()}
                                               : std::vector<hsize_t>{orders.size(), orders.front().size()};
        write("layer", layer, shape, "layer of " + what + ", counted from 1", "layer");
        write("head", place, shape, "place in its layer of " + what + ", counted from 1", "head");
    }

    void write_performance(const std::vector<Performance>& all, const std::string& when) const {
        const auto write_one = [&](const std::string& name, Estimate Performance::*part,
                                   const std::string& description) {
            Values values;
            Values errors;
            for (const Performance& performance : all) {
                values.push_back((performance.*part).value);
                errors.push_back((performance.*part).error);
            }
            write(name, values, description + " " + when);
            write(name + "_error", errors, "standard error of " + name);
        };
        write_one("accuracy", &Performance::accuracy, "fraction of cases answered rightly");
        write_one("change", &Performance::change, "accuracy minus that of the whole network, same cases,");
        write_one("loss", &Performance::loss, "mean of |f - y|^2");
    }

  private:
    h5::File& file_;
    std::string name_;
};

}  // namespace

void write_head_scores(h5::File& file, const Vector& scores, const std::vector<Index>& heads) {
    const Group group(file, "/heads");
    group.write("score", {scores.data(), scores.data() + scores.size()},
                "sum of |U_1| through the head / largest");
    std::vector<Index> all;
    for (Index number = 0; number < scores.size(); ++number) all.push_back(number);
    group.write_heads({all}, heads, true, "the head");
}

void write_elimination(h5::File& file, const Elimination& elimination, const std::vector<Index>& heads) {
    const Group group(file, "/evidence");
    const Vector& factors = elimination.log_bayes_factors;
    group.write("log_bayes_factor", {factors.data(), factors.data() + factors.size()},
                {static_cast<hsize_t>(factors.size())},
                "log p(y) less that of the network without this head alone, at infinite width", "nats");
    group.write_heads({elimination.order}, heads, true, "the head removed");
    Values log_evidence;
    Values temperature;
    Values variance;
    for (const KernelEvidence::Best& best : elimination.evidence) {
        log_evidence.push_back(best.log_evidence);
        temperature.push_back(best.temperature);
        variance.push_back(best.variance);
    }
    const std::vector<hsize_t> shape = {log_evidence.size()};
    group.write("log_evidence", log_evidence, shape, "greatest log p(y) after so many removals", "nats");
    group.write("temperature", temperature, "temperature of greatest evidence after so many removals");
    group.write("variance", variance, "prior variance of greatest evidence after so many removals");
}

void write_study(h5::File& file, const std::string& name, const std::string& description,
                 const PruningStudy& study, const std::vector<Index>& heads, Index cases) {
    Group(file, name + "/single").write_performance(study.single, "with this head removed alone");
    for (const auto& [order, curve] :
         {std::pair{"ascending", &study.ascending}, std::pair{"descending", &study.descending}}) {
        const Group group(file, name + "/" + order);
        group.write_heads({curve->order}, heads, true, "the head removed");
        group.write_performance(curve->performance, "after so many removals");
    }
    const Group random(file, name + "/random");
    std::vector<std::vector<Index>> orders;
    Values accuracies;
    for (const PruningCurve& curve : study.random.shuffles) {
        orders.push_back(curve.order);
        for (const Performance& performance : curve.performance)
            accuracies.push_back(performance.accuracy.value);
    }
    random.write_heads(orders, heads, false, "the head removed");
    random.write("accuracy_by_shuffle", accuracies, {orders.size(), study.random.mean.size()},
                 "fraction of cases answered rightly after so many removals, by shuffle");
    random.write_performance(study.random.mean, "after so many removals, mean over shuffles");
    random.write("band", study.random.band, "standard deviation of the accuracy among shuffles");

    file.write_attribute(name, "description", description);
    file.write_attribute(name, "cases", std::int64_t{cases});
    const Advantage& advantage = study.advantage;
    file.write_attribute(
        name, "advantage_description",
        "accuracy by ascending scores minus that of the control, mean over 1..K removals; unit 1");
    for (const auto& [control, estimate] :
         {std::pair{"random", advantage.over_random}, std::pair{"descending", advantage.over_descending}}) {
        const std::string attribute = std::string("advantage_over_") + control;
        file.write_number_attribute(name, attribute, estimate.value);
        file.write_number_attribute(name, attribute + "_error", estimate.error);
    }
    file.write_attribute(name, "shuffles_beaten", std::int64_t{advantage.shuffles_beaten});
    file.write_attribute(name, "shuffles_equalled", std::int64_t{advantage.shuffles_equalled});
}

}  // namespace attnpaths
