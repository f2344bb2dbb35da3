// What is known of the chosen points: numbers by source, U, heads, spectrum, certificate, samples, learning curve.
import { byId, make, option } from "./dom";
import { barFigure, clearFigures, heatFigure, lineFigure, numbersTable, type Line } from "./figures";
import { columnName, errorColumn, headNames, parts, pathNames, pointName, shown, sourceName } from "./names";
import { drawsFigures } from "./draws";
import type { Column, Details, Table } from "./table";

export interface Chosen { label: string; row: number; details: Details }

const QUANTITIES = ["accuracy", "determination", "mse", "bias", "variance", "train_accuracy", "train_mse"];
const SOURCE_ORDER = ["theory", "next_order", "sampling/order-parameter", "sampling/weights", "gp"];
const CERTIFICATE = ["certificate", "gradient_norm_U", "gradient_bound_U", "hessian_min", "iterations", "evaluations", "second_start_difference", "in_regime"];
const SAMPLER = ["verdict", "message", "rhat", "ess", "tail_ess", "ebfmi", "pareto_k", "chains", "draws", "divergences", "depth_hits", "predictor_z", "seconds"];
let shownMatrix = "theory/order_parameter";

const ofLetter = (chosen: Chosen[], point: Chosen) => (chosen.length > 1 ? `, ${point.label}` : "");

function withUnit(head: string, column: Column | undefined): string { return column?.about.units ? `${head} (${column.about.units})` : head; }

function cell(table: Table, column: string, row: number): string {
  const error = table.number(errorColumn(column), row), text = shown(table.value(column, row));
  return text + (text && error > 0 ? ` ± ${shown(error, 2)}` : "");
}

/** Row heads, then a cell per point. */
function comparison(table: Table, chosen: Chosen[], rows: [string, string][]): HTMLElement | null {
  const filled = rows.filter(([, column]) => chosen.some(({ row }) => shown(table.value(column, row)) !== ""));
  if (!filled.length) return null;
  return numbersTable({ heads: ["", ...chosen.map(({ label }) => (chosen.length > 1 ? label : ""))],
                        rows: filled.map(([head, column]) => [withUnit(head, table.columns.get(column)), ...chosen.map(({ row }) => cell(table, column, row))]) });
}

function panel(title: string, note: string, ...content: (HTMLElement | null)[]): HTMLElement | null {
  const kept = content.filter((element) => element !== null);
  return kept.length ? make("figure", {}, make("h3", {}, title), ...kept, note ? make("figcaption", {}, note) : null) : null;
}

/** A line per source, and per point where two are compared; a column per quantity and test set. */
function results(table: Table, chosen: Chosen[]): HTMLElement | null {
  const given = [...table.columns.keys()].filter((name) => !name.startsWith("point/") && chosen.some(({ row }) => shown(table.value(name, row)) !== ""));
  const quantities = QUANTITIES.flatMap((quantity) => [...new Set(given.map((name) => parts(name).quantity))].filter((name) => name === quantity || name.startsWith(`${quantity}-`)));
  const sources = [...new Set(given.filter((name) => quantities.includes(parts(name).quantity)).map((name) => parts(name).source))];
  if (!sources.length) return null;
  const order = (source: string) => { const at = SOURCE_ORDER.indexOf(source); return at < 0 ? SOURCE_ORDER.length : at; };
  sources.sort((a, b) => order(a) - order(b));
  const numbers = { heads: ["", ...quantities.map((name) => name.replaceAll("_", " "))], rows: sources.flatMap((source) => chosen.map((point) =>
    [`${sourceName(source)}${ofLetter(chosen, point)}`, ...quantities.map((quantity) => cell(table, `${source}/${quantity}`, point.row))])) };
  const outputs = Math.max(...chosen.map(({ row }) => table.number("point/outputs", row)));
  const made = panel("Predictions", `${outputs > 1 ? "Bias, variance and mse sum over outputs. " : ""}± is one Monte Carlo standard error.`, numbersTable(numbers))!;
  made.classList.add("whole");
  return made;
}

