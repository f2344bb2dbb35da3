"""The physics as functions of arrays: order parameters, expansion in 1/N, exact draws, evidence, Gaussian process; in this process,
without a store.

Results are those of a sweep over the same data to the last bit. P examples, D outputs, L layers of H_l heads, n = H_1 ... H_L paths (h_1
the slowest index). Rows of order parameters are (path, output), the output fastest. Long work lets other threads run and ends at Ctrl-C;
calls from several threads take turns: several cores want several processes, or a sweep.
Arrays that results have refer to the program's memory, without a copy, and cannot be written to.
"""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .compiled import compiled_theory
from .errors import DataError, UsageError
from .hdf5_file import hdf5_lock

if TYPE_CHECKING:
    from . import _theory
    from ._theory import GaussianProcess, NextOrder, Prediction, SaddlePoint, Samples
    from .data import Dataset
    from .typing import Array, StrPath
else:
    _theory = compiled_theory()
    GaussianProcess, NextOrder = _theory.GaussianProcess, _theory.NextOrder
    Prediction, SaddlePoint, Samples = _theory.Prediction, _theory.SaddlePoint, _theory.Samples

__all__ = ["GaussianProcess", "NextOrder", "Prediction", "SaddlePoint", "Samples", "evidence", "features_of_kernels", "gaussian_process",
           "next_order", "path_features", "predict", "saddle_point", "sample"]

MEMORY = 4 * 2.0**30  # bytes: the default of run.memory_per_rank, which decides how kernels are kept, and with it the rounding


def _per_layer(value: float | Sequence[float], layers: int, name: str) -> list[float]:
    """One number for all layers, or one for each."""
    values = [float(number) for number in np.atleast_1d(np.asarray(value, dtype=float))]
    if len(values) not in (1, layers):
        raise UsageError(f"{name}: has {len(values)} numbers; give one, or one for each of {layers} layers")
    return values if len(values) == layers else values * layers


def _statement(features: Any, targets: Any, heads: Sequence[int], width: float | Sequence[float], temperature: float,
               readout_width: float | None, input_variance: float, layer_variance: float | Sequence[float], readout_variance: float,
               memory: float) -> _theory.Statement:
    heads = [int(count) for count in np.atleast_1d(np.asarray(heads))]
    widths = _per_layer(width, len(heads), "width")
    if readout_width is None:
        if len(set(widths)) > 1:
            raise UsageError("readout_width: give N_a, as the widths of the layers differ")
        readout_width = widths[0] if widths else 1  # without layers the heads are at fault
    targets = np.asarray(targets, dtype=float)
    if targets.ndim not in (1, 2):
        raise DataError(f"targets: has shape {list(targets.shape)}, expected [P] or [P, D]")
    return _theory.Statement(features=np.asarray(features), targets=targets.reshape(len(targets), -1), heads=heads, widths=widths,
                             readout_width=float(readout_width), layer_variances=_per_layer(layer_variance, len(heads), "layer_variance"),
                             input_variance=float(input_variance), readout_variance=float(readout_variance),
                             temperature=float(temperature), memory=float(memory))


def saddle_point(features: Any, targets: Any, *, heads: Sequence[int], width: float | Sequence[float], temperature: float,
                 readout_width: float | None = None, input_variance: float = 1, layer_variance: float | Sequence[float] = 1,
                 readout_variance: float = 1, tolerance: float = 1e-10, memory: float = MEMORY) -> SaddlePoint:
    """Order parameters of a network at finite width: the minimum of the action, with its certificate.

    features: path features of the training examples [P, N0, n], as Dataset.from_features takes them (features_of_kernels makes them of
    path kernels); targets: [P] or [P, D], of classes as data sets have them: -1 and +1 for two, a one among zeros for more;
    heads: (H_1, ..., H_L); width: N for all widths, or N_1, ..., N_L with readout_width N_a; temperature: T; ..._variance:
    prior variances sigma_0^2, sigma_l^2 (one, or one for each layer) and sigma_a^2; tolerance: on max |dS/dU| (S / largest width); memory: bytes, as run.memory_per_rank of a sweep: where path kernels do not fit in half of
    them, they are made again and again from the features, which gives the same up to rounding.
    Raises UsageError or DataError naming the argument, NumericalError where the kernel is not positive definite.
    """
    stated = _statement(features, targets, heads, width, temperature, readout_width, input_variance, layer_variance, readout_variance,
                        memory)
    return _theory.saddle_point(stated, float(tolerance))


def next_order(saddle: SaddlePoint) -> NextOrder:
    """Mean and standard deviation of the order parameter U_1 under the posterior, and its predictor, one order of 1/N further.

    Raises UsageError where a width is below its number of paths, NumericalError where the Hessian is not positive definite.
    """
    return saddle.next_order()


