// The chart of all points: drawing, hovering, choosing, zooming, and the same from the keyboard.
import { axis, errorBar } from "./axes";
import { byId, make } from "./dom";
import { newChart, type Chart } from "./echarts";
import { axisTitle, columnName, parts, pointName, shown, sourceName } from "./names";
import { doubt, errorBars, groups, lanes, lines, MOST_BARS, type Choice, type Group } from "./series";
import type { Column, Table } from "./table";
import { onThemeChange, palette, seriesColours } from "./theme";

const LARGE = 2000;   // points of a series from which it is drawn in bulk
const REACH = 14;     // pixels within which a point is hit
// Symbols of sources, and the characters that stand for them in the legend.
const SYMBOLS = ["circle", "diamond", "triangle", "rect", "path://M0,0 L10,0 L5,9 Z", "path://M0,3.5 L3.5,3.5 L3.5,0 L6.5,0 L6.5,3.5 L10,3.5 L10,6.5 L6.5,6.5 L6.5,10 L3.5,10 L3.5,6.5 L0,6.5 Z"];
const CHARACTERS = "●◆▲■▼✚";

interface Drawn { row: number; column: string; group: number }

export class Scatter {
  private readonly chart: Chart;
  private readonly frame = byId("scatter");
  private readonly tip = byId("tip");
  private readonly ring = byId("ring");
  /** The settings that tell points apart. */
  settings: Column[] = [];
  // Every point drawn: transformed coordinates (logarithms on logarithmic axes) and what it is, series after series, each in order of x.
  private at: { x: Float64Array; y: Float64Array } = { x: new Float64Array(), y: new Float64Array() };
  private drawn: Drawn[] = [];
  private focus = -1;
  private choice!: Choice;
  private found: { groups: Group[]; ordered: boolean } = { groups: [], ordered: false };
  private rows: number[] = [];
  private hovering = 0;

  /** chosen(row, compare): a point was clicked. */
  constructor(private readonly table: Table, private readonly selected: () => (number | null)[], private readonly chosen: (row: number, compare: boolean) => void) {
    this.chart = newChart(this.frame);
    new ResizeObserver(() => this.chart.resize()).observe(this.frame);
    onThemeChange(() => this.draw(this.rows, this.choice));
    const zr = this.chart.getZr();
    zr.on("mousemove", (event) => {
      const x = event.offsetX, y = event.offsetY;
      cancelAnimationFrame(this.hovering);
      this.hovering = requestAnimationFrame(() => this.show(this.nearest(x, y)));
    });
    zr.on("globalout", () => { cancelAnimationFrame(this.hovering); this.show(-1); });
    zr.on("click", (event) => {
      const hit = this.nearest(event.offsetX, event.offsetY);
      if (hit >= 0) this.chosen(this.drawn[hit].row, (event.event as unknown as MouseEvent).shiftKey);
    });
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("blur", () => this.show(-1));
  }

