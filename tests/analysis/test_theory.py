"""attnpaths.theory: the same as a sweep to the last bit, what arrays it takes, how it says no."""

import os
from pathlib import Path

import numpy as np
import pytest
from attnpaths import DataError, Dataset, InputError, NumericalError, UsageError, sweep
from attnpaths.xxh3 import xxh3_64

ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"
BUILT = ANALYSIS.parent / "build/release/src/python"
PROGRAM = os.environ.get("ATTNPATHS_BINARY")

if not os.environ.get("ATTNPATHS_THEORY") and not list(BUILT.glob("_theory*")):
    pytest.skip("attnpaths.theory is not built", allow_module_level=True)
from attnpaths import theory  # noqa: E402


def example(points=24, N0=8, heads=(2, 2), outputs=1, seed=0):
    """Features [points, N0, n] and targets: labels of two classes, or of several with an output each."""
    random = np.random.default_rng(seed)
    xi = random.normal(size=(points, N0, int(np.prod(heads))))
    if outputs == 1:
        return xi, np.where(np.arange(points) % 2 == 0, 1.0, -1.0)
    return xi, np.eye(outputs)[np.arange(points) % outputs]


def solve(xi, y, heads=(2, 2), width=20, temperature=0.1, **options):
    return theory.saddle_point(xi, y, heads=heads, width=width, temperature=temperature, **options)


@pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
@pytest.mark.parametrize("outputs, points, heads", [(1, 24, (2, 2)), (3, 24, (2, 2)), (1, 40, (3,))])
def test_the_same_bits_as_a_sweep(tmp_path, outputs, points, heads):
    (xi, y), (test_xi, test_y) = (example(count, heads=heads, outputs=outputs, seed=seed) for seed, count in enumerate((points, 12)))
    labels, test_labels = ((own if outputs == 1 else own.argmax(axis=1)).astype(int) for own in (y, test_y))
    data = Dataset.from_features(xi, labels, heads, test=(test_xi, test_labels))
    store = sweep(data, tmp_path / "s.h5", width=[20, 500], temperature=[0.1], ranks=1, progress=False,
                  settings={"theory.variance_input": 1.5, "theory.variance_layers": 0.7, "theory.variance_readout": 1.2})
    for row, width in enumerate(store.column("point/width")):
        variances = {"input_variance": 1.5, "layer_variance": 0.7, "readout_variance": 1.2}
        saddle = solve(xi, y, heads, width, **variances)
        for layer, U in enumerate(saddle.order_parameters, start=1):
            column = "theory/order_parameter" + (f"_above-layer{layer}" if layer > 1 else "")
            np.testing.assert_array_equal(U, store.array(column, row))
        np.testing.assert_array_equal(saddle.readout_order_parameter, store.array("theory/U_a", row))
        assert saddle.action == store.column("theory/action")[row] and saddle.gradient_norm == store.column("theory/gradient_norm_U")[row]
        assert saddle.is_certified == (store.column("theory/certificate")[row] == "certified")
        prediction = saddle.predict(test_xi)
        np.testing.assert_array_equal(prediction.mean, store.array("predictor/mean", row))
        np.testing.assert_array_equal(prediction.variance, store.array("predictor/variance", row))
        np.testing.assert_array_equal(saddle.head_scores, store.array("theory/head_scores", row))
        further = theory.next_order(saddle)
        np.testing.assert_array_equal(further.order_parameter, store.array("next_order/order_parameter", row))
        np.testing.assert_array_equal(further.standard_deviation, store.array("next_order/order_parameter_sd", row))
        assert theory.evidence(saddle) == store.column("evidence/ratio")[row]
        process = theory.gaussian_process(xi, y, heads=heads, temperature=0.1, **variances)
        assert process.log_evidence == store.column("evidence/gaussian_process")[row]


@pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
def test_the_draws_of_a_sweep(tmp_path):
    (xi, y), (test_xi, test_y) = (example(count, seed=seed) for seed, count in enumerate((24, 12)))
    data = Dataset.from_features(xi, y, (2, 2), test=(test_xi, test_y))
    store = sweep(data, tmp_path / "s.h5", width=20, temperature=0.1, ranks=1, progress=False,
                  settings={"analyses.run": "order-parameter-samples", "store.draws": "order-parameters", "store.thin": 1})
    saddle, group = solve(xi, y), "sampling/order-parameter"
    samples = theory.sample(saddle, seed=xxh3_64(store.column("point/key")[0].encode()))
    assert samples.is_usable and store.column(f"{group}/verdict")[0] == "sampled"
    assert samples.effective_draws == store.column(f"{group}/ess")[0] and samples.pareto_k == store.column(f"{group}/pareto_k")[0]
    own = {draw.tobytes() for draw in samples.order_parameters}
    assert {draw.tobytes() for draw in store.array(f"{group}/draws_order_parameter", 0)[0]} <= own
    # The sweep's means have control variates beside: the same within errors, which are smaller.
    error = store.array(f"{group}/order_parameter_mcse", 0)
    assert (error < samples.standard_error).all()
    assert (np.abs(samples.order_parameter - store.array(f"{group}/order_parameter", 0)) < 4 * samples.standard_error).all()
    assert abs(samples.log_evidence - store.column("evidence/sampled")[0]) < 4 * samples.log_evidence_error
    means = [theory.predict(saddle, test_xi, draw).mean for draw in samples.order_parameters]
    exact, mcse = (store.array(f"{group}/predictor_{name}", 0) for name in ("mean", "mean_mcse"))
    spread = np.std(means, axis=0) / np.sqrt(samples.effective_draws)
    assert (np.abs(np.average(means, axis=0, weights=samples.weights) - exact) < 4 * (mcse + spread)).all()


