"""Tables of points, as text, comma-separated values, LaTeX, or files of these and Parquet."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from .errors import UsageError
from .output_file import whole_file

if TYPE_CHECKING:
    from .typing import StrPath

SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{sign: f"\\{sign}" for sign in "&%$#_{}"}}
# Suffix of a file, and what is written into it; the program chooses by it.
SUFFIXES = ("csv", "tex", "parquet", "txt")


def csv_text(table: pd.DataFrame) -> str:
    """Comma-separated values with a line of names, numbers with 10 digits."""
    return str(table.to_csv(index=False, float_format="%.10g")).rstrip("\n")


def _latex_cell(value: Any) -> str:
    if pd.isna(value):
        return "--"
    text = f"{value:.5g}" if isinstance(value, float) else str(value)
    power = re.fullmatch(r"(-?[\d.]+)e([+-]\d+)", text)
    if power:
        return rf"${power[1]}\times10^{{{int(power[2])}}}$"
    return "".join(SPECIAL.get(sign, sign) for sign in text)


def latex_text(table: pd.DataFrame) -> str:
    r"""A tabular with the rules of package booktabs; numbers with 5 digits, what is missing as a dash."""
    def line(cells: Any) -> str:
        return " & ".join(map(_latex_cell, cells)) + r" \\"
    alignment = "".join("r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in table.dtypes)
    lines = [f"\\begin{{tabular}}{{{alignment}}}", r"\toprule", line(table.columns), r"\midrule",
             *(line(table[name].iloc[row] for name in table) for row in range(len(table))), r"\bottomrule", r"\end{tabular}"]
    return "\n".join(lines)


def check_table(path: StrPath) -> str:
    """Suffix of a table's file; UsageError if it is none of SUFFIXES."""
    suffix = os.path.splitext(path)[1].lstrip(".").lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path}: the suffix must be one of {', '.join(SUFFIXES)}")
    return suffix


def save_table(table: pd.DataFrame, path: StrPath) -> None:
    """Write a table in the format of the file's suffix. Raises OutputError if it cannot be written, UsageError without pyarrow for Parquet."""
    suffix = check_table(path)
    with whole_file(path) as temporary:
        if suffix == "parquet":
            try:
                table.to_parquet(temporary, index=False)
            except ImportError:
                raise UsageError(f"{path}: Parquet needs the package pyarrow or fastparquet; install one, or write a .csv") from None
            return
        text = {"csv": csv_text, "tex": latex_text, "txt": pd.DataFrame.to_string}[suffix](table)
        with open(temporary, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text + "\n")
