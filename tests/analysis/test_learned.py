"""The order parameter of a trained network, and its agreement with the theory's."""

import numpy as np
import pytest
from attnpaths import InputError, StoreError, UsageError, open_store
from attnpaths.__main__ import main
from attnpaths.learned import (compare_order_parameters, cosine_similarity, head_relabellings,
                                        learned_order_parameter, learned_table, rank_correlation)
from attnpaths.scores import head_scores, path_scores
from one_shot_files import random_network, write_network
from synthetic_store import head_scores as slow_head_scores
from synthetic_store import one_shot_point, sampled


def symmetric(n, seed):
    noise = np.random.default_rng(seed).normal(size=(n, n))
    return noise @ noise.T


def test_order_parameter_of_a_network_path_by_path(tmp_path):
    values, readout = random_network(heads=(2, 3), N=20)
    learned = learned_order_parameter(write_network(tmp_path / "n.h5", values, readout))
    paths = [readout @ values[1][second] @ values[0][first] for first in range(2) for second in range(3)]
    np.testing.assert_allclose(learned.order_parameter, np.array(paths) @ np.array(paths).T / 20, rtol=1e-5, atol=1e-9)
    assert learned.head_counts == (2, 3)


def test_an_untrained_network_of_large_width_has_the_order_parameter_of_the_gp(tmp_path):
    values, readout = random_network(heads=(2, 2), N=1000)
    U = learned_order_parameter(write_network(tmp_path / "n.h5", values, readout * np.sqrt(1000))).order_parameter
    np.testing.assert_allclose(U, np.eye(4), atol=0.2)


@pytest.mark.parametrize("heads", [(2, 2), (3, 2), (4, 1, 2)])
def test_scores_agree_with_their_definition(heads):
    U = symmetric(int(np.prod(heads)), 1)
    np.testing.assert_allclose(head_scores(U, heads), slow_head_scores(U, heads))
    np.testing.assert_allclose(path_scores(U), slow_head_scores(U, (len(U),)))
    np.testing.assert_allclose(head_scores(np.eye(8), (2, 2, 2)), 1)


def test_measures_of_agreement():
    U, V = symmetric(6, 1), symmetric(6, 2)
    assert cosine_similarity(U, 3 * U + np.diag(np.arange(6))) == pytest.approx(1)
    assert cosine_similarity(U, -U) == pytest.approx(-1)
    assert np.isnan(cosine_similarity(U, np.eye(6)))  # a Gaussian process has no off-diagonal part
    off = ~np.eye(6, dtype=bool)
    assert cosine_similarity(U, V) == pytest.approx(np.corrcoef(np.r_[U[off], -U[off]], np.r_[V[off], -V[off]])[0, 1])
    assert rank_correlation([1, 2, 3, 4], [10, 100, 1e3, 1e4]) == pytest.approx(1)
    # Textbook case of Spearman's formula 1 - 6 sum d^2 / (n (n^2 - 1)) with d = 0, 1, -1, 0.
    assert rank_correlation([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(0.8)
    assert np.isnan(rank_correlation([1, 2], [1, 1]))


def test_relabellings_rename_heads_within_layers():
    orders = head_relabellings((2, 3))
    assert len(orders) == 12 and len(set(map(tuple, orders))) == 12
    np.testing.assert_array_equal(orders[0], np.arange(6))
    assert (3, 4, 5, 0, 1, 2) in set(map(tuple, orders))  # heads of layer 1 swapped
    assert len(head_relabellings((8, 8), most=50)) == 50


def test_agreement_is_judged_against_relabelled_heads():
    U = symmetric(16, 3)
    same = compare_order_parameters(U, 5 * U, (4, 4))
    for agreement in same.values():
        assert agreement.value == pytest.approx(1) and agreement.p == pytest.approx(1 / 576)
    # Of unrelated matrices p is uniform.
    p = [compare_order_parameters(symmetric(9, s), symmetric(9, s + 1000), (3, 3))["cosine"].p for s in range(200)]
    assert abs(np.mean(p) - 0.5) < 4 * np.sqrt(1 / 12 / 200)


def test_table_of_the_theory_and_the_samples(make_store, tmp_path):
    values, readout = random_network()
    heads = write_network(tmp_path / "n.h5", values, readout)
    U = learned_order_parameter(heads).order_parameter
    records = [{**one_shot_point(width, t, 0.5, 0.1), "theory/order_parameter": U * width}
               for width in (10, 100) for t in (0.1, 0.5)]
    table = learned_table(open_store(make_store([*records[:3], sampled(records[3], shift=0)])), heads)
    assert list(table["width"]) == [10, 100, 100] and set(table["temperature"]) == {0.5}
    assert list(table["order parameter"]) == ["theory", "theory", "exact posterior"]
    np.testing.assert_allclose(table[["cosine", "heads", "paths"]], 1)


def test_files_that_do_not_fit_are_refused(make_store, tmp_path, capsys):
    store = make_store([one_shot_point(10, 0.5, 0.5, 0.1)])
    three = write_network(tmp_path / "three.h5", *random_network(heads=(3, 2)))
    with pytest.raises(UsageError, match="its heads are 3:2, those of .* 2:2"):
        learned_table(open_store(store), three)
    with pytest.raises(InputError, match="no such file"):
        learned_order_parameter(tmp_path / "missing.h5")
    with pytest.raises(StoreError, match="holds no network"):
        learned_order_parameter(store)
    values, readout = random_network()
    with pytest.raises(StoreError, match="are not all"):
        learned_order_parameter(write_network(tmp_path / "torn.h5", values, readout[:-1]))
    assert main(["learned", store, write_network(tmp_path / "n.h5", values, readout)]) == 0
    assert "off-diagonal cosine" in capsys.readouterr().out