def test_samples_are_weighted_means_of_their_draws():
    xi, y = example()
    saddle = solve(xi, y)
    samples = theory.sample(saddle, seed=7)
    U, weights = samples.order_parameters, samples.weights
    assert U.shape == (len(weights), 4, 4) and not U.flags.writeable and weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(np.einsum("d,dij->ij", weights, U), samples.order_parameter, rtol=1e-10)
    second = np.einsum("d,dij->ij", weights, (U - samples.order_parameter)**2)
    np.testing.assert_allclose(np.sqrt(second), samples.standard_deviation, rtol=1e-2)
    assert 1 / (weights**2).sum() == pytest.approx(samples.effective_draws) and samples.effective_draws >= 400
    np.testing.assert_array_equal(theory.sample(saddle, seed=7).order_parameters, U)
    assert (theory.sample(saddle, seed=8).order_parameters != U).any()
    # The expansion in 1/N is near them at N = 20, and nearer than the saddle point.
    exact = theory.sample(saddle, seed=7, effective_draws=5000, most_draws=20000).log_evidence
    assert abs(theory.evidence(saddle, two_loop=True) - exact) < abs(theory.evidence(saddle) - exact)
    np.testing.assert_array_equal(theory.predict(saddle, xi, saddle.order_parameters[0]).mean, saddle.predict(xi).mean)
    del saddle, samples
    assert np.isfinite(U).all()


@pytest.mark.parametrize("options, said", [
    ({"seed": -1}, "seed: -1 is not between"), ({"effective_draws": 0}, "effective_draws: 0 is not a positive number"),
    ({"most_draws": 10}, "most_draws: 10 is below the first round of 512")])
def test_draws_that_cannot_be_had(options, said):
    saddle = solve(*example())
    with pytest.raises(UsageError, match=said):
        theory.sample(saddle, **options)
    with pytest.raises(UsageError, match=r"order_parameter: is not a symmetric matrix of numbers \[n D, n D\] = \[4, 4\]"):
        theory.predict(saddle, example()[0], np.eye(3))
    with pytest.raises(NumericalError, match="paths"):
        theory.sample(solve(*example(), width=2))


def tokens(points, seed):
    random = np.random.default_rng(seed)
    return random.normal(size=(points, 5, 3)), np.where(np.arange(points) % 2 == 0, "cat", "dog")


def test_features_of_tokens_with_queries_and_keys(tmp_path):
    (x, labels), test = tokens(8, 0), tokens(6, 1)
    random = np.random.default_rng(2)
    queries, keys = random.normal(size=(2, 2, 2, 4, 3))
    data = Dataset.from_queries_keys(x, labels, queries, keys, test=test, readout="last")
    xi, y = theory.path_features(data)
    assert data.path is None and xi.shape == (8, 3, 4)
    np.testing.assert_array_equal(y[:, 0], np.where(labels == "cat", -1, 1))

    def attention(x, layer, head):
        scores = (x @ queries[layer, head].T) @ (x @ keys[layer, head].T).T / 2
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return weights / weights.sum(axis=1, keepdims=True)  # [queries, keys]
    expected = [[(attention(x, 1, second) @ attention(x, 0, first) @ x)[-1] for first in (0, 1) for second in (0, 1)] for x in x]
    np.testing.assert_allclose(xi, np.swapaxes(expected, 1, 2), atol=1e-13)
    saved = data.save(tmp_path / "d.h5")
    np.testing.assert_array_equal(theory.path_features(saved)[0], xi)
    assert theory.path_features(data, "test")[0].shape == (6, 3, 4)
    with pytest.raises(UsageError, match="d.h5: has no set validation; choose train or test"):
        theory.path_features(data, "validation")
    with pytest.raises(InputError, match="nowhere.h5"):
        theory.path_features(tmp_path / "nowhere.h5")


