"""Stores in the layout of the program, written with h5py from formulas whose values the tests know."""

import itertools

import h5py
import numpy as np

V = np.array([1.0, -0.5, 0.75, 0.25])  # direction in which the order parameter of 4 paths grows at small width
DESCRIPTIONS = {"theory/order_parameter": "[nD, nD]", "theory/order_parameter_above-layer2": "[n_l D, n_l D]",
                "theory/U_a": "[D, D]", "theory/head_scores": "[sum H_l]", "point/widths": "[L+1]",
                "point/head_counts": "[L]", "point/variances": "[L+2]", "predictor/mean": "[P_test, D]"}


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


def point(width, seed=0, heads=(2, 2), examples=100, temperature=0.01, k=30, outputs=1, widths=None, variances=None):
    """One finished point: dict from column to value."""
    n = int(np.prod(heads))
    finite, infinite = overlaps(width, k), overlaps(1e9, k)
    u = np.kron(order_parameter(width, n, seed), np.eye(outputs))
    quality = accuracy(width, seed, temperature)
    variances = np.array(variances or [1.0] * (len(heads) + 2))
    record = {
        "point/key": f"{width}-{seed}-{heads}-{examples}-{temperature}-{variances[-1]:g}", "point/task": "hidden-markov",
        "point/width": float(width), "point/widths": np.array(widths or [width] * (len(heads) + 1), dtype=float),
        "point/examples": examples, "point/heads": max(heads), "point/head_counts": np.array(heads, dtype=float),
        "point/depth": len(heads), "point/paths": n, "point/outputs": outputs, "point/temperature": temperature,
        "point/variances": variances, "point/seed": seed, "point/status": "done", "point/message": "", "point/attempts": 1, "point/seconds": 0.5,
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


def sampled_point(width, seed=0, method="order-parameter", verdict="sampled", shift=0.02, draws=0, thin=10,
                  weights=False, **options):
    """A finished point with samples: U of the theory times 1 + shift, accuracy of the theory + shift / 10.

    With `draws`, that many draws of 4 chains are stored, normal about the sampled U with standard deviation 0.5; with
    `weights` also all weights (N_0 = 3). The draw of chain c, number d has V0[0, 0] = c + d / 1000.
    """
    record = point(width, seed, **options)
    theory, group = record["theory/order_parameter"], f"sampling/{method}"
    n, mean = len(theory), theory * (1 + shift)
    mcse = np.full((n, n), 0.01)
    record.update({
        f"{group}/verdict": verdict, f"{group}/message": "", f"{group}/order_parameter": mean,
        f"{group}/order_parameter_mcse": mcse, f"{group}/order_parameter_z": (theory - mean) / mcse,
        f"{group}/rhat": 1.004, f"{group}/ess": 812.4, f"{group}/tail_ess": 644.0, f"{group}/ebfmi": 0.95,
        f"{group}/divergences": 3, f"{group}/chains": 4, f"{group}/draws": draws * thin, f"{group}/seconds": 1.5,
        f"{group}/accuracy": record["theory/accuracy"] + shift / 10, f"{group}/accuracy_mcse": 0.004,
        f"{group}/accuracy-mnist": record["theory/accuracy-mnist"], f"{group}/accuracy_mcse-mnist": 0.008,
    })
    if draws:
        random = np.random.default_rng(width + seed)
        noise = random.normal(scale=0.5, size=(4, draws, n, n))
        record[f"{group}/draws_order_parameter"] = mean + (noise + noise.swapaxes(2, 3)) / 2**0.5
        record[f"{group}/draws_log_density"] = random.normal(size=(4, draws))
        record[f"{group}/draws_thin"] = thin
    if weights:
        heads = record["point/head_counts"].astype(int)
        widths = [3, *record["point/widths"].astype(int)]
        V0 = np.zeros((4, draws, widths[1], widths[0]))
        V0[:, :, 0, 0] = np.arange(4)[:, None] + np.arange(draws) / 1000
        record[f"{group}/draws_V0"] = V0
        for layer, count in enumerate(heads, start=1):
            record[f"{group}/draws_V-layer{layer}"] = np.zeros((4, draws, count, widths[layer + 1], widths[layer]))
        record[f"{group}/draws_a"] = np.zeros((4, draws, widths[-1], record["point/outputs"]))
    return record


def one_shot_point(width, temperature, best, gp_best, **options):
    """A point on images: accuracy falls off around the best temperature on validation, a fifth of it on other sets."""
    record = point(width, temperature=temperature, examples=600, **options)
    for group, optimum in (("theory", best), ("gp", gp_best)):
        peak = 0.8 + 0.1 / width if group == "theory" else 0.75

        def quality(optimum):
            return peak - 0.01 * np.log(temperature / optimum) ** 2

        record.update({f"{group}/accuracy": quality(optimum / 5), f"{group}/accuracy-mnist": quality(optimum) - 0.1,
                       f"{group}/accuracy-validation": quality(optimum), f"{group}/mse": 0.5,
                       f"{group}/mse-validation": 0.5})
    return record


def sampled(record, shift=0.02):
    """The point with samples of the exact posterior: U of the theory times 1 + shift, accuracies + shift / 10."""
    group, theory = "sampling/order-parameter", record["theory/order_parameter"]
    record = {**record, "point/key": record["point/key"] + "-sampled", f"{group}/verdict": "sampled",
              f"{group}/order_parameter": theory * (1 + shift),
              f"{group}/order_parameter_mcse": np.full(theory.shape, 0.01)}
    for name in [name.partition("/")[2] for name in record if name.startswith("theory/accuracy")]:
        record[f"{group}/{name}"] = record[f"theory/{name}"] + shift / 10
        record[f"{group}/{name.replace('accuracy', 'accuracy_mcse')}"] = 0.004
    return record


def failed_point(width, message):
    record = {name: value for name, value in point(width).items() if name.startswith("point/")}
    return {**record, "point/status": "failed", "point/message": message, "point/attempts": 3}


def write_store(path, records, version=2, store_format="attnpaths-store", planned=None):
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
                sampled = "[chains, draws, ...]" if "/draws_" in name else "[nD, nD]"
                shape = sampled if name.startswith("sampling/") else DESCRIPTIONS.get(name, "[k]")
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
