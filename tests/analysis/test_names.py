"""Names of classes on figures, in data sets and in the report; figures of quantities."""

import numpy as np
from attnpaths import open_store
from attnpaths.figures.accuracy import accuracy_figure
from attnpaths.figures.figure2 import figure2
from attnpaths.figures.order_parameter import order_parameter_figure
from attnpaths.names import class_names, classes_text, names_of_text
from attnpaths.report import report_html
from synthetic_store import point

NAMES = "ant; a bee, with a very long name; cat"


def named_store(make_store, names=NAMES, **options):
    records = [point(width, heads=(2, 1), **options) for width in (10, 100)]
    for record in records:
        record["point/class_names"] = names
    return open_store(make_store(records))


def test_names_come_back_whole_or_not_at_all():
    assert names_of_text("a; b,c; ", 3) == ["a", "b,c", ""]
    assert names_of_text("a; b", 3) == names_of_text("", 3) == [""] * 3


def test_outputs_carry_the_names_of_their_classes(make_store):
    store = named_store(make_store, outputs=3)
    assert class_names(store, 0) == ["ant", "a bee, with a very long name", "cat"]
    axis = order_parameter_figure(store, "width=10").axes[0]
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert labels == ["1.1:ant", "1.1:a bee, with a…", "1.1:cat", "2.1:ant", "2.1:a bee, with a…", "2.1:cat"]
    assert list(store.dataset(["theory/order_parameter"])["output"].values) == class_names(store, 0)
    assert accuracy_figure(store).axes[0].get_title(loc="left") == "ant, a bee, with a…, cat"
    assert "accuracy: ant, a bee, with a…, cat" in figure2(store).axes[0].get_title(loc="left")
    assert "ant; a bee, with a very long name; cat" in report_html(store)


def test_two_classes_share_an_output(make_store):
    store = named_store(make_store, "no; yes")
    assert class_names(store, 0) == ["no", "yes"]
    assert accuracy_figure(store).axes[0].get_title(loc="left") == "no, yes"
    labels = [label.get_text() for label in order_parameter_figure(store, "width=10").axes[0].get_yticklabels()]
    assert labels == ["1.1", "2.1"]


def test_classes_without_names_are_numbered(make_store):
    store = named_store(make_store, "", outputs=3)
    assert class_names(store, 0) == [] and classes_text(store, 0) == ""
    labels = [label.get_text() for label in order_parameter_figure(store, "width=10").axes[0].get_yticklabels()]
    assert labels[:3] == ["1.1:1", "1.1:2", "1.1:3"]


def test_of_many_classes_the_first_are_named(make_store):
    store = named_store(make_store, "; ".join(f"class {number}" for number in range(10)), outputs=10)
    assert classes_text(store, 0) == "class 0, class 1, class 2, class 3, class 4, ... (10 classes)"


def test_quantities_show_the_coefficient_of_determination(make_store):
    records = [point(width) for width in (10, 100)]
    for record in records:
        for column in [name for name in record if "accuracy" in name]:
            group = column.partition("/")[0]
            value = record.pop(column)
            if column == f"{group}/accuracy":
                record[f"{group}/determination"] = value - 0.1
    store = open_store(make_store(records))
    axis = accuracy_figure(store).axes[0]
    assert axis.get_ylabel() == "test $R^2$"
    np.testing.assert_allclose(axis.lines[0].get_ydata(), store.column("theory/determination"))
    assert "coefficient of determination" in figure2(store).axes[0].get_title(loc="left")
    assert "theory/determination" in report_html(store)
