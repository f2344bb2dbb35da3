// What the page uses of Apache ECharts, and nothing else; bundled on its own, as global attnpathsCharts.
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, MarkLineComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart, DataZoomInsideComponent, GridComponent, MarkLineComponent,
     TooltipComponent, VisualMapContinuousComponent, CanvasRenderer]);

export { init };
