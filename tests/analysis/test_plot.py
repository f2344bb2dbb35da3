"""Figures in axes of one's own."""

import matplotlib
import numpy as np
import pytest
from attnpaths import UsageError, open_store
from attnpaths.figures.accuracy import accuracy_figure
from attnpaths.plot import accuracy, order_parameter
from matplotlib import pyplot
from synthetic_store import point

matplotlib.use("Agg")


@pytest.fixture
def store(make_store):
    return open_store(make_store([point(width, temperature=temperature) for width in (10, 100) for temperature in (0.01, 0.1)]))


@pytest.fixture
def axes():
    figure, axes = pyplot.subplots(1, 2)
    yield axes
    pyplot.close(figure)


def test_what_is_drawn_is_that_of_the_figure(store, axes):
    assert accuracy(store, ax=axes[1], temperature=0.1) is axes[1]
    expected = accuracy_figure(store, "temperature=0.1").axes[0]
    assert len(axes[1].lines) == len(expected.lines) > 1 and not axes[0].lines
    for line, other in zip(axes[1].lines, expected.lines):
        np.testing.assert_array_equal(line.get_xydata(), other.get_xydata())
    assert [text.get_text() for text in axes[1].get_legend().texts] == [text.get_text() for text in expected.get_legend().texts]


def test_options_and_settings_go_their_ways(store, axes):
    accuracy(store, ax=axes[0], x="temperature", lines="width", quantity="accuracy-mnist")
    assert axes[0].get_ylabel() == "test accuracy (mnist)" and axes[0].get_xlabel() == "temperature $T$"
    with pytest.raises(UsageError, match="the points differ in temperature"):
        accuracy(store, ax=axes[0])


def test_current_axes_by_default(store):
    figure = pyplot.figure()
    axis = order_parameter(store, width=10, temperature=0.1)
    assert axis.figure is figure and axis.images[0].get_array().shape == (4, 4)
    pyplot.close(figure)
