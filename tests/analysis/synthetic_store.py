"""Stores in the layout of the program, written with h5py from formulas whose values the tests know."""

import itertools

import h5py
import numpy as np

V = np.array([1.0, -0.5, 0.75, 0.25])  # direction in which the order parameter of 4 paths grows at small width
DESCRIPTIONS = {"theory/order_parameter": "[nD, nD]", "theory/order_parameter_above-layer2": "[n_l D, n_l D]",
                "theory/U_a": "[D, D]", "theory/head_scores": "[sum H_l]", "point/widths": "[L+1]",
                "point/head_counts": "[L]", "predictor/mean": "[P_test, D]"}


def order_parameter(width, n=4, seed=0):
    """U = I + (10 + seed)/N v v' for n paths."""
    v = np.resize(V, n)
    return np.eye(n) + (10 + seed) / width * np.outer(v, v)


def accuracy(width, seed=0, temperature=0.01):
    return 0.95 - 0.1 * width / (width + 100) + 0.01 * seed - temperature / 10


def overlaps(width, k):
    """Normalised so that their squares, the power, sum to 1; finite width has more in the leading components."""
    power = np.exp(-np.arange(k) * (0.1 + 1 / width))
    return np.sqrt(power / power.sum())


def head_scores(u, heads):
    """Sum |U| over pairs where either path uses the head, divided by the largest, layer by layer."""
    paths = list(itertools.product(*[range(h) for h in heads]))
    scores = []
    for layer, count in enumerate(heads):
        for head in range(count):
            uses = np.array([path[layer] == head for path in paths])
            scores.append(np.abs(u)[uses[:, None] | uses[None, :]].sum())
    return np.array(scores) / max(scores)


def point(width, seed=0, heads=(2, 2), examples=100, temperature=0.01, k=30, outputs=1, widths=None):
    """One finished point: dict from column to value."""
    n = int(np.prod(heads))
    finite, infinite = overlaps(width, k), overlaps(1e9, k)
    u = np.kron(order_parameter(width, n, seed), np.eye(outputs))
    quality = accuracy(width, seed, temperature)
    record = {
        "point/key": f"{width}-{seed}-{heads}-{examples}-{temperature}", "point/task": "hidden-markov",
        "point/width": float(width), "point/widths": np.array(widths or [width] * (len(heads) + 1), dtype=float),
        "point/examples": examples, "point/heads": max(heads), "point/head_counts": np.array(heads, dtype=float),
        "point/depth": len(heads), "point/paths": n, "point/outputs": outputs, "point/temperature": temperature,
        "point/seed": seed, "point/status": "done", "point/message": "", "point/attempts": 1, "point/seconds": 0.5,
        "theory/order_parameter": u, "theory/U_a": np.eye(outputs),
        "theory/head_scores": head_scores(u[::outputs, ::outputs], heads),
        "theory/accuracy": quality, "theory/accuracy-mnist": quality - 0.2,
        "theory-diagonal/accuracy": quality - 0.03, "theory/gradient_norm": 1e-9 / width,
        "theory/hessian_min": 1 / width, "theory/iterations": 20 + seed, "gp/accuracy": 0.83 + 0.01 * seed,
        "gp-good/accuracy": 0.94, "gp-good+denoising/accuracy": 0.955,
        "theory/overlaps": finite, "theory/cumulative_power": np.cumsum(finite**2), "theory/eigenvalues": finite**2 * 9,
        "gp/overlaps": infinite, "gp/cumulative_power": np.cumsum(infinite**2), "gp/eigenvalues": infinite**2 * 9,
        "predictor/mean": np.linspace(-1, 1, 6 * outputs).reshape(6, outputs),
    }
    if len(heads) > 1:
        record["theory/order_parameter_above-layer2"] = np.kron(np.eye(n // heads[0]), np.eye(outputs)) * 1.5
    return record


def failed_point(width, message):
    record = {name: value for name, value in point(width).items() if name.startswith("point/")}
    return {**record, "point/status": "failed", "point/message": message, "point/attempts": 3}


def write_store(path, records, version=1, store_format="attnpaths-store", planned=None):
    """Write the records as a store, with the columns that at least one of them has."""
    names = sorted({name for record in records for name in record})
    with h5py.File(path, "w", userblock_size=512) as file:
        file.attrs.update({"format": store_format, "version": version, "program_version": "0.1.0", "git_hash": "abc123",
                           "configuration": "[grid]\nwidth = 10 100 1000\n", "points": len(records),
                           "planned": planned or len(records)})
        for name in names:
            values = [record.get(name) for record in records]
            example = next(value for value in values if value is not None)
            shape = ""
            if isinstance(example, np.ndarray):
                item = file.create_group(name)
                arrays = [np.empty((0,) * example.ndim) if value is None else value for value in values]
                sizes = [array.size for array in arrays]
                item["values"] = np.concatenate([array.ravel() for array in arrays])
                item["offsets"] = np.cumsum([0, *sizes[:-1]]).astype("u8")
                item["shape"] = np.array([array.shape for array in arrays], dtype="u8")
                shape = DESCRIPTIONS.get(name, "[k]")
            elif isinstance(example, str):
                item = file.create_dataset(name, data=np.array([(value or "").encode() for value in values], dtype="S"))
            elif isinstance(example, int):
                missing = np.iinfo(np.int64).min
                data = np.array([missing if value is None else value for value in values], dtype="i8")
                item = file.create_dataset(name, data=data)
            else:
                item = file.create_dataset(name, data=np.array([np.nan if v is None else v for v in values]))
            item.attrs.update({"units": "s" if name == "point/seconds" else "", "description": name, "shape": shape})
    return str(path)
