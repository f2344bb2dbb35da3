#pragma once

#include "point/grid_point.hpp"
#include "store/store.hpp"
#include "store/store_view.hpp"

#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// Seconds that the chains of every point of a store took, all methods; 0 where none were run.
std::vector<double> sampling_seconds(const StoreView& store);

/// What points are expected to take, in seconds of one worker: their nominal costs times factors learned from
/// points that are done, those nearest in the grid first.
class CostModel {
  public:
    /// Takes what a done point took. Records without costs (of earlier versions) say nothing.
    void learn(const Record& record);
    /// Takes what all done points of a store took.
    void learn(const StoreView& store);

    /// The whole of a point.
    [[nodiscard]] double seconds(const GridPoint& point) const;
    /// What must not be interrupted lest it is lost: all but the chains, which go on from their checkpoints.
    [[nodiscard]] double indivisible_seconds(const GridPoint& point) const;

  private:
    /// Where a point is in the grid.
    struct Place {
        std::string heads;
        double width;
        double examples;
        double temperature;
    };
    /// Seconds of one point, as counted and as they were.
    struct Times {
        double nominal_theory;
        double nominal_sampling;
        double seconds;  ///< of the whole point
        double sampling_seconds;
    };
    struct Mean {
        double sum = 0;  ///< of log(seconds / nominal)
        int count = 0;
    };
    static Place place_of(const GridPoint& point);
    /// Names of a place's neighbourhoods, the closest first.
    static std::vector<std::string> neighbourhoods(const Place& place, const char* kind);
    void learn(const Place& place, const Times& times);
    void learn(const Place& place, const char* kind, double seconds, double nominal);
    [[nodiscard]] double factor(const GridPoint& point, const char* kind) const;

    std::map<std::string, Mean> means_;  // by neighbourhood
};

/// Notes what all points planned cost: those that are finished and those that are missing.
void note_costs(Store& store, const StoreView& finished, const NominalCost& missing);

}  // namespace attnpaths
