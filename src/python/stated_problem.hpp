#pragma once

#include "theory/problem.hpp"

namespace attnpaths::python {

/// A network and its data as Python states them.
struct Statement {
    Matrix features;  ///< xi of the training examples, [P, N0 n], path by path
    Matrix targets;   ///< [P, D]
    Architecture architecture;
    double temperature = 0;
    double memory = 0;  ///< bytes, as run.memory_per_rank of a sweep
};

/// @throws UsageError naming the argument whose number makes no network
void check_numbers(const Statement& statement);

/// The problem of a grid point of the same data, made as sweeps make it: results are the same to the last
/// bit. All examples are its training set.
/// @throws DataError naming the array that is wrong; UsageError naming the argument
Problem stated_problem(Statement statement);

}  // namespace attnpaths::python