  /** Draws these rows; a new choice of axes shows all of it, the same one keeps what is zoomed to. */
  draw(rows: number[], choice: Choice, keepZoom = true): void {
    this.rows = rows;
    this.choice = choice;
    const { table } = this, colours = palette();
    const looked = this.drawn[this.focus];
    this.found = groups(table, rows, choice.colour);
    const shades = seriesColours(this.found.groups.length, this.found.ordered);
    const x = table.columns.get(choice.x)!;
    const yColumns = [choice.y, ...choice.compared].filter((name) => table.columns.has(name) && !choice.hidden.has(name));
    const visible = this.found.groups.filter((group) => !choice.hidden.has(group.name));
    const total = yColumns.length * visible.reduce((sum, group) => sum + group.rows.length, 0);
    const series: Record<string, unknown>[] = [];
    const xs: number[] = [], ys: number[] = [];
    this.drawn = [];
    let missing = 0, hollow = "", bars = false, joined = false;
    const offsets = lanes(table, rows, choice, visible.length);
    const usable = (value: number, log: boolean) => Number.isFinite(value) && (!log || value > 0);

    yColumns.forEach((name) => {
      const symbol = SYMBOLS[[choice.y, ...choice.compared].indexOf(name) % SYMBOLS.length];
      const y = table.columns.get(name)!, error = errorBars(table, name);
      for (const [lane, group] of visible.entries()) {
        const offset = offsets[lane], moved = (value: number) => (choice.logX ? value * 10 ** offset : value + offset);
        const colour = shades[group.colour];
        const own = group.rows.filter((row) => usable(x.numbers[row], choice.logX) && usable(y.numbers[row], choice.logY));
        missing += group.rows.length - own.length;
        own.sort((a, b) => x.numbers[a] - x.numbers[b]);
        const index = this.found.groups.indexOf(group);
        for (const row of own) {
          xs.push((choice.logX ? Math.log10(x.numbers[row]) : x.numbers[row]) + offset);
          ys.push(choice.logY ? Math.log10(y.numbers[row]) : y.numbers[row]);
          this.drawn.push({ row, column: name, group: index });
        }
        if (!parts(name).source.startsWith("sampling/"))
          for (const line of lines(table, own, choice.x)) {
            joined = true;
            series.push({ type: "line", data: line.map((row) => [x.numbers[row], y.numbers[row]]), symbol: "none", silent: true, animation: false,
                          lineStyle: { color: colour, width: 1.3, opacity: 0.75, type: name === choice.y ? "solid" : parts(name).source === "gp" ? "dotted" : "dashed" } });
          }
        if (own.length > LARGE) {
          const data = new Float64Array(2 * own.length);
          own.forEach((row, i) => { data[2 * i] = moved(x.numbers[row]); data[2 * i + 1] = y.numbers[row]; });
          series.push({ type: "scatter", dimensions: ["x", "y"], data, symbol: "rect", symbolSize: total > 20_000 ? 3 : 4, large: true, largeThreshold: LARGE,
                        progressive: 0, silent: true, itemStyle: { color: colour, opacity: 0.75 }, animation: false });
          continue;
        }
        const data = own.map((row) => {
          const why = doubt(table, name, row);
          if (why) hollow = why;
          return { value: [moved(x.numbers[row]), y.numbers[row]], itemStyle: why ? { color: colours.paper, borderColor: colour, borderWidth: 1.4 } : { color: colour } };
        });
        if (error && total <= MOST_BARS) {
          const barred = own.filter((row) => error.numbers[row] > 0);
          bars ||= barred.length > 0;
          series.push({ type: "custom", silent: true, animation: false, encode: { x: 0, y: [1, 2] }, renderItem: errorBar(colour),
                        data: barred.map((row) => [moved(x.numbers[row]), y.numbers[row] - error.numbers[row], y.numbers[row] + error.numbers[row]]) });
        }
        // Samples are larger and lie below, so that both are seen where they coincide with the theory.
        const isSampled = parts(name).source.startsWith("sampling/");
        series.push({ type: "scatter", data, symbol, symbolSize: total > 500 ? 6 : isSampled ? 12 : 7, silent: true, animation: false, z: isSampled ? 2 : 3 });
      }
    });
    this.at = { x: Float64Array.from(xs), y: Float64Array.from(ys) };
    this.show(-1);
    const previous = keepZoom ? this.zooms() : null;
    this.chart.setOption({
      animation: false, textStyle: { color: colours.ink, fontFamily: "system-ui, sans-serif" },
      grid: { left: 8, right: 20, top: 34, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: axis(axisTitle(x), choice.logX, xs, "x", false),
      yAxis: axis(choice.compared.length ? parts(choice.y).quantity.replaceAll("_", " ") : axisTitle(table.columns.get(choice.y)!), choice.logY, ys, "y",
                  parts(choice.y).quantity.includes("accuracy")),
      dataZoom: ["xAxisIndex", "yAxisIndex"].map((which, i) => ({ type: "inside", [which]: 0, filterMode: "none", zoomOnMouseWheel: "ctrl",
        moveOnMouseMove: true, moveOnMouseWheel: false, throttle: 0, start: previous?.[i].start ?? 0, end: previous?.[i].end ?? 100 })),
      series: [...series, ...this.marks()],
    }, { notMerge: true });
    // Who stands at a point stays there when others arrive.
    if (looked) this.show(this.drawn.findIndex(({ row, column }) => row === looked.row && column === looked.column));
    this.legend(shades);
    const others = this.settings.filter(({ name }) => name !== choice.x && name !== choice.colour).map(({ name }) => columnName(name));
    const notes = [
      joined ? `Lines join points that differ in ${columnName(choice.x)} alone.` : "",
      others.length ? `Points differ in ${others.join(", ")} as well.` : "",
      missing > 0 ? `${missing} ${missing === 1 ? "value is" : "values are"} not drawn: missing${choice.logX || choice.logY ? ", or not positive on a logarithmic axis" : ""}.` : "",
      hollow ? `Hollow: ${hollow}.` : "", offsets.some((offset) => offset !== 0) ? `Points of one ${columnName(choice.x)} stand side by side by colour.` : "",
      this.drawn.length > 20_000 && !offsets.some((offset) => offset !== 0) && visible.length > 1 ? "Later colours cover earlier ones: switch some off below the chart." : "",
      bars ? "Error bars: one Monte Carlo standard error." : "",
      yColumns.some((name) => errorBars(table, name)) && total > MOST_BARS ? `Error bars are drawn up to ${MOST_BARS} points: filter to see them.` : "",
      parts(choice.y).quantity.startsWith("mse") && this.several("point/outputs") ? "mse sums over outputs." : "",
    ];
    byId("scatter-note").textContent = notes.filter(Boolean).join(" ");
    this.frame.setAttribute("aria-label", `${columnName(choice.y)} against ${columnName(choice.x)}, ${this.drawn.length} points`
      + (choice.colour ? `, coloured by ${columnName(choice.colour)}` : ""));
    this.frame.dataset.points = String(this.drawn.length);
  }

  /** Marks chosen points anew. */
  mark(): void { this.chart.setOption({ series: this.marks() }); }

  private several(name: string): boolean {
    const column = this.table.columns.get(name);
    return !!column && this.rows.some((row) => column.numbers[row] > 1);
  }

  private marks(): Record<string, unknown>[] {
    const x = this.table.columns.get(this.choice.x)!, y = this.table.columns.get(this.choice.y)!, colours = palette();
    const placed = (row: number) => {  // where it is drawn, which may be beside its value
      const i = this.drawn.findIndex((point) => point.row === row && point.column === this.choice.y);
      return i < 0 ? x.numbers[row] : this.choice.logX ? 10 ** this.at.x[i] : this.at.x[i];
    };
    const ring = (id: string, row: number | null, colour: string, label: string) => ({
      id, type: "scatter", silent: true, animation: false, z: 5, symbol: "circle", symbolSize: 16, clip: true,
      itemStyle: { color: "transparent", borderColor: colour, borderWidth: 2 },
      label: { show: true, formatter: label, position: "top", color: colour, fontWeight: "bold" },
      data: row === null ? [] : [[placed(row), y.numbers[row]]],
    });
    const [a, b] = this.selected();
    return [ring("a", a, colours.accent, "A"), ring("b", b, colours.warn, "B")];
  }

  /** Pixel = offset + factor * transformed coordinate, of both axes. */
  private scales(): { x: [number, number]; y: [number, number] } | null {
    const { width, height } = this.frame.getBoundingClientRect();
    const first = this.chart.convertFromPixel({ gridIndex: 0 }, [0, 0]) as number[] | undefined;
    const last = this.chart.convertFromPixel({ gridIndex: 0 }, [width, height]) as number[] | undefined;
    if (!first || !last) return null;
    const scale = (a: number, b: number, log: boolean, pixels: number): [number, number] => {
      const begin = log ? Math.log10(a) : a, end = log ? Math.log10(b) : b;
      const factor = pixels / (end - begin);
      return [-begin * factor, factor];
    };
    return { x: scale(first[0], last[0], this.choice.logX, width), y: scale(first[1], last[1], this.choice.logY, height) };
  }

  private nearest(px: number, py: number): number {
    const scales = this.scales();
    if (!scales) return -1;
    const { x, y } = this.at, [ox, fx] = scales.x, [oy, fy] = scales.y;
    let best = -1, least = REACH * REACH;
    for (let i = 0; i < x.length; i++) {
      const dx = ox + fx * x[i] - px, dy = oy + fy * y[i] - py, distance = dx * dx + dy * dy;
      if (distance < least) { least = distance; best = i; }
    }
    return best;
  }

  /** Shows what a point is, beside it; -1 hides it. */
  private show(index: number): void {
    if (index === this.focus) return;
    this.focus = index;
    this.tip.hidden = this.ring.hidden = index < 0;
    if (index < 0) return;
    const scales = this.scales();
    if (!scales) return;
    const { row, column } = this.drawn[index];
    this.tip.replaceChildren(make("b", {}, pointName(this.table, row, this.settings)), ...this.describe(row, column).map((line) => make("span", {}, line)));
    const px = scales.x[0] + scales.x[1] * this.at.x[index], py = scales.y[0] + scales.y[1] * this.at.y[index];
    const width = this.frame.clientWidth;
    this.ring.style.transform = `translate(${px}px,${py}px)`;  // an element of its own: the chart is not drawn again
    this.tip.style.left = `${Math.max(0, px > width / 2 ? px - this.tip.offsetWidth - 14 : Math.min(px + 14, width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${Math.max(0, py - this.tip.offsetHeight / 2)}px`;
  }

  private describe(row: number, column: string): string[] {
    const { table, choice } = this;
    const names = [column, ...[choice.y, ...choice.compared].filter((name) => name !== column)];
    if (!SETTING.test(choice.x)) names.push(choice.x);
    const found = names.map((name) => {
      const error = errorBars(table, name)?.numbers[row];
      return `${columnName(name)}: ${shown(table.value(name, row)) || "missing"}${error && error > 0 ? ` ± ${shown(error, 2)}` : ""}`;
    });
    const why = doubt(table, column, row);
    return why ? [...found, why] : found;
  }

  private legend(shades: string[]): void {
    const { choice } = this;
    const toggle = (key: string, ...label: (Node | string)[]) => make("button", {
      type: "button", "aria-pressed": String(!choice.hidden.has(key)),
      onclick: () => {
        if (!choice.hidden.delete(key)) choice.hidden.add(key);
        this.draw(this.rows, choice);
        [...byId("legend").querySelectorAll("button")].find((button) => button.dataset.key === key)?.focus();
      }, "data-key": key }, ...label);
    const colours = this.found.groups.length > 1 || choice.colour ? this.found.groups.map((group) =>
      toggle(group.name, make("i", { style: `background:${shades[group.colour]}` }), `${group.name || "?"}`)) : [];
    const columns = choice.compared.length ? [choice.y, ...choice.compared].map((name, i) =>
      toggle(name, `${CHARACTERS[i % CHARACTERS.length]} ${sourceName(parts(name).source)}`)) : [];
    byId("legend").replaceChildren(...(colours.length ? [make("span", { class: "note" }, `${columnName(choice.colour)}:`)] : []), ...colours, ...columns);
  }

  private zooms(): { start: number; end: number }[] | null {
    const zooms = (this.chart.getOption() as { dataZoom?: { start: number; end: number }[] } | undefined)?.dataZoom;
    return zooms?.length === 2 ? zooms : null;
  }

  /** Zooms in or out about the middle by a factor; Infinity shows all. */
  zoom(factor: number): void {
    (this.zooms() ?? []).forEach(({ start, end }, dataZoomIndex) => {
      const middle = (start + end) / 2, half = Math.min((end - start) / 2 * factor, 50);
      const begin = Math.max(0, Math.min(middle - half, 100 - 2 * half));
      this.chart.dispatchAction({ type: "dataZoom", dataZoomIndex, start: begin, end: begin + 2 * half });
    });
  }

  private key(event: KeyboardEvent): void {
    const { key } = event, count = this.drawn.length;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "+" || key === "=") this.zoom(0.7);
    else if (key === "-") this.zoom(1 / 0.7);
    else if (key === "0") this.zoom(Infinity);
    else if (key === "Escape") this.show(-1);
    else if (count && key === "ArrowRight") this.walk(this.focus < 0 ? 0 : Math.min(this.focus + 1, count - 1));
    else if (count && key === "ArrowLeft") this.walk(this.focus < 0 ? 0 : Math.max(this.focus - 1, 0));
    else if (count && (key === "ArrowUp" || key === "ArrowDown")) this.walk(this.otherSeries(key === "ArrowDown" ? 1 : -1));
    else if (key === "Enter" && this.focus >= 0) this.chosen(this.drawn[this.focus].row, event.shiftKey);
    else return;
    event.preventDefault();
  }

  /** The point nearest in x of the next or previous series. */
  private otherSeries(step: number): number {
    const { drawn, at } = this, count = drawn.length, here = Math.max(this.focus, 0);
    const same = (i: number, j: number) => drawn[i].group === drawn[j].group && drawn[i].column === drawn[j].column;
    let other = here;
    while (other >= 0 && other < count && same(other, here)) other += step;
    if (other < 0 || other >= count) return here;
    let best = other;
    for (let i = other; i >= 0 && i < count && same(i, other); i += step)
      if (Math.abs(at.x[i] - at.x[here]) < Math.abs(at.x[best] - at.x[here])) best = i;
    return best;
  }

  private walk(index: number): void {
    this.show(index);
    const { group } = this.drawn[index];
    byId("spoken").textContent = `${this.found.groups[group].name} ${this.tip.innerText.replaceAll("\n", "; ")}, ${index + 1} of ${this.drawn.length}`;
  }
}

const SETTING = /^point\//;
