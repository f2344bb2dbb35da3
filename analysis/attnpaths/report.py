"""A report on a store as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import selection
from .output_file import whole_file
from .report_figures import best_point, report_lines, settings_text
from .sampled import GROUPS
from .style import figure_style, quantity_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

    from .store import Store
    from .typing import StrPath, Where

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
STYLE = """body{font:15px/1.45 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #ddd}th{background:#f4f4f4}
.wide{overflow-x:auto}img{max-width:100%}pre{background:#f4f4f4;padding:1em;overflow-x:auto}"""


def worst_certificates(store: Store, rows: Any) -> list[tuple[str, float, int]]:
    """Worst value of each certificate over these points: list of (column, value, row)."""
    found = []
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


def _image(figure: MplFigure, question: str) -> str:
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=130)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<p><img alt="{html.escape(question)}" src="data:image/png;base64,{data}"></p>'


def _figures(store: Store, where: Where) -> str:
    """A line of panels for each question."""
    parts = []
    for line in report_lines(store, where):
        parts.append(f"<h3>{html.escape(line.question)}</h3><p>{html.escape(line.caption)}</p>")
        parts.append(_image(line.figure, line.question) if line.figure else f"<p>No figure: {html.escape(line.reason)}</p>")
    return "".join(parts)


def _counts_text(store: Store, rows: Any) -> Iterator[str]:
    """Sentences on what the points are, and how well they were computed."""
    points = selection.select_points(store, (), ["point/seconds"]).loc[rows]
    names = {**selection.varying(points), **({"seed": sorted(points["point/seed"].unique())} if points["point/seed"].nunique() > 1 else {})}
    if names:
        yield "Points differ in " + "; ".join(f"{name}: {selection.listing(values)}" for name, values in names.items()) + "."
    yield f"Computed in {points['point/seconds'].sum() / 3600:.2g} CPU hours."
    if "theory/certificate" in store.columns:
        certified = int((store.column("theory/certificate", rows) == "certified").sum())
        yield f"{certified} of {len(rows)} saddle points are certified: proven minima of the action, rounding included."
    if "theory/in_regime" in store.columns:
        outside = int((store.column("theory/in_regime", rows) == 0).sum())
        if outside:
            yield f"{outside} have a width below their number of paths, where the theory's limit does not describe the network."


def _summary(store: Store, where: Where, rows: Any) -> str:
    """What a reader should know first, a list."""
    if rows.size == 0:
        return "<p>No point is finished.</p>"
    best = best_point(store, where)
    sentences = []
    if np.isfinite(best.value):
        name = quantity_label(best.quantity).replace("$", "").replace("^2", "\N{SUPERSCRIPT TWO}")
        said = f"Best {name} of the theory: {best.value:.4g}" + (f", at {at}" if (at := settings_text(best)) else "")
        column = f"gp/{best.quantity}"
        if column in store.columns:
            process = store.column(column, rows).to_numpy(dtype=float, na_value=np.nan)
            said += f"; best of the Gaussian process (infinite width): {np.nanmax(process):.4g}" if np.isfinite(process).any() else ""
        sentences.append(said + ".")
    sentences += _counts_text(store, rows)
    return "<ul>" + "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def report_html(store: Store, where: Where = ()) -> str:
    """The report as HTML text: summary, figures, worst certificates, failed points, table of points, configuration."""
    rows, failed = selection.select_rows(store, where), selection.select_rows(store, where, status="failed")
    done = int((store.column("point/status") == "done").sum())
    title = html.escape(os.path.basename(store.path))
    parts = [f"<h1>{title}</h1><p>{done} of {store.planned} points done, {store.points - done} failed, as of the store file. "
             f"attnpaths {html.escape(store.program_version)} ({html.escape(store.git_hash)}).</p>"]
    conditions = [where] if isinstance(where, str) else list(where)
    if conditions:
        parts.append(f"<p>Shown are the {len(rows)} done and {len(failed)} failed with {html.escape(', '.join(conditions))}.</p>")
    parts += ["<h2>Summary</h2>", _summary(store, where, rows)]
    parts += ["<h2>Figures</h2>", _figures(store, where)] if rows.size else []
    parts += ["<h2>Certificates, worst case</h2><table><tr><th>column</th>"
              "<th>worst</th><th>row</th><th>meaning</th></tr>"]
    for column, value, row in worst_certificates(store, rows):
        meaning = html.escape(store.attribute(column, "description"))
        parts.append(f"<tr><td>{html.escape(column)}</td><td>{value:.3g}</td><td>{row}</td><td>{meaning}</td></tr>")
    parts.append("</table>")
    samples = sampling_table(store, rows)
    if len(samples):
        lacking = int((samples["verdict"] != "sampled").sum())
        parts += ["<h2>Samples</h2><p>", f"{lacking} of {len(samples)} not converged or failed. " if lacking else "",
                  "R-hat is the worst and ESS and E-BFMI are the least over the elements of U, the log density and the "
                  "chains; worst |z| is the largest difference of theory and samples over the elements of U, in units "
                  "of the Monte Carlo standard error (MCSE).</p>", _table(samples[:ROWS], index=True)]
        if len(samples) > ROWS:
            parts.append(f"<p>{len(samples) - ROWS} more rows in the store.</p>")
    parts.append("<h2>Failed points</h2>")
    names = [*selection.settings_of(store, np.union1d(rows, failed)), "point/attempts", "point/message"]
    parts.append(_table(selection.in_order(store, store.read_frame(names, failed)), index=True) if len(failed) else "<p>None.</p>")
    results = [name for name in ("point/class_names", "theory/accuracy", "theory/determination", "theory/mse",
                                 "gp/accuracy", "gp/determination", "gp/mse", "theory/in_regime",
                                 "theory/gradient_norm_U", "theory/gradient_bound_U", "theory/certificate",
                                 "point/seconds") if name in store.columns]
    parts.append("<h2>Points</h2>" + _table(selection.in_order(store, store.read_frame([*names[:-2], *results], rows))[:ROWS], index=True))
    if len(rows) > ROWS:
        parts.append(f"<p>{len(rows) - ROWS} more rows in the store.</p>")
    parts.append(f"<h2>Configuration</h2><pre>{html.escape(store.configuration)}</pre>")
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n")


def write_report(store: Store, path: StrPath, where: Where = ()) -> None:
    """Write the report on the points that `where` chooses; OutputError if the file cannot be written."""
    text = report_html(store, where)
    # Names of files may hold bytes that are no UTF-8.
    with whole_file(path) as temporary, open(temporary, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
