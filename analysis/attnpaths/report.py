"""A report on a store as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import html
import io
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import selection
from .errors import AnalysisError
from .figures.figure2 import figure2
from .output_file import whole_file
from .sampled import GROUPS
from .style import figure_style, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

    from .store import Store
    from .typing import StrPath

# Certificates: what the last part of a column's name says, and which value is the worst.
WORST = {
    "gradient_norm": max, "gradient_norm_U": max, "gradient_bound_U": max, "gradient_norm_relative": max,
    "gradient_bound_relative": max, "hessian_min": min, "iterations": max,
    "second_start_difference": max, "rhat": max, "ess": min, "tail_ess": min, "ebfmi": min, "divergences": max,
    "depth_hits": max,
}
# Of the table of samples: heading and the last part of a column's name.
DIAGNOSTICS = {
    "verdict": "verdict", "R-hat": "rhat", "bulk ESS": "ess", "tail ESS": "tail_ess", "E-BFMI": "ebfmi",
    "chains": "chains", "draws": "draws", "divergences": "divergences", "depth hits": "depth_hits",
    "accuracy": "accuracy", "its MCSE": "accuracy_mcse", "predictor z": "predictor_z",
    "saddle point": "saddle_verdict", "|dU|/sd": "shift_over_sd", "|accuracy z|": "accuracy_z", "|bias z|": "bias_z",
}
ROWS = 500  # of the table of points
FIGURES = 6
STYLE = """body{font:15px/1.45 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #ddd}th{background:#f4f4f4}
.wide{overflow-x:auto}img{max-width:100%}pre{background:#f4f4f4;padding:1em;overflow-x:auto}"""


def worst_certificates(store: Store) -> pd.DataFrame:
    """Worst value of each certificate over the done points: list of (column, value, row)."""
    rows, found = selection.select_rows(store), []
    for name, kind in store.columns.items():
        worst = WORST.get(name.rpartition("/")[2])
        if worst is None or kind == "array" or rows.size == 0:
            continue
        values = store.column(name, rows).to_numpy(dtype=float, na_value=np.nan)
        if not np.isnan(values).all():
            at = (np.nanargmax if worst is max else np.nanargmin)(values)
            found.append((name, values[at], rows[at]))
    return found


def sampling_table(store: Store, rows: Any) -> pd.DataFrame:
    """DataFrame of the sampling diagnostics of these rows, a row per point and method; empty without samples.

    "worst |z|" is the largest |theory - sampled| of U_1's elements in units of the Monte Carlo standard error.
    """
    settings = [column for name, column in selection.SETTINGS.items() if column in store.columns
                and (name == "width" or store.column(column, rows).nunique() > 1)]
    tables = []
    for group in GROUPS:
        if f"{group}/verdict" not in store.columns:
            continue
        table = store.read_frame(settings, rows)
        table.insert(len(settings), "method", group.rpartition("/")[2])
        for heading, name in DIAGNOSTICS.items():
            if f"{group}/{name}" in store.columns:
                table[heading] = store.column(f"{group}/{name}", rows)
        if f"{group}/order_parameter_z" in store.columns:
            table["worst |z|"] = [np.abs(z[np.isfinite(z)]).max(initial=0) if z.size else np.nan
                                  for z in store.arrays(f"{group}/order_parameter_z", rows)]
        tables.append(table[table["verdict"] != ""])
    return pd.concat(tables).sort_index(kind="stable") if tables else pd.DataFrame()


def _table(frame: pd.DataFrame, index: bool = False) -> str:
    shown = frame.rename(columns=lambda name: name.removeprefix("point/"))
    return f'<div class="wide">{shown.to_html(index=index, border=0, na_rep="", float_format="%.5g")}</div>'


def _image(figure: MplFigure) -> str:
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=130)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<p><img alt="accuracy, order parameter and alignment" src="data:image/png;base64,{data}"></p>'


def _figures(store: Store) -> str:
    """Figure 2 for each combination of the settings other than width and seed, the first FIGURES of them."""
    if selection.select_rows(store).size == 0:
        return "<p>No point is finished.</p>"
    points = selection.select_points(store)
    several = list(selection.varying(points, free=["width"]))
    columns = [selection.SETTINGS[name] for name in several]
    combinations = points[columns].drop_duplicates().to_numpy().tolist() if several else [[]]
    parts = []
    for values in combinations[:FIGURES]:
        where = [f"{name}={float(value)!r}" if isinstance(value, float) else f"{name}={value}"
                 for name, value in zip(several, values)]
        title = ", ".join(f"{name} {value_label(value)}" for name, value in zip(several, values))
        parts.append(f"<h3>{html.escape(title)}</h3>" if title else "")
        try:
            parts.append(_image(figure2(store, where)))
        except AnalysisError as error:
            parts.append(f"<p>No figure: {html.escape(str(error))}</p>")
    if len(combinations) > FIGURES:
        parts.append(f"<p>{len(combinations) - FIGURES} more combinations of {', '.join(several)} are not shown.</p>")
    return "".join(parts)


def report_html(store: Store) -> str:
    """The report as HTML text: counts, figures, worst certificates, failed points, table of points, configuration."""
    status = store.column("point/status")
    done, failed = int((status == "done").sum()), np.flatnonzero(status == "failed")
    title = html.escape(os.path.basename(store.path))
    parts = [f"<h1>{title}</h1><p>{done} of {store.planned} points done, {len(failed)} failed, as of the store file. "
             f"attnpaths {html.escape(store.program_version)} ({html.escape(store.git_hash)}).</p>"]
    parts += ["<h2>Figures</h2>", _figures(store), "<h2>Certificates, worst case</h2><table><tr><th>column</th>"
              "<th>worst</th><th>row</th><th>meaning</th></tr>"]
    for column, value, row in worst_certificates(store):
        meaning = html.escape(store.attribute(column, "description"))
        parts.append(f"<tr><td>{html.escape(column)}</td><td>{value:.3g}</td><td>{row}</td><td>{meaning}</td></tr>")
    parts.append("</table>")
    samples = sampling_table(store, selection.select_rows(store))
    if len(samples):
        lacking = int((samples["verdict"] != "sampled").sum())
        parts += ["<h2>Samples</h2><p>", f"{lacking} of {len(samples)} not converged or failed. " if lacking else "",
                  "R-hat is the worst and ESS and E-BFMI are the least over the elements of U, the log density and the "
                  "chains; worst |z| is the largest difference of theory and samples over the elements of U, in units "
                  "of the Monte Carlo standard error (MCSE).</p>", _table(samples[:ROWS], index=True)]
        if len(samples) > ROWS:
            parts.append(f"<p>{len(samples) - ROWS} more rows in the store.</p>")
    parts.append("<h2>Failed points</h2>")
    names = [*filter(store.columns.__contains__, selection.SETTINGS.values()), "point/attempts", "point/message"]
    parts.append(_table(selection.in_order(store, store.read_frame(names, failed)), index=True) if len(failed) else "<p>None.</p>")
    results = [name for name in ("point/class_names", "theory/accuracy", "theory/determination", "theory/mse",
                                 "gp/accuracy", "gp/determination", "gp/mse", "theory/in_regime",
                                 "theory/gradient_norm_U", "theory/gradient_bound_U", "theory/certificate",
                                 "point/seconds") if name in store.columns]
    rows = selection.select_rows(store)
    parts.append("<h2>Points</h2>" + _table(selection.in_order(store, store.read_frame([*names[:-2], *results], rows))[:ROWS], index=True))
    if len(rows) > ROWS:
        parts.append(f"<p>{len(rows) - ROWS} more rows in the store.</p>")
    parts.append(f"<h2>Configuration</h2><pre>{html.escape(store.configuration)}</pre>")
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n")


def write_report(store: Store, path: StrPath) -> None:
    """Write the report; OutputError if the file cannot be written."""
    text = report_html(store)
    # Names of files may hold bytes that are no UTF-8.
    with whole_file(path) as temporary, open(temporary, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
