// Choosing axes, series and filters.
import { byId, make, option } from "./dom";
import type { Filters } from "./filters";
import { columnName, parts, SETTINGS, sourceName } from "./names";
import { comparable, wantsLog, type Choice } from "./series";
import type { Table } from "./table";

const FIRST_Y = ["theory/accuracy", "theory/mse", "gp/accuracy", "gp/mse", "evidence/ratio", "point/seconds"];
const FIRST_COMPARED = ["next_order", "sampling/order-parameter", "sampling/weights", "gp"];
const MOST_COMPARED = 40;
const FIRST_X = ["point/width", "point/temperature", "point/examples", "point/heads", "point/depth", "point/variance_readout", "point/variance_input", "point/seed"];

/** Axes that most people want first: the accuracy against the setting with the most values. */
export function firstChoice(table: Table): Choice {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const values = (name: string) => table.columns.get(name)?.different(rows, 1000)?.length ?? (table.columns.has(name) ? 1000 : 0);
  const several = FIRST_X.filter((name) => values(name) > 1);
  const x = several[0] ?? "point/width";
  const y = FIRST_Y.find((name) => table.columns.has(name)) ?? [...table.columns.values()].find(({ kind }) => kind === "number")?.name ?? x;
  const colour = several.filter((name) => name !== x && name !== "point/seed").sort((a, b) => values(b) - values(a))[0] ?? "";
  const choice: Choice = { x, y, compared: [], colour, logX: false, logY: false, hidden: new Set() };
  suggest(table, rows, choice);
  return choice;
}

/** Logarithms and columns to compare that suit the axes. */
function suggest(table: Table, rows: number[], choice: Choice, what: "x" | "y" | "both" = "both"): void {
  if (what !== "y") choice.logX = wantsLog(table.columns.get(choice.x), rows);
  if (what === "x") return;
  choice.logY = !parts(choice.y).quantity.includes("accuracy") && wantsLog(table.columns.get(choice.y), rows);
  const found = comparable(table, choice.y);
  // Many points from four sources hide each other.
  choice.compared = rows.length > MOST_COMPARED ? [] : FIRST_COMPARED.map((source) => `${source}/${parts(choice.y).quantity}`).filter((name) => found.includes(name));
}

/** Options in groups by their source, settings first. */
function columnOptions(table: Table, chosen: string): HTMLElement[] {
  const bySource = new Map<string, string[]>([["settings", [...SETTINGS.keys()].filter((name) => table.columns.get(name)?.kind === "number")]]);
  for (const { name, kind } of table.columns.values()) {
    if (kind !== "number" || SETTINGS.has(name)) continue;
    const source = parts(name).source;
    bySource.set(source, [...(bySource.get(source) ?? []), name]);
  }
  return [...bySource].map(([source, names]) => make("optgroup", { label: sourceName(source) }, ...names.map((name) => option(name, columnName(name), name === chosen))));
}

/** Draws the controls; changed(axes) is called after a change, with whether the axes are others now. */
export function drawControls(table: Table, choice: Choice, filters: Filters, changed: (axes: boolean) => void, zoom: (factor: number) => void): void {
  const again = (axes: boolean, id: string) => {
    drawControls(table, choice, filters, changed, zoom);
    changed(axes);
    byId(id)?.focus();
  };
  const rows = () => filters.rows();
  const select = (id: string, label: string, options: HTMLElement[], pick: (value: string) => void) => {
    const element = make("select", { id, onchange: () => { pick(element.value); again(true, id); } }, ...options);
    return make("label", {}, label, element);
  };
  const check = (id: string, label: string, checked: boolean, pick: (value: boolean) => void) => {
    const box = make("input", { type: "checkbox", id, onchange: () => { pick(box.checked); again(true, id); } });
    box.checked = checked;
    return make("label", { class: "check" }, box, label);
  };
  const colours = [option("", "nothing", choice.colour === ""), ...[...SETTINGS.keys(), "point/status", "theory/certificate", "sampling/order-parameter/verdict", "sampling/weights/verdict", "next_order/verdict"]
    .filter((name) => table.columns.has(name)).map((name) => option(name, columnName(name), name === choice.colour)),
    ...(choice.colour && ![...SETTINGS.keys()].includes(choice.colour) && !/status|certificate|verdict/.test(choice.colour) ? [option(choice.colour, columnName(choice.colour), true)] : [])];
  const beside = comparable(table, choice.y);
  byId("controls").replaceChildren(
    select("x", "Horizontal", columnOptions(table, choice.x), (value) => { choice.x = value; suggest(table, rows(), choice, "x"); }),
    check("log-x", "log", choice.logX, (value) => { choice.logX = value; }),
    select("y", "Vertical", columnOptions(table, choice.y), (value) => { choice.y = value; choice.hidden.clear(); suggest(table, rows(), choice, "y"); }),
    check("log-y", "log", choice.logY, (value) => { choice.logY = value; }),
    select("colour", "Colour", colours, (value) => { choice.colour = value; choice.hidden.clear(); }),
    make("div", { class: "bar", style: "margin:0" }, ...([["+", "Zoom in", 0.7], ["−", "Zoom out", 1 / 0.7], ["All", "Show all", Infinity]] as const).map(([text, label, factor]) =>
      make("button", { type: "button", "aria-label": label, onclick: () => zoom(factor) }, text))),
    ...(beside.length ? [make("details", choice.compared.length ? { open: true } : {}, make("summary", {}, `Beside it: ${parts(choice.y).quantity.replaceAll("_", " ")} from other sources`),
      make("div", {}, ...beside.map((name) => check(`beside ${name}`, sourceName(parts(name).source), choice.compared.includes(name),
        (value) => { choice.compared = beside.filter((other) => (other === name ? value : choice.compared.includes(other))); }))))] : []),
    filters.element);
}

/** The choice as text for the address, so that a view can be kept and sent; and back. */
export function choiceText(choice: Choice, chosen: (number | null)[]): string {
  const words = new URLSearchParams({ x: choice.x, y: choice.y, colour: choice.colour, log: `${choice.logX ? "x" : ""}${choice.logY ? "y" : ""}` });
  if (choice.compared.length) words.set("beside", choice.compared.join(" "));
  chosen.forEach((row, i) => { if (row !== null) words.set("ab"[i], String(row)); });
  return words.toString().replaceAll("%2F", "/");
}

export function readChoice(text: string, table: Table, choice: Choice): (number | null)[] {
  const words = new URLSearchParams(text);
  const known = (name: string | null): name is string => name !== null && table.columns.has(name);
  const x = words.get("x"), y = words.get("y"), colour = words.get("colour");
  if (known(x) && known(y)) {
    const log = words.get("log") ?? "";
    Object.assign(choice, { x, y, colour: known(colour) ? colour : "", logX: log.includes("x"), logY: log.includes("y"),
                            compared: (words.get("beside") ?? "").split(" ").filter(known) });
  }
  return ["a", "b"].map((letter) => {
    const row = words.get(letter);
    return row !== null && /^\d+$/.test(row) && Number(row) < table.rows ? Number(row) : null;
  });
}