def predict(saddle: SaddlePoint, features: Any, order_parameter: Any = None) -> Prediction:
    """Mean and variance [points, D] of the outputs f at other points: features [points, N0, n].

    order_parameter: U_1 [n D, n D] to predict with, a draw or a mean (default: that of the saddle point). Raises UsageError or DataError
    naming the argument.
    """
    if order_parameter is None:
        return saddle.predict(np.asarray(features))
    return saddle.predict_with(np.asarray(features), np.asarray(order_parameter, dtype=float))


def sample(saddle: SaddlePoint, *, seed: int = 0, effective_draws: float = 400, most_draws: int = 8192) -> Samples:
    """Independent draws from the exact posterior of U_1 at finite width, with weights, and means over them.

    Importance sampling around the posterior's mode in antithetic pairs; averages are sums of weights times values. Draws are made until
    they are worth effective_draws draws of the posterior itself, or never will be (Samples.is_usable says which), most_draws at most.
    seed: of the random streams, 0 to 2^64 - 1: the same gives the same bits. A sweep's is xxh3_64 of the text point/key.
    Raises NumericalError where a width is below its number of paths, UsageError naming an argument.
    """
    if not 0 <= int(seed) < 2**64:
        raise UsageError(f"seed: {seed} is not between 0 and 2^64 - 1")
    return saddle.sample(int(seed), float(effective_draws), int(most_draws))


def _features_of_set(path: StrPath, examples: str) -> tuple[Array, Array]:
    with _theory.Turn(), hdf5_lock:  # in this order: who waits for the turn holds up nobody who reads files
        return _theory.features_of_set(os.fspath(path), examples)


def path_features(data: Dataset | StrPath, examples: str = "train") -> tuple[Array, Array]:
    """Path features [P, N0, n] and targets [P, D] of a set of examples, as saddle_point takes them.

    data: a Dataset, made of tokens with attention maps, queries and keys, weights or a torch model (``Dataset.from_module``), or the path of a
    data set file; examples: "train", "test" or the name of a further test set. Features are made as a sweep makes them, to the bit.
    Raises InputError or DataError as sweeps do, UsageError if there is no such set.
    """
    if isinstance(data, (str, os.PathLike)):
        return _features_of_set(data, examples)
    if data.path is not None:
        return _features_of_set(data.path, examples)
    with tempfile.TemporaryDirectory(prefix="attnpaths-") as folder:
        saved = copy.copy(data).save(os.path.join(folder, "data.h5"))  # of the copy: the user's own is not saved
        return _features_of_set(saved, examples)


def evidence(saddle: SaddlePoint, two_loop: bool = False) -> float:
    """Logarithm of the density of the training targets under the network (nats); constants are included.

    two_loop: one order of 1/N further, for four Hessians of each unknown. Raises as next_order.
    """
    return saddle.log_evidence(two_loop)


def gaussian_process(features: Any, targets: Any, *, heads: Sequence[int], temperature: float, input_variance: float = 1,
                     layer_variance: float | Sequence[float] = 1, readout_variance: float = 1, memory: float = MEMORY) -> GaussianProcess:
    """The same network at infinite width, exactly: its kernel's eigenvalues, predictor and evidence. Arguments as of saddle_point."""
    return _theory.gaussian_process(_statement(features, targets, heads, 1, temperature, None, input_variance, layer_variance,
                                               readout_variance, memory))


def features_of_kernels(kernels: Any, *, input_variance: float = 1) -> Array:
    """Path features [M, N0, n] whose path kernels sigma_0^2 / (N0 n) xi . xi' are these; N0 is their rank.

    kernels [n, n, M, M]: of all pairs of paths and of points, symmetric under exchange of both and positive semidefinite. To predict,
    give training and test points together and take their rows apart. Raises DataError if there are no such features.
    """
    blocks = np.asarray(kernels, dtype=float)
    if blocks.ndim != 4 or blocks.shape[0] != blocks.shape[1] or blocks.shape[2] != blocks.shape[3] or 0 in blocks.shape:
        raise DataError(f"kernels: has shape {list(blocks.shape)}, expected [paths, paths, points, points]")
    if not np.isfinite(blocks).all():
        raise DataError("kernels: has numbers that are infinite or not a number")
    paths, points = blocks.shape[1:3]
    gram = blocks.transpose(0, 2, 1, 3).reshape(paths * points, paths * points)
    values, vectors = np.linalg.eigh(gram)
    rounding = len(gram) * np.finfo(float).eps * np.abs(values).max()
    if not np.allclose(gram, gram.T, rtol=0, atol=rounding):
        raise DataError("kernels: are not symmetric under exchange of both paths and points")
    if values[0] < -rounding:
        raise DataError(f"kernels: are not positive semidefinite, smallest eigenvalue {values[0]:.3g} beside {values[-1]:.3g}")
    kept = values > rounding
    if not kept.any():
        raise DataError("kernels: are zero")
    scale = np.sqrt(values[kept] * kept.sum() * paths / input_variance)
    features = (vectors[:, kept] * scale).reshape(paths, points, -1)
    return np.ascontiguousarray(features.transpose(1, 2, 0))
