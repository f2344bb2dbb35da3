#pragma once

#include "tasks/graph/graph.hpp"

#include <string>

namespace attnpaths {

/// Reads a graph from files, each a text (numbers between blanks, # begins a comment) or HDF5:
///   edges     two nodes a line, counted from 0; HDF5: /edges [E, 2]
///   labels    one for each node, a number or a word; HDF5: /labels [M]. Two become -1 and +1 in ascending
///             order, more of them classes with an output each
///   features  a line for each node; HDF5: /features [M, N0]. Without this file, one-hot: which node it is
/// @param features  path, or "" for none
/// @throws InputError if a file is missing, DataError naming file and line (or object) of what is wrong
Graph read_graph(const std::string& edges, const std::string& features, const std::string& labels);

}  // namespace attnpaths