function evidence(table: Table, chosen: Chosen[]): HTMLElement | null {
  const rows = [...table.columns.values()].filter(({ name, kind }) => /^(evidence|best[-_]temperature)\//.test(name) && kind === "number" && !/\/(seconds)$/.test(name))
    .map(({ name }): [string, string] => [columnName(name), name]);
  return panel("Evidence", "Log probability of the training targets.", comparison(table, chosen, rows));
}

function counts({ details }: Chosen): ArrayLike<number> { return details.get("point/head_counts")?.values ?? []; }

function rowNames(table: Table, point: Chosen, size: number): string[] {
  const classes = table.value("point/class_names", point.row);
  return pathNames(counts(point), size, typeof classes === "string" ? classes : "");
}

function matrices(table: Table, chosen: Chosen[], again: () => void): (HTMLElement | null)[] {
  const names = [...new Set(chosen.flatMap(({ details }) => [...details].filter(([name, { shape }]) =>
    /order_parameter/.test(name) && !/draws/.test(name) && shape.length === 2 && shape[0] === shape[1]).map(([name]) => name)))];
  if (!names.length) return [];
  if (!names.includes(shownMatrix)) shownMatrix = names[0];
  const select = make("select", { id: "matrix", onchange: () => { shownMatrix = select.value; again(); byId("matrix").focus(); } },
    ...names.map((name) => option(name, matrixName(name), name === shownMatrix)));
  const given = chosen.flatMap((point) => { const value = point.details.get(shownMatrix); return value ? [{ point, value }] : []; });
  const limit = Math.max(...given.flatMap(({ value }) => Array.from(value.values, Math.abs)).filter(Number.isFinite), 1e-300);
  return [make("div", { class: "bar", style: "grid-column:1/-1" }, make("label", { class: "check" }, make("span", {}, "Order parameter:"), select)),
          ...given.map(({ point, value }) => heatFigure(`${matrixName(shownMatrix)}${ofLetter(chosen, point)}`,
            `Path 1.2 goes through head 1 of layer 1 and head 2 of layer 2. ${table.number("point/outputs", point.row) > 1 ? "After the colon: the output or its class. " : ""}${chosen.length > 1 ? "Both in one scale of colours." : ""}`,
            rowNames(table, point, value.shape[0]), value.values, limit))];
}

function matrixName(name: string): string {
  const { source, quantity } = parts(name);
  const what = quantity.replace("order_parameter", "U").replace("_sd", ", standard deviation").replace("_mcse", ", Monte Carlo error")
    .replace("_z", ", (theory − samples) / Monte Carlo error");
  return `${what}, ${sourceName(source)}`;
}

function heads(table: Table, chosen: Chosen[]): (HTMLElement | null)[] {
  return chosen.flatMap((point) => {
    const labels = headNames(counts(point), String(table.value("point/head_names", point.row)));
    const of = (name: string) => point.details.get(name)?.values;
    const scores = ["theory", "next_order"].flatMap((source, colour) => {
      const values = of(`${source}/head_scores`);
      return values && values.length === labels.length ? [{ name: sourceName(source), values, colour }] : [];
    });
    const factors = of("head_evidence/log_bayes_factors");
    return [scores.length ? barFigure(`Head scores${ofLetter(chosen, point)}`, "Share of |U| over pairs of paths through the head, of the largest.", labels, scores, "score", 0) : null,
            factors ? barFigure(`Bayes factors of heads${ofLetter(chosen, point)}`, "log p(y) with the head less without it: positive where the data speak for it.", labels,
              [{ name: "log Bayes factor", values: factors, colour: 0 }], "nats") : null];
  });
}

function spectra(chosen: Chosen[]): (HTMLElement | null)[] {
  const curves = (quantity: string): Line[] => chosen.flatMap((point, which) => ["theory", "gp"].flatMap((source) => {
    const values = point.details.get(`${source}/${quantity}`)?.values;
    return values ? [{ name: `${sourceName(source)}${ofLetter(chosen, point)}`, x: Array.from(values, (_, i) => i + 1), y: values, dashed: source === "gp", colour: which }] : [];
  }));
  const values = curves("eigenvalues"), power = curves("cumulative_power");
  const stored = power.length ? Math.max(...power.map(({ y }) => y.length)) : 0;
  return [values.length ? lineFigure("Spectrum of the kernel", "Leading eigenvalues.", values, "component k", "eigenvalue", false, true) : null,
          power.length ? lineFigure("Cumulative power of the task", `Share of the targets in the first k components; the store keeps ${stored}, so curves may end below 1.`,
                                    power, "component k", "C(k)") : null];
}

function learningCurves(table: Table, chosen: Chosen[]): HTMLElement | null {
  const curves = chosen.flatMap((point, which): Line[] => {
    const of = (name: string) => point.details.get(`learning_curve/${name}`)?.values;
    const x = of("examples");
    if (!x) return [];
    const sum = (curve: string) => {
      const bias = of(`${curve}_bias`), variance = of(`${curve}_variance`);
      return bias && variance ? Array.from(bias, (value, i) => value + variance[i]) : null;
    };
    const pool = sum("pool"), training = sum("training"), mse = table.number("theory/mse", point.row);
    return [...(pool ? [{ name: `from training and test examples${ofLetter(chosen, point)}`, x, y: pool, colour: which }] : []),
            ...(training ? [{ name: `from training examples${ofLetter(chosen, point)}`, x, y: training, dashed: true, colour: which }] : []),
            ...(mse > 0 ? [{ name: `on the test set${ofLetter(chosen, point)}`, x: [table.number("point/examples", point.row)], y: [mse], dots: true, colour: which }] : [])];
  });
  return curves.length ? lineFigure("Predicted learning curve", "Mean squared error after P examples, with the order parameter kept as it is.", curves, "examples P", "mse", true, true) : null;
}

function everything(table: Table, chosen: Chosen[]): HTMLElement {
  const element: HTMLDetailsElement = make("details", { ontoggle: () => {
    if (element.open && element.childElementCount === 1)
      element.append(numbersTable({ heads: ["column", ...chosen.map(({ label }) => (chosen.length > 1 ? label : "value")), "meaning"], rows: [...table.columns.values()]
        .filter(({ name }) => chosen.some(({ row }) => shown(table.value(name, row)) !== ""))
        .map(({ name, about }) => [name, ...chosen.map(({ row }) => shown(table.value(name, row), 7)), `${about.description ?? ""}${about.units ? ` [${about.units}]` : ""}`]) }));
  } }, make("summary", {}, "All columns of this point"));
  return element;
}

/** Shows the chosen points, none to two. `drop` takes one out again. */
export function showDetails(table: Table, settings: Column[], chosen: Chosen[], drop: (label: string) => void): void {
  const section = byId("details");
  clearFigures();
  if (!chosen.length) {
    section.replaceChildren();
    return;
  }
  const again = () => showDetails(table, settings, chosen, drop);
  const sources = [...new Set([...table.columns.keys()].map((name) => parts(name).source).filter((source) => source.startsWith("sampling/")))];
  const rows = (source: string, quantities: string[]) => quantities.map((quantity): [string, string] => [quantity.replaceAll("_", " "), `${source}/${quantity}`]);
  section.replaceChildren(
    make("h2", {}, chosen.length > 1 ? "Two points compared" : "The chosen point"),
    ...chosen.map(({ label, row }) => make("div", { class: "bar" }, make("b", {}, chosen.length > 1 ? `${label}: ` : "", pointName(table, row, settings)),
      make("button", { type: "button", onclick: () => drop(label) }, chosen.length > 1 ? `Remove ${label}` : "Close"))),
    ...chosen.flatMap(({ label, row }) => {
      const message = String(table.value("point/message", row));
      return message && message !== "NaN" ? [make("p", { class: "warn" }, `${chosen.length > 1 ? `${label} failed` : "Failed"}: ${message}`)] : [];
    }),
    make("div", { class: "figures" }, ...[
      results(table, chosen), ...matrices(table, chosen, again), ...heads(table, chosen), ...spectra(chosen), learningCurves(table, chosen), evidence(table, chosen),
      panel("Certificate of the saddle point", "gradient norm U: how far U is from solving the equations; gradient bound U: what rounding may hide.",
            comparison(table, chosen, rows("theory", CERTIFICATE))),
      ...sources.map((source) => panel(`Samples: ${sourceName(source)}`, "", comparison(table, chosen, rows(source, SAMPLER)))),
      ...chosen.flatMap((point) => sources.flatMap((source) => drawsFigures(point, source, ofLetter(chosen, point), (size) => rowNames(table, point, size)))),
    ].filter((element) => element !== null)),
    everything(table, chosen));
}
