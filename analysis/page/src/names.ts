// What columns, paths and heads are called, and how numbers are written.
import type { Column, Table } from "./table";

/** What distinguishes the points of a sweep: column and word, in the order in which a table shows them. */
export const SETTINGS = new Map([
  ["point/task", "task"], ["point/part", "part"], ["point/width", "width N"], ["point/examples", "examples P"], ["point/heads", "heads"],
  ["point/depth", "depth"], ["point/outputs", "outputs"], ["point/variance_input", "input variance"], ["point/variance_layers", "layer variances"],
  ["point/variance_readout", "readout variance"], ["point/temperature", "temperature T"], ["point/seed", "seed"]]);

/** Where a quantity comes from: the first part of a column's name. Others are called by their own name. */
const SOURCES = new Map([
  ["evidence", "log p(y)"],
  ["theory", "saddle point"], ["next_order", "next order in 1/N"], ["gp", "Gaussian process"], ["theory-diagonal", "theory, U diagonal"],
  ["sampling/order-parameter", "sampled U"], ["sampling/weights", "sampled weights"]]);

const EVIDENCE = new Map([["ratio", "log evidence"], ["gaussian_process", "log evidence, Gaussian process"], ["sampled", "log evidence, sampled"], ["two_loop", "log evidence, two loops"],
                          ["sampled_error", "log evidence, sampled, its error"]]);

export interface Quantity { source: string; quantity: string }

/** "sampling/weights/accuracy-mnist" is accuracy-mnist of sampling/weights. */
export function parts(column: string): Quantity {
  const cut = column.lastIndexOf("/");
  return { source: column.slice(0, cut), quantity: column.slice(cut + 1) };
}

export function sourceName(source: string): string {
  return SOURCES.get(source) ?? (source.startsWith("gp-") ? `Gaussian process, paths ${source.slice(3)}` : source);
}

export function columnName(name: string): string {
  const setting = SETTINGS.get(name);
  if (setting) return setting;
  const { source, quantity } = parts(name);
  if (source === "evidence") return EVIDENCE.get(quantity) ?? quantity.replaceAll("_", " ");
  return source === "point" ? quantity.replaceAll("_", " ") : `${quantity.replaceAll("_", " ")}, ${sourceName(source)}`;
}

/** The column of the Monte Carlo standard error of another: accuracy-mnist -> accuracy_mcse-mnist. */
export function errorColumn(name: string): string {
  const { source, quantity } = parts(name);
  const dash = quantity.indexOf("-");
  return `${source}/${dash < 0 ? `${quantity}_mcse` : `${quantity.slice(0, dash)}_mcse${quantity.slice(dash)}`}`;
}

export function axisTitle(column: Column): string {
  const units = column.about.units;
  return units ? `${columnName(column.name)} (${units})` : columnName(column.name);
}

/** A number with so many digits, in the shortest form. */
export function shown(value: number | string | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Number.isNaN(value)) return "";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(digits))).replace("e-", "e−").replace(/^-/, "−");
}

const LONGEST = 14;  // characters of a name on an axis

/**
 * Rows of U: paths "1.2" (head 1 of layer 1, head 2 of layer 2, the first the slowest), and where there are several outputs "1.2:3", or the
 * class in place of its number; `classes` is the column point/class_names.
 */
export function pathNames(headCounts: ArrayLike<number>, size: number, classes = ""): string[] {
  let paths = [""];
  for (let layer = 0; layer < headCounts.length; layer++) {
    const heads = Array.from({ length: headCounts[layer] }, (_, head) => String(head + 1));
    paths = paths.flatMap((path) => heads.map((head) => (path ? `${path}.${head}` : head)));
  }
  const outputs = size / paths.length;
  if (outputs === 1) return paths;
  if (!Number.isInteger(outputs)) return Array.from({ length: size }, (_, i) => String(i + 1));
  const names = classes.split(";").map((name) => name.trim()), known = names.length === outputs;
  const output = (i: number) => (!known || !names[i] ? String(i + 1) : names[i].length > LONGEST ? `${names[i].slice(0, LONGEST - 1)}…` : names[i]);
  return paths.flatMap((path) => Array.from({ length: outputs }, (_, i) => `${path}:${output(i)}`));
}

/** Heads in the order of their scores, a line of their place below their name; `names` is the column point/head_names. */
export function headNames(headCounts: ArrayLike<number>, names: string): string[] {
  const given = names.split(";").map((name) => name.trim());
  const found: string[] = [];
  for (let layer = 0; layer < headCounts.length; layer++)
    for (let head = 1; head <= headCounts[layer]; head++) found.push(`layer ${layer + 1} head ${head}`);
  return found.map((label, i) => (given.length === found.length && given[i] ? `${given[i]}\n${label}` : label));
}

/** The settings that differ between points, and those of every one. */
export function varyingSettings(table: Table): Column[] {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  return [...SETTINGS.keys()].flatMap((name) => {
    const column = table.columns.get(name);
    return column && (column.different(rows, 1) === null) ? [column] : [];
  });
}

/** "width N 10, temperature T 0.01" of a point. */
export function pointName(table: Table, row: number, settings: Column[]): string {
  const named = settings.length ? settings : [...SETTINGS.keys()].slice(2, 4).flatMap((name) => table.columns.get(name) ?? []);
  return named.map((column) => `${columnName(column.name)} = ${shown(column.value(row))}`).join(", ");
}
