// What the chart of all points draws: points by series (colour) and source (symbol), error bars, lines between points that differ in x alone.
import { columnName, errorColumn, parts, shown, varyingSettings } from "./names";
import type { Column, Table } from "./table";

export interface Choice {
  x: string; y: string;
  compared: string[];         // further columns of y's quantity
  colour: string;             // column, or "" for none
  logX: boolean; logY: boolean;
  hidden: Set<string>;        // names of groups and columns that are switched off
}

export interface Group { name: string; colour: number; rows: number[] }

const MOST_COLOURS = 12;
const MOST_LINES = 400;
export const MOST_BARS = 4000;
const SIDE_BY_SIDE = 2000;  // points from which groups are drawn side by side
const MOST_LANES = 40;      // values of x, above which they are not
const BELIEVED = new Set(["sampled", "doubtful"]);

/** Points by the colour column: one group per value, or ten of equal numbers of points where there are many values. */
export function groups(table: Table, rows: number[], colour: string): { groups: Group[]; ordered: boolean } {
  const column = table.columns.get(colour);
  if (!column) return { groups: [{ name: "", colour: 0, rows }], ordered: false };
  const ordered = column.kind === "number";
  const values = column.different(rows, MOST_COLOURS);
  if (values) {
    const found = values.map((value, i) => ({ name: ordered ? shown(value) : column.text(value), colour: i, rows: [] as number[] }));
    const index = new Map(values.map((value, i) => [value, i]));
    for (const row of rows) {
      const i = index.get(column.numbers[row]);
      if (i !== undefined) found[i].rows.push(row);
    }
    return { groups: found, ordered };
  }
  const sorted = rows.filter((row) => !Number.isNaN(column.numbers[row])).sort((a, b) => column.numbers[a] - column.numbers[b]);
  const bins = 10;
  const found: Group[] = [];
  for (let bin = 0, begin = 0; bin < bins && begin < sorted.length; bin++) {
    let end = Math.max(Math.round(sorted.length * (bin + 1) / bins), begin + 1);
    while (end < sorted.length && column.numbers[sorted[end]] === column.numbers[sorted[end - 1]]) end++;  // one value, one group
    const own = sorted.slice(begin, end);
    const [first, last] = [own[0], own[own.length - 1]].map((row) => shown(column.numbers[row], 3));
    const name = ordered ? (first === last ? first : `${first} to ${last}`) : `${column.text(column.numbers[own[0]])} …`;
    found.push({ name, colour: bin, rows: own });
    begin = end;
  }
  return { groups: found, ordered };
}

/** Columns that can be drawn beside y: the same quantity from another source. */
export function comparable(table: Table, y: string): string[] {
  const { quantity } = parts(y);
  return [...table.columns.keys()].filter((name) => name !== y && parts(name).quantity === quantity && table.columns.get(name)!.kind === "number"
    && !name.startsWith("point/"));
}

/** Why a point is drawn hollow, or "". */
export function doubt(table: Table, column: string, row: number): string {
  const { source } = parts(column);
  if (source.startsWith("sampling/")) {
    const verdict = String(table.value(`${source}/verdict`, row));
    return verdict === "NaN" || BELIEVED.has(verdict) ? "" : `samples ${verdict || "missing"}`;
  }
  if ((source === "theory" || source === "next_order") && table.number("theory/in_regime", row) === 0) return "N < n, outside the theory's regime";
  return "";
}

/** Groups of rows that differ in x alone; empty where x is no setting or there are too many groups. */
export function lines(table: Table, rows: number[], x: string): number[][] {
  if (!x.startsWith("point/")) return [];
  const others = varyingSettings(table).filter((column) => column.name !== x);
  const found = new Map<string, number[]>();
  for (const row of rows) {
    const key = others.map((column) => column.numbers[row]).join(" ");
    const own = found.get(key);
    if (own) own.push(row);
    else if (found.size >= MOST_LINES) return [];
    else found.set(key, [row]);
  }
  const at = table.columns.get(x)!.numbers;
  const sorted = [...found.values()].filter((own) => own.length > 1).map((own) => own.sort((a, b) => at[a] - at[b]));
  // Several points at one x differ in something that is no setting: no line could be right.
  return sorted.filter((own) => own.every((row, i) => i === 0 || at[row] > at[own[i - 1]]));
}

/**
 * How far a group's points are moved along x so that groups at the same value lie side by side instead of covering each other: where x is a
 * setting and there are many points. In the coordinates of the axis (logarithms on a logarithmic one).
 */
export function lanes(table: Table, rows: number[], choice: Choice, count: number): number[] {
  const none = new Array<number>(count).fill(0);
  const values = choice.x.startsWith("point/") && rows.length > SIDE_BY_SIDE && count > 1 ? table.columns.get(choice.x)!.different(rows, MOST_LANES) : null;
  if (!values || values.length < 2) return none;
  const at = values.map((value) => (choice.logX ? Math.log10(value) : value));
  const gap = Math.min(...at.slice(1).map((value, i) => value - at[i]));
  return Number.isFinite(gap) ? none.map((_, i) => (i - (count - 1) / 2) * 0.7 * gap / count) : none;
}

export function errorBars(table: Table, column: string): Column | undefined {
  return table.columns.get(errorColumn(column));
}

/** Whether a logarithmic axis is the better one: all positive, over a decade or more. */
export function wantsLog(column: Column | undefined, rows: number[]): boolean {
  if (!column || column.kind !== "number") return false;
  let low = Infinity, high = -Infinity;
  for (const row of rows) {
    const value = column.numbers[row];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > 0 && high / low >= 9.99;
}

export function seriesName(choice: Choice, group: Group, column: string): string {
  return [choice.colour && `${columnName(choice.colour)} ${group.name}`, columnName(column)].filter(Boolean).join(", ");
}
