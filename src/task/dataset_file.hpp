#pragma once

#include "task/dataset.hpp"

#include <string>

namespace attnpaths {

/// Reads a data set from an HDF5 file:
///   /SET/x [P, N0, tokens] or /SET/xi [P, N0, n], and /SET/y [P] or [P, D]; SET is train, test, or test-NAME
///   for further test sets. xi are path features computed elsewhere, xi_pi = sum_s x_s b^pi_s, without the
///   factor sigma_0/sqrt(N0 n); the last axis runs over all paths of the file's heads, h_1 slowest.
///   /heads/layerL/W [H, N0, N0], or Q and K [H, G, N0]; layers 1, 2, ... without gaps; optional names [H].
///   Root attributes: format = "attnpaths-dataset", version = 1, readout = average|first|last, attention =
///   softmax|hardmax; where every set gives xi, heads = "H_1:H_2:..." may stand in for /heads.
/// Other groups are left alone.
/// @throws InputError if the file is missing or unreadable, DataError if its content is wrong
Dataset read_dataset_file(const std::string& path);

/// Writes a data set as read_dataset_file reads it; the file appears whole or not at all.
/// @param single_precision  store x, xi and head weights as 32-bit numbers (targets stay 64-bit)
/// @throws CreateError, OutputError; DataError if the data set itself is wrong (check_dataset)
void write_dataset_file(const Dataset& dataset, const std::string& path, bool single_precision = false);

/// Checks that sizes agree, nothing is empty and every number is finite.
/// @param file  named in messages
/// @throws DataError naming the first object that is wrong, as it is called in a data set file
void check_dataset(const Dataset& dataset, const std::string& file);

}  // namespace attnpaths
