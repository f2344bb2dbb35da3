"""Types that signatures of this package share."""

import os
from collections.abc import Sequence
from typing import Any, Union

import numpy.typing as npt

Array = npt.NDArray[Any]
StrPath = Union[str, "os.PathLike[str]"]
Where = Union[str, Sequence[str]]  # conditions that choose points; see selection
Legend = dict[str, Any]  # arguments of matplotlib's legend
