"""Which columns of a store a page shows. What is not needed is not embedded."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Bookkeeping of the program: different at every point, and nothing to look at.
BOOKKEEPING = re.compile(r".*/(key|kept|checksum)$|point/(nominal_.*|submission|asked_by|host|evaluation|attempts)$")
# Arrays that the details of a point draw, the ones to keep first; what else the store has is left to other tools.
DETAILS = [re.compile(pattern) for pattern in (
    r"point/(head_counts|widths)$", r"[^/]+/order_parameter$", r"[^/]+/head_scores$", r"[^/]+/log_bayes_factors$",
    r"sampling/[^/]+/order_parameter(_mcse|_sd|_z)?$", r"learning_curve/.*", r"[^/]+/order_parameter_sd$", r"[^/]+/cumulative_power$",
    r"[^/]+/eigenvalues$", r"[^/]+/path_scores$", r"sampling/[^/]+/draws_(log_density|order_parameter)$")]


def is_shown(column: str) -> bool:
    """Whether a scalar column is shown."""
    return BOOKKEEPING.match(column) is None


def shown_arrays(columns: Iterable[str]) -> list[str]:
    """Those array columns that details draw, in the order in which to keep them."""
    columns = list(columns)
    ranked = [(rank, name) for name in columns for rank, pattern in enumerate(DETAILS) if pattern.match(name)]
    return list(dict.fromkeys(name for _, name in sorted(ranked)))
