"""Points that differ in their prior variances are told apart, by what lists their settings."""

import numpy as np
import pytest
import xarray
from attnpaths import UsageError, open_store
from attnpaths.figures.accuracy import accuracy_figure
from attnpaths.figures.figure2 import figure2
from attnpaths.figures.order_parameter import order_parameter_figure
from attnpaths.page.live_store import LiveStore
from attnpaths.report import report_html
from attnpaths.selection import point_caption, select_rows
from attnpaths.xarray_engine import AttnpathsBackend
from synthetic_store import point
from test_page import HEADER, RECORD, encoded, entry

WIDTHS, READOUT = (10, 100, 1000), (1.0, 4.0)


def of_variance(width, readout, layers=(1.0, 1.0)):
    """Accuracies of the two readout variances are 0.2 apart."""
    record = point(width, variances=[1.0, *layers, readout])
    return {**record, "theory/accuracy": record["theory/accuracy"] - 0.2 * (readout == 4)}


@pytest.fixture
def store(make_store):
    return open_store(make_store([of_variance(width, readout) for readout in READOUT for width in WIDTHS]))


def test_the_list_is_three_columns(store):
    frame = store.read_frame(["point/variance_input", "point/variance_layers", "point/variance_readout"])
    assert set(frame["point/variance_input"]) == {1.0} and set(frame["point/variance_layers"]) == {"1"}
    assert list(frame["point/variance_readout"]) == [1, 1, 1, 4, 4, 4]
    assert store.columns["point/variance_readout"] == "real" and "sigma_a^2" in store.attribute("point/variance_readout", "description")


@pytest.mark.parametrize("where, rows", [
    ("variance_readout=4", [3, 4, 5]), ("variance_readout>1", [3, 4, 5]), ("variances=1:1:1:4", [3, 4, 5]), ("variances=1", [0, 1, 2]),
    ("variances!=1", [3, 4, 5]), ("variance_layers=1", [0, 1, 2, 3, 4, 5]), ("variance_input<1", [])])
def test_conditions(store, where, rows):
    assert list(select_rows(store, where)) == rows


def test_layers_that_differ_are_a_list(make_store):
    store = open_store(make_store([of_variance(10, 1.0), of_variance(10, 1.0, (1.0, 2.0))]))
    assert list(store.column("point/variance_layers")) == ["1", "1:2"]
    with pytest.raises(UsageError, match="variance_layers is a list"):
        accuracy_figure(store, x="variance_layers")
    assert r"$\sigma_l^2$ = 1:2" in point_caption(store, 1)


@pytest.mark.parametrize("draw", [figure2, accuracy_figure, order_parameter_figure])
def test_no_figure_takes_them_for_one_series(store, draw):
    where = ["width=10"] if draw is order_parameter_figure else []
    with pytest.raises(UsageError, match="variance_readout: 1, 4; choose, e.g. --where \"variance_readout=1\""):
        draw(store, where)
    assert draw(store, [*where, "variance_readout=4"]).axes is not None


def test_a_line_for_each_and_an_axis_of_them(store):
    axis = accuracy_figure(store, lines="variance_readout").axes[0]
    curves = [container[0].get_ydata() for container in axis.containers if str(container.get_label()).startswith("theory")]
    assert len(curves) == 2
    np.testing.assert_allclose(curves[0] - curves[1], 0.2)
    assert axis.get_legend().get_title().get_text() == r"readout variance $\sigma_a^2$"
    axis = accuracy_figure(store, x="variance_readout", lines="width").axes[0]
    assert axis.get_xlabel() == r"readout variance $\sigma_a^2$"
    theory = next(container for container in axis.containers if str(container.get_label()).startswith("theory"))
    np.testing.assert_allclose(theory[0].get_xdata(), READOUT)


def test_captions_name_what_is_not_the_same_everywhere(store, make_store):
    assert r"$\sigma_a^2$ = 1" in point_caption(store, 0) and r"$\sigma_0^2$" not in point_caption(store, 0)
    figure = order_parameter_figure(store, ["width=10", "variance_readout=4"])
    assert r"$\sigma_a^2$ = 4" in figure.axes[0].get_xlabel()
    usual = open_store(make_store([point(10)], "usual.h5"))
    assert "sigma" not in point_caption(usual, 0)


def test_reports_and_tables_of_heads_have_a_column_only_where_they_differ(store, make_store):
    html = report_html(store)
    assert "variance_readout: 1, 4." in html
    assert "<th>variance_readout</th>" in html and "<th>variance_input</th>" not in html
    heads = store.head_scores()
    assert set(heads["variance_readout"]) == {1.0, 4.0} and "variance_input" not in heads
    usual = open_store(make_store([point(10)], "usual.h5"))
    assert "<th>variance_readout</th>" not in report_html(usual) and "variance_readout" not in usual.head_scores()


def test_xarray_has_a_dimension_where_they_differ(store):
    grid = xarray.open_dataset(store.path, engine=AttnpathsBackend)
    assert dict(grid["theory_accuracy"].sizes) == {"width": 3, "examples": 1, "temperature": 1, "seed": 1, "variance_readout": 2}
    np.testing.assert_allclose(grid["theory_accuracy"].sel(variance_readout=1) - grid["theory_accuracy"].sel(variance_readout=4), 0.2)


def test_the_live_page_learns_them_from_the_journal(tmp_path):
    path = tmp_path / "s.h5"
    (tmp_path / "s.h5.journal").write_bytes(HEADER + entry(RECORD, encoded(of_variance(10, 4.0, (1.0, 2.0)))))
    live = LiveStore(path)
    values = live.changes(0)["rows"][0]["values"]
    live.close()
    assert values["point/variance_readout"] == 4 and values["point/variance_layers"] == "1:2" and "point/variances" not in values
