#!/usr/bin/env python3
"""Make tests/data/markov-4paths-small.h5, the reference values that the tests compare with.

usage: make_fixture.py SRC [OUT]

SRC is the reference file of the hidden-Markov task, computed with the public code of arXiv:2405.15926 in double
precision (minimisers of the action to a gradient below 1e-13). OUT (default: markov-4paths-small.h5 beside this script)
is a data set file of path features, with the reference values in further groups:

  /train/xi, y      all 100 training examples, path features without the factor 1/sqrt(N0 n); heads = "2:2"
  /test/xi, y       20 test points, the first 10 of each class; attribute `index`: their places in SRC
  /reference/N10, N100, N1000
                    the authors' minimiser at all widths = N, temperature 0.01, variances 1: U_1, U_2 and attributes U_a,
                    action, energy, entropy; hessian_eigenvalues; heads_score (with heads_score_layer, heads_score_head);
                    top30_eigenvalues, top30_overlaps of the kernel; predictor_mean, predictor_var at the 20 test points
  /reference/probe0, probe1, probe2
                    action and gradients at arbitrary order parameters, widths, variances and temperatures
  /attention        training example 0: x [N0, tokens], attention layer1 [heads, key, query] and layer2_readout
                    [heads, key] (query: last token), xi [N0, n]; W_layer1_random, W_layer2_random [N0, N0], the random
                    heads (the structured ones follow from the task's definition)
"""
import pathlib
import sys

import h5py
import numpy as np

from convert_reference import bare_path_features, write_root_attributes

POINTS_PER_CLASS = 10
PREDICTOR = ("predictor_mean", "predictor_var")


def copy_reference(source, target, points):
    """Copy a group with its attributes, the predictor at the chosen test points only."""
    for name, value in source.attrs.items():
        target.attrs[name] = value
    for name, dataset in source.items():
        target[name] = dataset[:][points] if name in PREDICTOR else dataset[:]


def make_fixture(source, out):
    """Write the fixture `out` from the reference file `source` (both open)."""
    labels = source["test/y"][:]
    points = np.concatenate([np.flatnonzero(labels == label)[:POINTS_PER_CLASS] for label in (1, -1)])

    write_root_attributes(out)
    out.attrs["heads"] = "2:2"
    out["/train/xi"] = bare_path_features(source["train/xi"][:])
    out["/train/y"] = source["train/y"][:]
    out["/test/xi"] = bare_path_features(source["test/xi"][:][points])
    out["/test/y"] = labels[points]
    out["/test"].attrs["index"] = points

    for name in ("N10", "N100", "N1000"):
        copy_reference(source[name], out.create_group(f"/reference/{name}"), points)
    for name, probe in source["action_probes"].items():
        copy_reference(probe, out.create_group(f"/reference/{name}"), points)

    out["/attention/x"] = source["train/x"][0]
    out["/attention/layer1"] = source["attention_first5/layer1"][0]
    out["/attention/layer2_readout"] = source["attention_first5/layer2_readout"][0]
    out["/attention/xi"] = bare_path_features(source["train/xi"][:1])[0]
    for layer in (1, 2):
        out[f"/attention/W_layer{layer}_random"] = source[f"weights/W_layer{layer}"][1]


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    default = pathlib.Path(__file__).with_name("markov-4paths-small.h5")
    with h5py.File(sys.argv[1], "r") as source_file:
        with h5py.File(sys.argv[2] if len(sys.argv) == 3 else default, "w") as out_file:
            make_fixture(source_file, out_file)
