#!/usr/bin/env python3
"""Convert the reference file of the hidden-Markov task into a data set file.

usage: convert_reference.py SRC OUT

SRC holds inputs, attention weights and minimisers of the action that were computed with the public code of
arXiv:2405.15926 (100 training sequences, 1000 test points as path features). OUT is a data set file for
`attnpaths sweep`: a sweep over it at temperature 0.01 and widths 10, 100, 1000 gives the published figures.
"""
import sys

import h5py
import numpy as np

HEAD_NAMES = {1: ["same-token", "random"], 2: ["uniform", "random"]}


def bare_path_features(xi):
    """Path features [P, N0, n] without the factor 1/sqrt(N0 n) that the reference includes."""
    _, width, paths = xi.shape
    return xi * np.sqrt(width * paths)


def write_root_attributes(out):
    """Attributes that make `out` a data set file of this task."""
    out.attrs["format"] = "attnpaths-dataset"
    out.attrs["version"] = 1
    out.attrs["readout"] = "last"
    out.attrs["attention"] = "softmax"


def convert(source, out):
    """Write the data set file `out` from the reference file `source` (both open)."""
    write_root_attributes(out)
    out["/train/x"] = source["train/x"][:]
    out["/train/y"] = source["train/y"][:]
    out["/test/xi"] = bare_path_features(source["test/xi"][:])
    out["/test/y"] = source["test/y"][:]
    for layer, names in HEAD_NAMES.items():
        out[f"/heads/layer{layer}/W"] = source[f"weights/W_layer{layer}"][:]
        out[f"/heads/layer{layer}/names"] = np.array(names, dtype="S")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with h5py.File(sys.argv[1], "r") as source_file, h5py.File(sys.argv[2], "w") as out_file:
        convert(source_file, out_file)
