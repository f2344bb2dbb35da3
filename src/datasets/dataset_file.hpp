#pragma once

#include "datasets/dataset.hpp"
#include "h5/file.hpp"

#include <functional>
#include <string>

namespace attnpaths {

/// Reads a data set from an HDF5 file of version 1:
///   /SET/x [P, N0, tokens] or /SET/xi [P, N0, n], and /SET/y [P] or [P, D]; SET is train, test, or test-NAME
///   for further test sets. xi are path features computed elsewhere, xi_pi = sum_s x_s b^pi_s, without the
///   factor sigma_0/sqrt(N0 n); the last axis runs over all paths of the file's heads, h_1 slowest.
///   /heads/layerL/W [H, N0, N0], or Q and K [H, G, N0]; layers 1, 2, ... without gaps; optional names [H].
///   Root attributes: format = "attnpaths-dataset", version = 1, readout = average|first|last, attention =
///   softmax|hardmax; where every set gives xi, heads = "H_1:H_2:..." may stand in for /heads.
/// or of version 2, which may have more (README, "A transformer of your own"): /SET/lengths [P] or /SET/mask
///   [P, tokens]; /SET/attention/layerL [P, H, queries, keys] or /heads/layerL/attention [H, queries, keys]
///   in place of head weights; /SET/readout [P]; root attribute layout = tokens-first for x [P, tokens, N0].
///   Attention maps stay in the file, which the data set keeps open.
/// Two labels are mapped (map_labels). What is mapped, and what stands in the file and is not read, is said
/// in the data set's notes.
/// @throws InputError if the file is missing or unreadable, DataError if its content is wrong
Dataset read_dataset_file(const std::string& path);

/// Reads the heads of such a file, with attention and readout, and none of its examples, which may be
/// missing. They are meant for other tokens: W, or Q and K, without biases.
/// @throws InputError if the file is missing or unreadable, DataError if its content is wrong
Dataset read_dataset_heads(const std::string& path);

/// Writes a data set as read_dataset_file reads it; the file appears whole or not at all. Numbers that 32
/// bits hold exactly are stored in 32 bits.
/// @param single_precision  round x, xi and head weights to 32-bit numbers (targets are never rounded)
/// @param add_groups        writes further groups, which readers leave alone
/// @throws CreateError, OutputError; DataError if the data set itself is wrong (check_dataset)
void write_dataset_file(const Dataset& dataset, const std::string& path, bool single_precision = false,
                        const std::function<void(h5::File&)>& add_groups = {});

/// Writes what read_dataset_heads reads, and the root attributes of every data set file.
void write_dataset_heads(h5::File& file, const Dataset& dataset, bool single_precision = false);

/// Checks that sizes agree, nothing is empty and every number is finite.
/// @param file  named in messages
/// @throws DataError naming the first object that is wrong, as it is called in a data set file
void check_dataset(const Dataset& dataset, const std::string& file);

}  // namespace attnpaths
