// Which points are looked at: values of settings, and ranges of any column.
import { make, option } from "./dom";
import { columnName, shown } from "./names";
import type { Column, Table } from "./table";

const MOST_BOXES = 16;  // values of a setting that have a box each; more are a range

interface Range { column: string; low: number; high: number }

export class Filters {
  private readonly off = new Map<string, Set<string>>();  // column -> values, as they are shown, that are switched off
  private ranges: Range[] = [];
  readonly element = make("details", {}, make("summary", {}, "Filters"), make("div"));

  constructor(private readonly table: Table, private readonly changed: () => void) {}

  private all(): number[] { return Array.from({ length: this.table.rows }, (_, row) => row); }

  /** Rows that pass. */
  rows(): number[] {
    const tests: ((row: number) => boolean)[] = [];
    for (const [name, off] of this.off) {
      const column = this.table.columns.get(name);
      if (column && off.size) tests.push((row) => !off.has(shown(column.value(row), 12)));
    }
    for (const { column: name, low, high } of this.ranges) {
      const column = this.table.columns.get(name);
      if (column && (low > -Infinity || high < Infinity)) tests.push((row) => column.numbers[row] >= low && column.numbers[row] <= high);
    }
    return tests.length ? this.all().filter((row) => tests.every((test) => test(row))) : this.all();
  }

  /** Controls for these settings; called again when points with new values have come, and then left alone while somebody uses them. */
  draw(settings: Column[], inUse = this.element.lastElementChild!.contains(document.activeElement)): void {
    if (inUse) return;
    const status = this.table.columns.get("point/status");
    const boxes: HTMLElement[] = [];
    for (const column of [...settings, ...(status ? [status] : [])]) {
      const values = column.different(this.all(), MOST_BOXES);
      if (values === null) {
        if (column.kind === "number" && !this.ranges.some((range) => range.column === column.name)) this.ranges.unshift({ column: column.name, low: -Infinity, high: Infinity });
      } else if (values.length > 1) boxes.push(this.boxes(column, values));
    }
    const add = make("select", { onchange: () => {
      this.ranges.push({ column: add.value, low: -Infinity, high: Infinity });
      this.draw(settings, false);
      this.element.querySelector<HTMLElement>(`[data-filter='${add.value} low']`)?.focus();
    } },
      option("", "Choose a column …"), ...[...this.table.columns.values()].filter(({ kind }) => kind === "number").map(({ name }) => option(name, columnName(name))));
    this.element.lastElementChild!.replaceChildren(...boxes, ...this.ranges.map((range) => this.range(range)),
      make("label", {}, "Filter by another column", add));
  }

  private boxes(column: Column, values: number[]): HTMLElement {
    const off = this.off.get(column.name) ?? new Set<string>();
    this.off.set(column.name, off);
    return make("fieldset", {}, make("legend", {}, columnName(column.name)), ...values.map((number) => {
      const key = column.kind === "number" ? shown(number, 12) : column.text(number);
      const box = make("input", { type: "checkbox", "data-filter": `${column.name}=${key}`, onchange: () => {
        if (box.checked) off.delete(key);
        else off.add(key);
        this.changed();
      } });
      box.checked = !off.has(key);
      return make("label", { class: "check" }, box, column.kind === "number" ? shown(number) : key || "(none)");
    }));
  }

  private range(range: Range): HTMLElement {
    const bound = (which: "low" | "high", label: string, none: number) => {
      const input = make("input", { class: "number", inputmode: "decimal", "data-filter": `${range.column} ${which}`, placeholder: "any", onchange: () => {
        const value = input.value.trim() === "" ? none : Number(input.value);
        input.setAttribute("aria-invalid", String(Number.isNaN(value)));
        range[which] = Number.isNaN(value) ? none : value;
        this.changed();
      } });
      if (Number.isFinite(range[which])) input.value = String(range[which]);
      return make("label", {}, label, input);
    };
    return make("fieldset", {}, make("legend", {}, columnName(range.column)), bound("low", "from", -Infinity), bound("high", "to", Infinity));
  }
}
