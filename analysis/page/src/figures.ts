// Small charts of the details: each a figure with a caption, a text for screen readers and its numbers as a table.
import { make } from "./dom";
import { newChart, type Chart, type Option } from "./echarts";
import { shown } from "./names";
import { divergingColours, onThemeChange, palette, seriesColours } from "./theme";

interface Live { chart: Chart; frame: HTMLElement; option: () => Option }
let drawn: Live[] = [];
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.find(({ frame }) => frame === target)?.chart.resize();
});
onThemeChange(() => drawn.forEach(({ chart, option }) => chart.setOption(option(), { notMerge: true })));

/** Frees the charts of earlier details. */
export function clearFigures(): void {
  for (const { chart, frame } of drawn) {
    sizes.unobserve(frame);
    // A painting that a slow machine has spread over several frames would go on in what is gone; painting nothing ends it.
    chart.clear();
    chart.getZr().refreshImmediately();
    chart.dispose();
  }
  drawn = [];
}

export interface Numbers { heads: string[]; rows: string[][] }
const MOST_ROWS = 400;

export function numbersTable({ heads, rows }: Numbers): HTMLElement {
  return make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "numbers" }, make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.slice(0, MOST_ROWS).map((row) => make("tr", {}, ...row.map((cell, i) => make(i ? "td" : "th", i ? {} : { scope: "row" }, cell)))))));
}

/** A figure; its chart is drawn when the figure stands in the page. */
export function figure(title: string, caption: string, option: () => Option, numbers: () => Numbers, kind = ""): HTMLElement {
  const frame = make("div", { class: `chart ${kind}`, role: "img", "aria-label": `${title}. ${caption}` });
  const table = make("details", { class: "screen", ontoggle: () => {
    if (table.open && table.childElementCount === 1) table.append(numbersTable(numbers()));
  } }, make("summary", {}, "Numbers"));
  queueMicrotask(() => {
    if (!frame.isConnected) return;
    const chart = newChart(frame);
    chart.setOption(option());
    drawn.push({ chart, frame, option });
    sizes.observe(frame);
  });
  return make("figure", {}, make("h3", {}, title), frame, make("figcaption", {}, caption), table);
}

function axisStyle(name: string, which: "x" | "y"): Record<string, unknown> {
  const colours = palette();
  return { name, nameLocation: which === "x" ? "middle" : "end", nameGap: which === "x" ? 26 : 10,
           nameTextStyle: { color: colours.ink, align: which === "x" ? "center" : "left" },
           axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } }, axisLabel: { color: colours.faint, hideOverlap: true },
           splitLine: { lineStyle: { color: colours.grid } } };
}

