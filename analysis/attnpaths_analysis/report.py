"""A report on a store as one HTML file that needs nothing else."""

import base64
import html
import io
import os

import numpy as np

from . import selection
from .errors import AnalysisError, OutputError
from .figure2 import figure2
from .style import figure_style, value_label

# Certificates: what the last part of a column's name says, and which value is the worst.
WORST = {
    "gradient_norm": max, "gradient_norm_U": max, "hessian_min": min, "iterations": max,
    "second_start_difference": max, "rhat": max, "ess": min, "divergences": max, "z": max,
}
ROWS = 500  # of the table of points
FIGURES = 6
STYLE = """body{font:15px/1.45 system-ui,sans-serif;max-width:1150px;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #ddd}th{background:#f4f4f4}
.wide{overflow-x:auto}img{max-width:100%}pre{background:#f4f4f4;padding:1em;overflow-x:auto}"""


def worst_certificates(store):
    """Worst value of each certificate over the done points: list of (column, value, row); |z| counts for z."""
    rows, found = selection.select_rows(store), []
    for name, kind in store.columns.items():
        worst = WORST.get(name.rpartition("/")[2])
        if worst is None or rows.size == 0:
            continue
        if kind == "array":
            parts = [np.abs(a) if name.endswith("/z") else a for a in store.arrays(name, rows)]
            reduce = np.nanmax if worst is max else np.nanmin
            values = np.array([reduce(a) if np.isfinite(a).any() else np.nan for a in parts])
        else:
            values = store.column(name, rows).to_numpy(dtype=float, na_value=np.nan)
            values = np.abs(values) if name.endswith("/z") else values
        if not np.isnan(values).all():
            at = (np.nanargmax if worst is max else np.nanargmin)(values)
            found.append((name, values[at], rows[at]))
    return found


def _table(frame, index=False):
    shown = frame.rename(columns=lambda name: name.removeprefix("point/"))
    return f'<div class="wide">{shown.to_html(index=index, border=0, na_rep="", float_format="%.5g")}</div>'


def _image(figure):
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=130)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<p><img alt="accuracy, order parameter and alignment" src="data:image/png;base64,{data}"></p>'


def _figures(store):
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


def report_html(store):
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
    parts.append("</table><h2>Failed points</h2>")
    names = [*filter(store.columns.__contains__, selection.SETTINGS.values()), "point/attempts", "point/message"]
    parts.append(_table(store.read_frame(names, failed), index=True) if len(failed) else "<p>None.</p>")
    results = [name for name in ("theory/accuracy", "theory/mse", "gp/accuracy", "gp/mse", "theory/gradient_norm",
                                 "point/seconds") if name in store.columns]
    rows = selection.select_rows(store)
    parts.append("<h2>Points</h2>" + _table(store.read_frame([*names[:-2], *results], rows[:ROWS]), index=True))
    if len(rows) > ROWS:
        parts.append(f"<p>{len(rows) - ROWS} more rows in the store.</p>")
    parts.append(f"<h2>Configuration</h2><pre>{html.escape(store.configuration)}</pre>")
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n")


def write_report(store, path):
    """Write the report; OutputError if the file cannot be written."""
    text = report_html(store)
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from None