def test_arrays_of_any_layout_and_results_without_copies():
    xi, y = example()
    saddle = solve(xi, y)
    U = saddle.order_parameters[0]
    for same in (np.asfortranarray(xi), np.stack([xi, xi])[1, ::1], xi.swapaxes(0, 2).copy().swapaxes(0, 2)):
        np.testing.assert_array_equal(solve(same, y).order_parameters[0], U)
    np.testing.assert_array_equal(solve(xi.tolist(), y.reshape(-1, 1)).order_parameters[0], U)
    assert not U.flags.owndata and not U.flags.writeable
    assert np.shares_memory(U, saddle.order_parameters[0])
    del saddle
    assert np.isfinite(U).all()  # the array keeps what it refers to


def test_any_number_of_examples_of_each_class():
    xi, y = example(25)  # a sweep would leave one out
    saddle = solve(xi, y, width=1e6)
    process = theory.gaussian_process(xi, y, heads=(2, 2), temperature=0.1)
    np.testing.assert_allclose(saddle.predict(xi).mean, process.predict(xi).mean, rtol=1e-3, atol=1e-4)  # a network so wide


def test_the_gaussian_process_is_that_of_the_kernel():
    xi, y = example(outputs=3)
    process = theory.gaussian_process(xi, y, heads=(2, 2), temperature=0.1, input_variance=2)
    kernel = 2 / xi[0].size * np.einsum("aip,bip->ab", xi, xi)
    inverse = np.linalg.inv(kernel + 0.1 * np.eye(len(xi)))
    np.testing.assert_allclose(process.predict(xi).mean, kernel @ inverse @ y, atol=1e-10)
    values, vectors = np.linalg.eigh(kernel)
    np.testing.assert_allclose(process.eigenvalues, values[::-1], atol=1e-12)
    np.testing.assert_allclose(process.target_powers, ((vectors.T @ y)**2).sum(axis=1)[::-1] / (y**2).sum(), atol=1e-10)
    expected = -sum(column @ inverse @ column / 2 for column in y.T) + 3 / 2 * (np.linalg.slogdet(inverse)[1] - len(y) * np.log(2 * np.pi))
    np.testing.assert_allclose(process.log_evidence, expected)


def test_path_kernels_in_place_of_features():
    xi, y = example(30)
    kernels = 1.5 / xi[0].size * np.einsum("aip,biq->pqab", xi, xi)
    features = theory.features_of_kernels(kernels, input_variance=1.5)
    train = slice(0, 20)
    saddle, same = (solve(own[train], y[train], input_variance=1.5) for own in (xi, features))
    np.testing.assert_allclose(same.order_parameters[0], saddle.order_parameters[0], atol=1e-8)
    np.testing.assert_allclose(same.predict(features[20:]).mean, saddle.predict(xi[20:]).mean, atol=1e-8)
    for wrong, said in ((kernels[0], "expected"), (-kernels, "not positive"), (kernels + np.arange(30), "not symmetric"),
                        (0 * kernels, "are zero"), (np.nan * kernels, "not a number")):
        with pytest.raises(DataError, match=said):
            theory.features_of_kernels(wrong)


@pytest.mark.parametrize("change, kind, said", [
    ({"xi": example(N0=8, heads=(3,))[0]}, DataError, r"features: has shape \[24, 8, 3\], expected \[points, N0, 4\]"),
    ({"xi": np.full((24, 8, 4), np.nan)}, DataError, "features: has numbers that are infinite or not a number"),
    ({"y": np.ones(3)}, DataError, "targets: are 3 x 1, expected .* P = 24"),
    ({"y": np.full(24, np.inf)}, DataError, "targets: have numbers that are infinite"),
    ({"y": np.ones((2, 2, 6))}, DataError, "targets: has shape"),
    ({"heads": ()}, UsageError, "heads: is empty"), ({"heads": (4, 0)}, UsageError, "heads: 0 is not a number of heads"),
    ({"width": 0}, UsageError, "width: 0 is not a positive number"),
    ({"width": [10, 20]}, UsageError, "readout_width: give N_a"),
    ({"width": [10, 20, 30]}, UsageError, "width: has 3 numbers; give one, or one for each of 2 layers"),
    ({"temperature": float("nan")}, UsageError, "temperature: nan is not a positive number"),
    ({"layer_variance": -1}, UsageError, "layer_variance: -1 is not"), ({"tolerance": 0}, UsageError, "tolerance: is not")])
def test_what_is_wrong_is_named(change, kind, said):
    xi, y = example()
    with pytest.raises(kind, match=said):
        solve(**{"xi": xi, "y": y, **change})


def test_questions_that_have_no_answer():
    xi, y = example()
    saddle = solve(xi, y, width=[20, 30], readout_width=10)
    for answer in (saddle, theory.next_order(saddle), theory.gaussian_process(xi, y, heads=(2, 2), temperature=1)):
        with pytest.raises(DataError, match=r"expected \[points, 8, 4\]"):
            answer.predict(xi[:, :3])
    with pytest.raises(UsageError, match="below its number of paths"):
        theory.next_order(solve(xi, y, width=2))
