"""Writes the stores and pages that the browser's tests look at: make_pages.py FOLDER."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "analysis"), str(HERE.parent)]

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from synthetic_store import order_parameter, point, sampled_point, write_store  # noqa: E402

from attnpaths.__main__ import main  # noqa: E402

MANY = 100_000


def with_analyses(record):
    """A point with what further analyses add."""
    u, quality = record["theory/order_parameter"], record["theory/accuracy"]
    examples = np.array([10.0, 30.0, 100.0, 300.0])
    return {**record, "next_order/accuracy": quality + 0.002, "next_order/order_parameter": u * 1.05, "evidence/ratio": -100.0 - record["point/width"],
            "head_evidence/log_bayes_factors": np.linspace(-2, 30, len(record["theory/head_scores"])), "theory/mse": 1.2 - quality, "theory/bias": 1 - quality,
            "theory/in_regime": int(record["point/width"] >= record["point/paths"]), "theory/certificate": "certified", "theory/gradient_norm_U": 1e-13,
            "learning_curve/examples": examples, "learning_curve/pool_bias": 0.5 / examples**0.3, "learning_curve/pool_variance": 0.1 / examples**0.3}


def small():
    """Two temperatures at four widths, samples with draws; one point failed, one not converged, one outside the theory's regime."""
    points = [with_analyses(sampled_point(width, temperature=temperature, draws=20, thin=1, verdict="not-converged" if width == 100 else "sampled"))
              for temperature in (0.01, 0.1) for width in (3, 10, 30, 100)]
    failed = {name: value for name, value in point(1000).items() if name.startswith("point/")}
    return [*points, {**failed, "point/status": "failed", "point/message": "the Hessian <b>is not</b> positive, \"really\""}]


def classes():
    """Three classes and unequal heads, all with names."""
    named = {"point/class_names": "cat; a dog of a long name; owl", "point/head_names": "near; far; all"}
    return [{**with_analyses(sampled_point(width, heads=(2, 1), outputs=3)), **named} for width in (10, 30, 100)]


def variances():
    """Two readout variances at three widths, each with an accuracy of its own."""
    points = [with_analyses(point(width, variances=[1.0, 1.0, 1.0, readout])) for readout in (1.0, 4.0) for width in (10, 30, 100)]
    return [{**own, "theory/accuracy": own["theory/accuracy"] - 0.1 * (own["point/variances"][-1] == 4)} for own in points]


def write_many(path):
    """A store of 100,000 points, written as columns."""
    random = np.random.default_rng(1)
    widths = random.choice([10, 30, 100, 300, 1000], MANY).astype(float)
    temperatures = random.choice(np.geomspace(0.001, 10, 20).round(6), MANY)
    quality = np.clip(0.9 - 0.1 * np.log10(widths) + 0.01 * random.normal(size=MANY), 0, 1)
    texts = {"point/task": b"hidden-markov", "point/status": b"done", "theory/certificate": b"certified", "point/message": b""}
    columns = {"point/width": widths, "point/temperature": temperatures, "point/seed": random.integers(1, 1001, MANY), "point/examples": np.full(MANY, 100),
               "point/depth": np.full(MANY, 2), "point/outputs": np.full(MANY, 1), "theory/accuracy": quality, "theory/mse": 1.2 - quality,
               "theory/bias": 0.9 - quality + 0.01 * random.normal(size=MANY), **{name: np.full(MANY, text, dtype="S16") for name, text in texts.items()}}
    U = np.stack([order_parameter(width) for width in (10, 30, 100, 300, 1000)])[np.searchsorted([10, 30, 100, 300, 1000], widths)]
    with h5py.File(path, "w") as file:
        file.attrs.update({"format": "attnpaths-store", "version": 2, "points": MANY, "planned": MANY, "program_version": "0.1.0", "git_hash": "0123456"})
        for name, values in columns.items():
            file[name] = values
        for name, arrays in {"point/head_counts": np.full((MANY, 2), 2.0), "theory/order_parameter": U}.items():
            group = file.create_group(name)
            group["values"] = arrays.ravel()
            group["offsets"] = np.arange(MANY, dtype="u8") * arrays[0].size
            group["shape"] = np.tile(np.array(arrays.shape[1:], dtype="u8"), (MANY, 1))


def make(folder):
    write_store(folder / "small.h5", small())
    write_store(folder / "classes.h5", classes())
    write_store(folder / "variances.h5", variances())
    write_many(folder / "many.h5")
    for name in ("small", "classes", "variances", "many"):
        assert main(["page", str(folder / f"{name}.h5"), "-o", str(folder / f"{name}.html")]) == 0


if __name__ == "__main__":
    make(Path(sys.argv[1]))
