// The table of points: pages, sorting, choice of columns, export.
import { byId, download, make, option } from "./dom";
import { columnName, errorColumn, parts, shown } from "./names";
import type { Column, Table } from "./table";

const PAGE = 25;

export class Grid {
  private rows: number[] = [];
  private columns: string[] = [];
  private extra: string[] = [];
  private settings: Column[] = [];
  private sorted = { column: "", up: true };
  private page = 0;

  constructor(private readonly table: Table, private readonly title: string, private readonly selected: () => (number | null)[],
              private readonly storeRow: (row: number) => number, private readonly chosen: (row: number, compare: boolean) => void) {}

  /** Shows these rows; columns: the ones that the chart draws. */
  show(rows: number[], settings: Column[], columns: string[]): void {
    this.rows = rows;
    this.settings = settings;
    const known = (name: string) => this.table.columns.has(name);
    this.columns = [...new Set([...settings.map(({ name }) => name), ...columns.flatMap((name) => [name, errorColumn(name)]),
                                "theory/certificate", "point/status"])].filter(known);
    this.sort();
    this.draw();
  }

  private all(): string[] { return [...this.columns, ...this.extra.filter((name) => !this.columns.includes(name))]; }

  private sort(): void {
    const column = this.table.columns.get(this.sorted.column), sign = this.sorted.up ? 1 : -1;
    if (!column) {
      // By the settings, the first of them first.
      const settings = this.settings.map(({ numbers }) => numbers);
      this.rows = [...this.rows].sort((a, b) => {
        for (const numbers of settings) if (numbers[a] !== numbers[b]) return numbers[a] - numbers[b];
        return a - b;
      });
      return;
    }
    const order = (a: number, b: number) => {
      const x = column.value(a), y = column.value(b);
      const missing = Number(x !== x || x === "") - Number(y !== y || y === "");  // those without a value last, either way
      return missing || sign * (x < y ? -1 : x > y ? 1 : 0);
    };
    this.rows = [...this.rows].sort(order);
  }

  /** Comma-separated values of all rows shown, every digit that the page has. */
  csv(columns: string[]): string {
    const cell = (value: number | string) => (typeof value === "number" ? (Number.isNaN(value) ? "" : String(value))
      : /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const lines = [["row", ...columns].join(",")];
    for (const row of this.rows) lines.push([String(this.storeRow(row)), ...columns.map((name) => cell(this.table.value(name, row)))].join(","));
    return lines.join("\n") + "\n";
  }

  draw(): void {
    const section = byId("points"), columns = this.all(), pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
    const focused = document.activeElement instanceof HTMLElement && section.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const scrolled = section.querySelector(".scroll")?.scrollLeft ?? 0;
    this.page = Math.min(this.page, pages - 1);
    const [a, b] = this.selected();
    const turn = (step: number, label: string, off: boolean) => make("button", { type: "button", disabled: off, "data-key": label,
      onclick: () => { this.page += step; this.draw(); } }, label);
    const add = make("select", { id: "add-column", "data-key": "add", onchange: () => { this.extra.push(add.value); this.draw(); } },
      option("", "Add a column …"), ...[...this.table.columns.keys()].filter((name) => !columns.includes(name)).map((name) => option(name, columnName(name))));
    const save = (names: string[]) => () => download(`${this.title.replace(/\.h5$/, "")}.csv`, this.csv(names), "text/csv");
    section.replaceChildren(
      make("h2", {}, "Points"),
      make("div", { class: "bar" }, make("label", { class: "check" }, make("span", { class: "hidden" }, "Add a column"), add),
        make("button", { type: "button", "data-key": "csv", onclick: save(columns) }, "Save as CSV"),
        make("button", { type: "button", "data-key": "csv-all", onclick: () => save([...this.table.columns.keys()])() }, "Save all columns")),
      make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "points" }, make("table", {},
        make("thead", {}, make("tr", {}, make("th", { scope: "col", class: "screen" }, "details"), ...columns.map((name) => this.head(name)))),
        make("tbody", {}, ...this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE).map((row) => make("tr", { class: row === a ? "a" : row === b ? "b" : "" },
          make("td", { class: "screen" }, make("button", { type: "button", "data-key": `show ${row}`, "aria-label": `Show row ${this.storeRow(row)}`, onclick: () => this.chosen(row, false) }, "show"),
            " ", make("button", { type: "button", "data-key": `compare ${row}`, "aria-label": `Compare row ${this.storeRow(row)}`, disabled: a === null, onclick: () => this.chosen(row, true) }, "compare")),
          ...columns.map((name) => make("td", this.table.columns.get(name)!.kind === "text" ? { class: "text" } : {}, shown(this.table.value(name, row), 5)))))))),
      make("div", { class: "bar pager" }, turn(-1, "Previous", this.page === 0), make("span", { role: "status" },
        this.rows.length ? `${this.page * PAGE + 1} to ${Math.min((this.page + 1) * PAGE, this.rows.length)} of ${this.rows.length}` : "No point passes the filters."),
        turn(1, "Next", this.page >= pages - 1)));
    section.querySelector(".scroll")!.scrollLeft = scrolled;
    if (focused) [...section.querySelectorAll<HTMLElement>("[data-key]")].find((element) => element.dataset.key === focused)?.focus();
  }

  private head(name: string): HTMLElement {
    const column = this.table.columns.get(name)!, { units, description } = column.about;
    const isSorted = this.sorted.column === name;
    return make("th", { scope: "col", class: column.kind === "text" ? "text" : "", title: description, "aria-sort": isSorted ? (this.sorted.up ? "ascending" : "descending") : "none" },
      make("button", { type: "button", "data-key": `sort ${name}`, onclick: () => {
        this.sorted = { column: name, up: isSorted ? !this.sorted.up : true };
        this.page = 0;
        this.sort();
        this.draw();
      } }, `${parts(name).quantity.includes("_mcse") ? "±, " + columnName(name.replace("_mcse", "")) : columnName(name)}${units ? ` (${units})` : ""}${isSorted ? (this.sorted.up ? " ▲" : " ▼") : ""}`));
  }
}
