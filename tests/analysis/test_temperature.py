"""Temperature selection: the most accurate point of the grid, its ties, and what is missing."""

import io

import numpy as np
import pandas as pd
import pytest
from attnpaths import UsageError, open_store
from attnpaths.__main__ import main
from attnpaths.temperature import select_temperatures
from synthetic_store import one_shot_point, sampled

TEMPERATURES = (0.1, 0.5, 1.0)


def grid(best, gp_best=0.1, **options):
    """Points at TEMPERATURES; `best` is the best temperature of each width on validation, best / 5 on the test set."""
    return [one_shot_point(width, t, best[width], gp_best, **options) for width in best for t in TEMPERATURES]


def test_each_width_and_the_gp_has_its_own_temperature(make_store):
    table = select_temperatures(open_store(make_store(grid({10: 0.5, 100: 1.0}))))
    assert list(table["width"]) == [10, 100, np.inf]
    assert list(table["temperature"]) == [0.5, 1.0, 0.1]
    assert list(table["at_edge"]) == [False, True, True]
    assert list(table["row"]) == [1, 5, 0]
    record = one_shot_point(10, 0.5, 0.5, 0.1)
    for name in ("accuracy", "accuracy-mnist", "accuracy-validation"):
        assert table[name][0] == record[f"theory/{name}"] and table[name][2] == grid({10: 0.5})[0][f"gp/{name}"]


def test_the_paper_s_protocol_selects_on_the_test_set(make_store):
    table = select_temperatures(open_store(make_store(grid({10: 0.5, 100: 1.0}))), protocol="test")
    assert list(table["temperature"][:2]) == [0.1, 0.1]


@pytest.mark.parametrize("protocol, temperature", [("validation", 1.0), ("test", 0.1)])
def test_ties_go_to_the_least_error_in_validation_and_to_the_lowest_temperature_on_the_test_set(
        make_store, protocol, temperature):
    equal = {"theory/accuracy": 0.75, "theory/accuracy-validation": 0.75}
    store = open_store(make_store([{**one_shot_point(10, t, 0.5, 0.1), **equal, "theory/mse-validation": 1 / t}
                                   for t in reversed(TEMPERATURES)]))
    assert select_temperatures(store, protocol=protocol)["temperature"][0] == temperature


def test_all_choose_on_one_grid(make_store):
    lone = one_shot_point(10, 0.7, 0.7, 0.7)
    lone.update({"theory/accuracy-validation": 1.0, "gp/accuracy-validation": 1.0})
    table = select_temperatures(open_store(make_store([lone, *grid({10: 0.5, 100: 1.0})])))
    assert list(table["temperature"]) == [0.5, 1.0, 0.1]


def test_a_point_with_samples_replaces_the_one_without(make_store):
    records = grid({10: 0.5})
    store = open_store(make_store([*records, sampled(records[1])]))
    assert select_temperatures(store)["row"][0] == 3


def test_seeds_are_averaged(make_store):
    records = [{**one_shot_point(10, t, 0.5, 0.1), "point/seed": seed, "theory/accuracy-validation": value}
               for t, values in ((0.1, (0.9, 0.5)), (0.5, (0.8, 0.7))) for seed, value in enumerate(values)]
    table = select_temperatures(open_store(make_store(records)))
    assert table["temperature"][0] == 0.5 and table["accuracy-validation"][0] == pytest.approx(0.75)


def test_a_store_without_validation_set_says_so(make_store):
    records = [{name: value for name, value in record.items() if "validation" not in name}
               for record in grid({10: 0.5})]
    store = open_store(make_store(records))
    with pytest.raises(UsageError, match="no test set validation .*--select test"):
        select_temperatures(store)
    assert select_temperatures(store, protocol="test")["temperature"][0] == 0.1


def test_what_cannot_be_compared_is_refused(make_store):
    apart = [one_shot_point(10, 0.1, 0.5, 0.1), one_shot_point(100, 0.5, 0.5, 0.1)]
    with pytest.raises(UsageError, match="no temperature is common"):
        select_temperatures(open_store(make_store(apart)))
    other = [{**record, "point/examples": 50} for record in grid({10: 0.5})]
    with pytest.raises(UsageError, match="examples: 50, 600"):
        select_temperatures(open_store(make_store(grid({10: 0.5}) + other)))


def test_the_command_prints_a_table_or_values(make_store, capsys):
    path = make_store(grid({10: 0.5, 100: 1.0}))
    assert main(["temperatures", path]) == 0
    text = capsys.readouterr().out
    assert "1*" in text and "at the end of the grid" in text and "GP" in text
    assert main(["temperatures", path, "--select", "test", "--csv", "--where", "width=10"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(table["width"]) == [10, np.inf] and table["key"][0] == one_shot_point(10, 0.1, 0.5, 0.1)["point/key"]


def test_quantities_have_the_temperature_of_highest_determination(make_store, capsys):
    records = grid({10: 0.5, 100: 1.0})
    for record in records:
        for name in [name for name in record if "/accuracy" in name]:
            record[name.replace("/accuracy", "/determination")] = record.pop(name)
    path = make_store(records)
    assert list(select_temperatures(open_store(path))["temperature"]) == [0.5, 1.0, 0.1]
    assert main(["temperatures", path]) == 0 and "temperature of highest R^2 on the test set" in capsys.readouterr().out
    assert main(["figure3", path, "-o", "f.png"]) == 64 and "draw figure2" in capsys.readouterr().err
