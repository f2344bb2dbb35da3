#include "analyses/scores/scores.hpp"

#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/head_scores.hpp"

namespace attnpaths {

Analysis scores_analysis() {
    Analysis analysis;
    analysis.name = "scores";
    analysis.summary = "how much of U_1 goes through each head and each path";
    analysis.source = "Tiberi et al. 2024, head scores for pruning; theory/README.md section 7";
    analysis.needs = {"saddle-point"};
    analysis.columns = {
        {"theory/head_scores", ColumnType::array, "[sum H_l]", "",
         "s(l,h): sum |U_1| through head h of layer l / largest, layer by layer"},
        {"theory/path_scores", ColumnType::array, "[n]", "", "sum |U_1| through a path / largest"},
    };
    analysis.cost = [](const ProblemSize&, const Settings&) -> NominalCost { return {}; };
    analysis.run = [](const Problem& problem, const Record& needed, Record& own, Context&) {
        const Architecture& architecture = problem.architecture();
        const Matrix U = saddle_point_of(problem, needed).order_parameters.U.front();
        own["theory/head_scores"] = array_of(head_scores(U, architecture.heads, architecture.outputs));
        own["theory/path_scores"] = array_of(path_scores(U, architecture.heads, architecture.outputs));
    };
    return analysis;
}

}  // namespace attnpaths