function base(): Option {
  const colours = palette();
  return { animation: false, textStyle: { color: colours.ink, fontFamily: "system-ui, sans-serif" },
           grid: { left: 8, right: 14, top: 30, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
           tooltip: { confine: true, backgroundColor: colours.paper, borderColor: colours.faint, textStyle: { color: colours.ink, fontSize: 13 } } };
}

/** Kind, ends and labels of an axis; on a logarithmic one the ends are close to the values, not at powers of ten. */
function range(values: number[], log: boolean): Record<string, unknown> {
  const low = Math.min(...values), high = Math.max(...values);
  const labels = { color: palette().faint, hideOverlap: true, showMinLabel: !log, showMaxLabel: !log, formatter: (value: number) => shown(value, 3) };
  return { type: log ? "log" : "value", scale: true, axisLabel: labels, ...(log && values.length ? { min: low / 1.15, max: high * 1.15 } : {}) };
}

export interface Line { name: string; x: ArrayLike<number>; y: ArrayLike<number>; dashed?: boolean; dots?: boolean; colour: number }

/** Curves over one axis. */
export function lineFigure(title: string, caption: string, curves: Line[], x: string, y: string, logX = false, logY = false): HTMLElement {
  const usable = (value: number, log: boolean) => Number.isFinite(value) && (!log || value > 0);
  const points = (line: Line) => Array.from(line.x, (at, i) => [at, line.y[i]]).filter(([a, b]) => usable(a, logX) && usable(b, logY));
  const count = Math.max(...curves.map(({ colour }) => colour)) + 1;
  const option = () => {
    const colours = seriesColours(count, false);
    return { ...base(), tooltip: { ...base().tooltip as object, trigger: "axis", valueFormatter: (value: unknown) => shown(value as number) },
             xAxis: { ...axisStyle(x, "x"), ...range(curves.flatMap(points).map(([at]) => at), logX) },
             yAxis: { ...axisStyle(y, "y"), ...range(curves.flatMap(points).map(([, value]) => value), logY) },
             series: curves.map((line) => ({ type: "line", name: line.name, data: points(line), symbol: line.dots ? "circle" : "none", symbolSize: 8,
               lineStyle: { color: colours[line.colour], width: line.dots ? 0 : 1.6, type: line.dashed ? "dashed" : "solid" }, itemStyle: { color: colours[line.colour] } })) };
  };
  const made = figure(title, caption, option, () => ({ heads: [x, ...curves.map(({ name }) => name)],
    rows: Array.from(curves[0].x, (at, i) => [shown(at), ...curves.map((line) => shown(line.y[i]))]) }));
  made.querySelector("figcaption")!.before(key(curves.map(({ name, colour, dashed, dots }) => ({ name, colour, mark: dots ? "●" : dashed ? "╌" : "━" })), count));
  return made;
}

function key(entries: { name: string; colour: number; mark: string }[], count: number): HTMLElement {
  const element = make("div", { class: "bar key" });
  const fill = () => element.replaceChildren(...entries.map(({ name, colour, mark }) =>
    make("span", { class: "check" }, make("b", { style: `color:${seriesColours(count, false)[colour]}`, "aria-hidden": "true" }, mark), name)));
  fill();
  onThemeChange(fill);
  return element;
}

export interface Bars { name: string; values: ArrayLike<number>; colour: number; errors?: ArrayLike<number> }

export function barFigure(title: string, caption: string, labels: string[], bars: Bars[], unit: string, least?: number): HTMLElement {
  const count = Math.max(...bars.map(({ colour }) => colour)) + 1;
  const option = () => {
    const colours = seriesColours(count, false);
    return { ...base(), tooltip: { ...base().tooltip as object, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value: unknown) => shown(value as number) },
             grid: { left: 8, right: 14, top: 6, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
             xAxis: { type: "value", min: least, ...axisStyle(unit, "x") },
             yAxis: { type: "category", inverse: true, data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: palette().faint } },
               axisLabel: { color: palette().faint, interval: labels.length > 24 ? "auto" : 0, width: 130, overflow: "truncate", lineHeight: 13, fontSize: 11 } },
             series: bars.map(({ name, values, colour }) => ({ type: "bar", name, data: Array.from(values), itemStyle: { color: colours[colour] } })) };
  };
  const made = figure(title, caption, option, () => ({ heads: ["head", ...bars.map(({ name }) => name)],
    rows: labels.map((label, i) => [label.replace("\n", ", "), ...bars.map(({ values }) => shown(values[i]))]) }));
  if (bars.length > 1) made.querySelector("figcaption")!.before(key(bars.map(({ name, colour }) => ({ name, colour, mark: "■" })), count));
  return made;
}

/** A square matrix as heat map; `limit` makes the colours of several comparable. */
export function heatFigure(title: string, caption: string, labels: string[], values: ArrayLike<number>, limit: number): HTMLElement {
  const n = labels.length;
  const option = () => {
    const colours = palette();
    const cells = Array.from(values, (value, i) => ({ value: [i % n, Math.floor(i / n), value],
      ...(Math.abs(value) > 0.6 * limit ? { label: { color: colours.paper } } : {}) }));  // legible on the strong colours
    const labelled = { show: n <= 8, color: colours.ink, fontSize: n <= 4 ? 13 : 10, formatter: ({ value }: { value: number[] }) => shown(value[2], 3) };
    const names = { type: "category", data: labels, axisLabel: { color: colours.faint, interval: n <= 24 ? 0 : "auto", fontSize: n > 12 ? 9 : 12, rotate: 0 },
                    axisLine: { lineStyle: { color: colours.faint } }, axisTick: { show: false }, splitLine: { show: false } };
    return { ...base(), grid: { left: 8, right: 8, top: 6, bottom: 52, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
             tooltip: { ...base().tooltip as object, formatter: ({ value }: { value: number[] }) => `${labels[value[1]]}, ${labels[value[0]]}: <b>${shown(value[2], 5)}</b>` },
             xAxis: { ...names, axisLabel: { ...names.axisLabel, rotate: n > 8 ? 90 : 0 } }, yAxis: { ...names, inverse: true },
             visualMap: { type: "continuous", min: -limit, max: limit, orient: "horizontal", left: "center", bottom: 0, itemHeight: 160, itemWidth: 12,
                          calculable: false, text: [shown(limit, 3), shown(-limit, 3)], textStyle: { color: colours.faint }, inRange: { color: divergingColours() } },
             series: [{ type: "heatmap", data: cells, label: labelled, itemStyle: { borderColor: colours.grid, borderWidth: n <= 40 ? 1 : 0 }, emphasis: { itemStyle: { borderColor: colours.ink } } }] };
  };
  const numbers = () => ({ heads: ["path", ...labels], rows: labels.map((label, i) => [label, ...labels.map((_, j) => shown(values[i * n + j], 5))]) });
  return figure(title, caption, option, numbers, "square");
}
