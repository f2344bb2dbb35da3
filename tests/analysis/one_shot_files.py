"""Files of attnpaths train and attnpaths prune in the layout of the program, for tests."""

import h5py
import numpy as np


def random_network(heads=(2, 2), N=30, seed=0):
    """Value weights V_l [H_l, N, N] of each layer and readout a [N], at the scale of an initialised network."""
    random = np.random.default_rng(seed)
    return [random.normal(size=(count, N, N)) / np.sqrt(N) for count in heads], random.normal(size=N) / np.sqrt(N)


def write_network(path, values, readout):
    with h5py.File(path, "w") as file:
        file.attrs["format"] = "attnpaths-dataset"
        for layer, V in enumerate(values, start=1):
            file[f"network/layer{layer}/V"] = V.astype("f4")
        file["network/a"] = readout.astype("f4")
    return str(path)


def write_pruning(path, scores=(0.4, 0.9, 0.6, 1.0), version=1):
    """Pruning of 2 layers of 2 heads: removing a head costs 0.1 times its score."""
    scores = np.array(scores)
    with h5py.File(path, "w") as file:
        file.attrs.update({"format": "attnpaths-pruning", "version": version, "width": 10.0, "temperature": 0.5})
        file["heads/score"], file["heads/layer"], file["heads/head"] = scores, [1, 1, 2, 2], [1, 2, 1, 2]
        network = file.create_group("network")
        network.attrs["cases"] = 4000
        network["single/change"], network["single/change_error"] = -0.1 * scores, np.full(4, 0.003)
        for order, curve in {"ascending": [0.8, 0.78, 0.7], "descending": [0.8, 0.65, 0.5],
                             "random": [0.8, 0.72, 0.6]}.items():
            network[f"{order}/accuracy"], network[f"{order}/accuracy_error"] = curve, np.full(3, 0.005)
        network["random/band"] = [0.0, 0.02, 0.04]
    return str(path)
