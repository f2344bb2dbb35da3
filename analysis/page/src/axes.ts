// Axes and error bars of the chart of all points.
import { shown } from "./names";
import { palette } from "./theme";

/** Draws [x, low, high] as a bar with caps. */
export function errorBar(colour: string) {
  return (_: unknown, api: { value(i: number): number; coord(at: number[]): number[] }) => {
    const low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
    const line = (x1: number, y1: number, x2: number, y2: number) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 1.5 } });
    const cap = 3.5;
    return { type: "group", children: [line(low[0], low[1], high[0], high[1]), line(low[0] - cap, low[1], low[0] + cap, low[1]),
                                       line(high[0] - cap, high[1], high[0] + cap, high[1])] };
  };
}

/** An axis over values that are logarithms if `log`. A fraction's axis spans 0.05 at least, so that one test example more is no mountain. */
export function axis(name: string, log: boolean, values: number[], which: "x" | "y", fraction: boolean): Record<string, unknown> {
  const colours = palette();
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(low)) { low = 0; high = 1; }
  const least = fraction && !log ? 0.05 : log ? 0.1 : Math.max(Math.abs(high), 1e-300) * 1e-6;
  const spare = Math.max(least - (high - low), 0) / 2;
  const pad = (high - low + 2 * spare) * 0.04;
  const most = fraction && !log && high <= 1 ? Math.min(high + spare + pad, 1 + pad / 2) : high + spare + pad;
  const limits = [low - spare - pad, most];
  const power = (exponent: number) => 10 ** exponent;
  return {
    type: log ? "log" : "value", name, nameLocation: which === "x" ? "middle" : "end", nameGap: which === "x" ? 26 : 12,
    nameTextStyle: { color: colours.ink, align: which === "x" ? "center" : "left", fontSize: 13 },
    min: log ? power(limits[0]) : limits[0], max: log ? power(limits[1]) : limits[1],
    axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } }, splitLine: { lineStyle: { color: colours.grid } },
    axisLabel: { color: colours.faint, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (value: number) => shown(value, 4) },
  };
}
