// The plotting library as our own part of the page sees it: types here, the code in charts.js (charts.ts).
import type { ECharts, EChartsCoreOption } from "echarts/core";

declare const attnpathsCharts: { init(dom: HTMLElement, theme: null, options: { renderer: "canvas" }): ECharts };

export type Chart = ECharts;
export type Option = EChartsCoreOption;

export function newChart(dom: HTMLElement): Chart {
  return attnpathsCharts.init(dom, null, { renderer: "canvas" });
}
