import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "analysis"), str(HERE)]

import synthetic_store  # noqa: E402


@pytest.fixture
def make_store(tmp_path):
    """Function that writes records as a store and returns its path."""

    def make(records, name="store.h5", **options):
        return synthetic_store.write_store(tmp_path / name, records, **options)

    return make
