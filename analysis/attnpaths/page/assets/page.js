"use strict";
(() => {
  // src/dom.ts
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== void 0 && value !== null) element.setAttribute(name, String(value));
    }
    for (const child of children) if (child !== null && child !== void 0) element.append(child);
    return element;
  }
  function byId(id) {
    return document.getElementById(id);
  }
  function download(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1e4);
  }
  function option(value, text, selected = false) {
    const element = make("option", { value }, text);
    element.selected = selected;
    return element;
  }

  // src/names.ts
  var SETTINGS = /* @__PURE__ */ new Map([
    ["point/task", "task"],
    ["point/part", "part"],
    ["point/width", "width N"],
    ["point/examples", "examples P"],
    ["point/heads", "heads"],
    ["point/depth", "depth"],
    ["point/outputs", "outputs"],
    ["point/variance_input", "input variance"],
    ["point/variance_layers", "layer variances"],
    ["point/variance_readout", "readout variance"],
    ["point/temperature", "temperature T"],
    ["point/seed", "seed"]
  ]);
  var SOURCES = /* @__PURE__ */ new Map([
    ["evidence", "log p(y)"],
    ["theory", "saddle point"],
    ["next_order", "next order in 1/N"],
    ["gp", "Gaussian process"],
    ["theory-diagonal", "theory, U diagonal"],
    ["sampling/order-parameter", "sampled U"],
    ["sampling/weights", "sampled weights"]
  ]);
  var EVIDENCE = /* @__PURE__ */ new Map([
    ["ratio", "log evidence"],
    ["gaussian_process", "log evidence, Gaussian process"],
    ["sampled", "log evidence, sampled"],
    ["two_loop", "log evidence, two loops"],
    ["sampled_error", "log evidence, sampled, its error"]
  ]);
  function parts(column) {
    const cut = column.lastIndexOf("/");
    return { source: column.slice(0, cut), quantity: column.slice(cut + 1) };
  }
  function sourceName(source) {
    return SOURCES.get(source) ?? (source.startsWith("gp-") ? `Gaussian process, paths ${source.slice(3)}` : source);
  }
  function columnName(name) {
    const setting = SETTINGS.get(name);
    if (setting) return setting;
    const { source, quantity } = parts(name);
    if (source === "evidence") return EVIDENCE.get(quantity) ?? quantity.replaceAll("_", " ");
    return source === "point" ? quantity.replaceAll("_", " ") : `${quantity.replaceAll("_", " ")}, ${sourceName(source)}`;
  }
  function errorColumn(name) {
    const { source, quantity } = parts(name);
    const dash = quantity.indexOf("-");
    return `${source}/${dash < 0 ? `${quantity}_mcse` : `${quantity.slice(0, dash)}_mcse${quantity.slice(dash)}`}`;
  }
  function axisTitle(column) {
    const units = column.about.units;
    return units ? `${columnName(column.name)} (${units})` : columnName(column.name);
  }
  function shown(value, digits = 4) {
    if (value === null || value === void 0) return "";
    if (typeof value === "string") return value;
    if (Number.isNaN(value)) return "";
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
    return String(Number(value.toPrecision(digits))).replace("e-", "e\u2212").replace(/^-/, "\u2212");
  }
  var LONGEST = 14;
  function pathNames(headCounts, size, classes = "") {
    let paths = [""];
    for (let layer = 0; layer < headCounts.length; layer++) {
      const heads2 = Array.from({ length: headCounts[layer] }, (_, head) => String(head + 1));
      paths = paths.flatMap((path) => heads2.map((head) => path ? `${path}.${head}` : head));
    }
    const outputs = size / paths.length;
    if (outputs === 1) return paths;
    if (!Number.isInteger(outputs)) return Array.from({ length: size }, (_, i) => String(i + 1));
    const names = classes.split(";").map((name) => name.trim()), known = names.length === outputs;
    const output = (i) => !known || !names[i] ? String(i + 1) : names[i].length > LONGEST ? `${names[i].slice(0, LONGEST - 1)}\u2026` : names[i];
    return paths.flatMap((path) => Array.from({ length: outputs }, (_, i) => `${path}:${output(i)}`));
  }
  function headNames(headCounts, names) {
    const given = names.split(";").map((name) => name.trim());
    const found = [];
    for (let layer = 0; layer < headCounts.length; layer++)
      for (let head = 1; head <= headCounts[layer]; head++) found.push(`layer ${layer + 1} head ${head}`);
    return found.map((label, i) => given.length === found.length && given[i] ? `${given[i]}
${label}` : label);
  }
  function varyingSettings(table) {
    const rows = Array.from({ length: table.rows }, (_, row) => row);
    return [...SETTINGS.keys()].flatMap((name) => {
      const column = table.columns.get(name);
      return column && column.different(rows, 1) === null ? [column] : [];
    });
  }
  function pointName(table, row, settings) {
    const named = settings.length ? settings : [...SETTINGS.keys()].slice(2, 4).flatMap((name) => table.columns.get(name) ?? []);
    return named.map((column) => `${columnName(column.name)} = ${shown(column.value(row))}`).join(", ");
  }

  // src/series.ts
  var MOST_COLOURS = 12;
  var MOST_LINES = 400;
  var MOST_BARS = 4e3;
  var SIDE_BY_SIDE = 2e3;
  var MOST_LANES = 40;
  var BELIEVED = /* @__PURE__ */ new Set(["sampled", "doubtful"]);
  function groups(table, rows, colour) {
    const column = table.columns.get(colour);
    if (!column) return { groups: [{ name: "", colour: 0, rows }], ordered: false };
    const ordered = column.kind === "number";
    const values = column.different(rows, MOST_COLOURS);
    if (values) {
      const found2 = values.map((value, i) => ({ name: ordered ? shown(value) : column.text(value), colour: i, rows: [] }));
      const index = new Map(values.map((value, i) => [value, i]));
      for (const row of rows) {
        const i = index.get(column.numbers[row]);
        if (i !== void 0) found2[i].rows.push(row);
      }
      return { groups: found2, ordered };
    }
    const sorted = rows.filter((row) => !Number.isNaN(column.numbers[row])).sort((a, b) => column.numbers[a] - column.numbers[b]);
    const bins = 10;
    const found = [];
    for (let bin = 0, begin = 0; bin < bins && begin < sorted.length; bin++) {
      let end = Math.max(Math.round(sorted.length * (bin + 1) / bins), begin + 1);
      while (end < sorted.length && column.numbers[sorted[end]] === column.numbers[sorted[end - 1]]) end++;
      const own = sorted.slice(begin, end);
      const [first, last] = [own[0], own[own.length - 1]].map((row) => shown(column.numbers[row], 3));
      const name = ordered ? first === last ? first : `${first} to ${last}` : `${column.text(column.numbers[own[0]])} \u2026`;
      found.push({ name, colour: bin, rows: own });
      begin = end;
    }
    return { groups: found, ordered };
  }
  function comparable(table, y) {
    const { quantity } = parts(y);
    return [...table.columns.keys()].filter((name) => name !== y && parts(name).quantity === quantity && table.columns.get(name).kind === "number" && !name.startsWith("point/"));
  }
  function doubt(table, column, row) {
    const { source } = parts(column);
    if (source.startsWith("sampling/")) {
      const verdict = String(table.value(`${source}/verdict`, row));
      return verdict === "NaN" || BELIEVED.has(verdict) ? "" : `samples ${verdict || "missing"}`;
    }
    if ((source === "theory" || source === "next_order") && table.number("theory/in_regime", row) === 0) return "N < n, outside the theory's regime";
    return "";
  }
  function lines(table, rows, x) {
    if (!x.startsWith("point/")) return [];
    const others = varyingSettings(table).filter((column) => column.name !== x);
    const found = /* @__PURE__ */ new Map();
    for (const row of rows) {
      const key2 = others.map((column) => column.numbers[row]).join(" ");
      const own = found.get(key2);
      if (own) own.push(row);
      else if (found.size >= MOST_LINES) return [];
      else found.set(key2, [row]);
    }
    const at = table.columns.get(x).numbers;
    const sorted = [...found.values()].filter((own) => own.length > 1).map((own) => own.sort((a, b) => at[a] - at[b]));
    return sorted.filter((own) => own.every((row, i) => i === 0 || at[row] > at[own[i - 1]]));
  }
  function lanes(table, rows, choice, count) {
    const none = new Array(count).fill(0);
    const values = choice.x.startsWith("point/") && rows.length > SIDE_BY_SIDE && count > 1 ? table.columns.get(choice.x).different(rows, MOST_LANES) : null;
    if (!values || values.length < 2) return none;
    const at = values.map((value) => choice.logX ? Math.log10(value) : value);
    const gap = Math.min(...at.slice(1).map((value, i) => value - at[i]));
    return Number.isFinite(gap) ? none.map((_, i) => (i - (count - 1) / 2) * 0.7 * gap / count) : none;
  }
  function errorBars(table, column) {
    return table.columns.get(errorColumn(column));
  }
  function wantsLog(column, rows) {
    if (!column || column.kind !== "number") return false;
    let low = Infinity, high = -Infinity;
    for (const row of rows) {
      const value = column.numbers[row];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low > 0 && high / low >= 9.99;
  }

  // src/controls.ts
  var FIRST_Y = ["theory/accuracy", "theory/mse", "gp/accuracy", "gp/mse", "evidence/ratio", "point/seconds"];
  var FIRST_COMPARED = ["next_order", "sampling/order-parameter", "sampling/weights", "gp"];
  var MOST_COMPARED = 40;
  var FIRST_X = ["point/width", "point/temperature", "point/examples", "point/heads", "point/depth", "point/variance_readout", "point/variance_input", "point/seed"];
  function firstChoice(table) {
    const rows = Array.from({ length: table.rows }, (_, row) => row);
    const values = (name) => table.columns.get(name)?.different(rows, 1e3)?.length ?? (table.columns.has(name) ? 1e3 : 0);
    const several = FIRST_X.filter((name) => values(name) > 1);
    const x = several[0] ?? "point/width";
    const y = FIRST_Y.find((name) => table.columns.has(name)) ?? [...table.columns.values()].find(({ kind }) => kind === "number")?.name ?? x;
    const colour = several.filter((name) => name !== x && name !== "point/seed").sort((a, b) => values(b) - values(a))[0] ?? "";
    const choice = { x, y, compared: [], colour, logX: false, logY: false, hidden: /* @__PURE__ */ new Set() };
    suggest(table, rows, choice);
    return choice;
  }
  function suggest(table, rows, choice, what = "both") {
    if (what !== "y") choice.logX = wantsLog(table.columns.get(choice.x), rows);
    if (what === "x") return;
    choice.logY = !parts(choice.y).quantity.includes("accuracy") && wantsLog(table.columns.get(choice.y), rows);
    const found = comparable(table, choice.y);
    choice.compared = rows.length > MOST_COMPARED ? [] : FIRST_COMPARED.map((source) => `${source}/${parts(choice.y).quantity}`).filter((name) => found.includes(name));
  }
  function columnOptions(table, chosen) {
    const bySource = /* @__PURE__ */ new Map([["settings", [...SETTINGS.keys()].filter((name) => table.columns.get(name)?.kind === "number")]]);
    for (const { name, kind } of table.columns.values()) {
      if (kind !== "number" || SETTINGS.has(name)) continue;
      const source = parts(name).source;
      bySource.set(source, [...bySource.get(source) ?? [], name]);
    }
    return [...bySource].map(([source, names]) => make("optgroup", { label: sourceName(source) }, ...names.map((name) => option(name, columnName(name), name === chosen))));
  }
  function drawControls(table, choice, filters, changed, zoom) {
    const again = (axes, id) => {
      drawControls(table, choice, filters, changed, zoom);
      changed(axes);
      byId(id)?.focus();
    };
    const rows = () => filters.rows();
    const select = (id, label, options, pick) => {
      const element = make("select", { id, onchange: () => {
        pick(element.value);
        again(true, id);
      } }, ...options);
      return make("label", {}, label, element);
    };
    const check = (id, label, checked, pick) => {
      const box = make("input", { type: "checkbox", id, onchange: () => {
        pick(box.checked);
        again(true, id);
      } });
      box.checked = checked;
      return make("label", { class: "check" }, box, label);
    };
    const colours = [
      option("", "nothing", choice.colour === ""),
      ...[...SETTINGS.keys(), "point/status", "theory/certificate", "sampling/order-parameter/verdict", "sampling/weights/verdict", "next_order/verdict"].filter((name) => table.columns.has(name)).map((name) => option(name, columnName(name), name === choice.colour)),
      ...choice.colour && ![...SETTINGS.keys()].includes(choice.colour) && !/status|certificate|verdict/.test(choice.colour) ? [option(choice.colour, columnName(choice.colour), true)] : []
    ];
    const beside = comparable(table, choice.y);
    byId("controls").replaceChildren(
      select("x", "Horizontal", columnOptions(table, choice.x), (value) => {
        choice.x = value;
        suggest(table, rows(), choice, "x");
      }),
      check("log-x", "log", choice.logX, (value) => {
        choice.logX = value;
      }),
      select("y", "Vertical", columnOptions(table, choice.y), (value) => {
        choice.y = value;
        choice.hidden.clear();
        suggest(table, rows(), choice, "y");
      }),
      check("log-y", "log", choice.logY, (value) => {
        choice.logY = value;
      }),
      select("colour", "Colour", colours, (value) => {
        choice.colour = value;
        choice.hidden.clear();
      }),
      make("div", { class: "bar", style: "margin:0" }, ...[["+", "Zoom in", 0.7], ["\u2212", "Zoom out", 1 / 0.7], ["All", "Show all", Infinity]].map(([text, label, factor]) => make("button", { type: "button", "aria-label": label, onclick: () => zoom(factor) }, text))),
      ...beside.length ? [make(
        "details",
        choice.compared.length ? { open: true } : {},
        make("summary", {}, `Beside it: ${parts(choice.y).quantity.replaceAll("_", " ")} from other sources`),
        make("div", {}, ...beside.map((name) => check(
          `beside ${name}`,
          sourceName(parts(name).source),
          choice.compared.includes(name),
          (value) => {
            choice.compared = beside.filter((other) => other === name ? value : choice.compared.includes(other));
          }
        )))
      )] : [],
      filters.element
    );
  }
  function choiceText(choice, chosen) {
    const words = new URLSearchParams({ x: choice.x, y: choice.y, colour: choice.colour, log: `${choice.logX ? "x" : ""}${choice.logY ? "y" : ""}` });
    if (choice.compared.length) words.set("beside", choice.compared.join(" "));
    chosen.forEach((row, i) => {
      if (row !== null) words.set("ab"[i], String(row));
    });
    return words.toString().replaceAll("%2F", "/");
  }
  function readChoice(text, table, choice) {
    const words = new URLSearchParams(text);
    const known = (name) => name !== null && table.columns.has(name);
    const x = words.get("x"), y = words.get("y"), colour = words.get("colour");
    if (known(x) && known(y)) {
      const log = words.get("log") ?? "";
      Object.assign(choice, {
        x,
        y,
        colour: known(colour) ? colour : "",
        logX: log.includes("x"),
        logY: log.includes("y"),
        compared: (words.get("beside") ?? "").split(" ").filter(known)
      });
    }
    return ["a", "b"].map((letter) => {
      const row = words.get(letter);
      return row !== null && /^\d+$/.test(row) && Number(row) < table.rows ? Number(row) : null;
    });
  }

  // src/echarts.ts
  function newChart(dom) {
    return attnpathsCharts.init(dom, null, { renderer: "canvas" });
  }

  // src/theme.ts
  var listeners = [];
  var dark = matchMedia("(prefers-color-scheme: dark)");
  function palette() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(`--${name}`).trim();
    return { ink: get("ink"), faint: get("faint"), grid: get("grid"), paper: get("paper"), accent: get("accent"), warn: get("warn") };
  }
  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : dark.matches;
  }
  function onThemeChange(listener) {
    listeners.push(listener);
  }
  function setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const listener of listeners) listener();
  }
  function startTheme(button) {
    const label = () => {
      button.textContent = isDark() ? "Light" : "Dark";
    };
    onThemeChange(label);
    button.addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
    dark.addEventListener("change", () => setTheme(document.documentElement.dataset.theme ?? null));
    let before = null;
    addEventListener("beforeprint", () => {
      before = document.documentElement.dataset.theme ?? null;
      setTheme("light");
    });
    addEventListener("afterprint", () => setTheme(before));
    label();
  }
  var UNORDERED = {
    light: ["#0072b2", "#c65102", "#00785a", "#a8478a", "#8a6d00", "#3a7fae", "#5c4d9a", "#555555"],
    dark: ["#5db7f0", "#ff9a57", "#38c79b", "#e79acb", "#e6c84a", "#9cc9ea", "#b3a5f0", "#bbbbbb"]
  };
  var ORDERED = { light: ["#440154", "#3b528b", "#21918c", "#4fb34c", "#b8a500"], dark: ["#8a6fd1", "#5f8fdc", "#34b5ae", "#6ed06a", "#f0e44a"] };
  function mixed(a, b, share) {
    const channel = (text, i) => parseInt(text.slice(1 + 2 * i, 3 + 2 * i), 16);
    return "#" + [0, 1, 2].map((i) => Math.round(channel(a, i) * (1 - share) + channel(b, i) * share).toString(16).padStart(2, "0")).join("");
  }
  function seriesColours(count, ordered) {
    const theme = isDark() ? "dark" : "light";
    if (!ordered || count <= 1) return Array.from({ length: count }, (_, i) => UNORDERED[theme][i % UNORDERED[theme].length]);
    const stops = ORDERED[theme];
    return Array.from({ length: count }, (_, i) => {
      const at = i / (count - 1) * (stops.length - 1);
      const left = Math.min(Math.floor(at), stops.length - 2);
      return mixed(stops[left], stops[left + 1], at - left);
    });
  }
  function divergingColours() {
    return isDark() ? ["#5fb0ff", "#2b5f94", "#26282c", "#9a4a22", "#ff9a57"] : ["#0b5394", "#8ab6dc", "#ffffff", "#f0a878", "#b33c00"];
  }

  // src/figures.ts
  var drawn = [];
  var sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) drawn.find(({ frame }) => frame === target)?.chart.resize();
  });
  onThemeChange(() => drawn.forEach(({ chart, option: option2 }) => chart.setOption(option2(), { notMerge: true })));
  function clearFigures() {
    for (const { chart, frame } of drawn) {
      sizes.unobserve(frame);
      chart.clear();
      chart.getZr().refreshImmediately();
      chart.dispose();
    }
    drawn = [];
  }
  var MOST_ROWS = 400;
  function numbersTable({ heads: heads2, rows }) {
    return make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "numbers" }, make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...heads2.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows.slice(0, MOST_ROWS).map((row) => make("tr", {}, ...row.map((cell2, i) => make(i ? "td" : "th", i ? {} : { scope: "row" }, cell2)))))
    ));
  }
  function figure(title, caption, option2, numbers, kind = "") {
    const frame = make("div", { class: `chart ${kind}`, role: "img", "aria-label": `${title}. ${caption}` });
    const table = make("details", { class: "screen", ontoggle: () => {
      if (table.open && table.childElementCount === 1) table.append(numbersTable(numbers()));
    } }, make("summary", {}, "Numbers"));
    queueMicrotask(() => {
      if (!frame.isConnected) return;
      const chart = newChart(frame);
      chart.setOption(option2());
      drawn.push({ chart, frame, option: option2 });
      sizes.observe(frame);
    });
    return make("figure", {}, make("h3", {}, title), frame, make("figcaption", {}, caption), table);
  }
  function axisStyle(name, which) {
    const colours = palette();
    return {
      name,
      nameLocation: which === "x" ? "middle" : "end",
      nameGap: which === "x" ? 26 : 10,
      nameTextStyle: { color: colours.ink, align: which === "x" ? "center" : "left" },
      axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } },
      axisLabel: { color: colours.faint, hideOverlap: true },
      splitLine: { lineStyle: { color: colours.grid } }
    };
  }
  function base() {
    const colours = palette();
    return {
      animation: false,
      textStyle: { color: colours.ink, fontFamily: "system-ui, sans-serif" },
      grid: { left: 8, right: 14, top: 30, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { confine: true, backgroundColor: colours.paper, borderColor: colours.faint, textStyle: { color: colours.ink, fontSize: 13 } }
    };
  }
  function range(values, log) {
    const low = Math.min(...values), high = Math.max(...values);
    const labels = { color: palette().faint, hideOverlap: true, showMinLabel: !log, showMaxLabel: !log, formatter: (value) => shown(value, 3) };
    return { type: log ? "log" : "value", scale: true, axisLabel: labels, ...log && values.length ? { min: low / 1.15, max: high * 1.15 } : {} };
  }
  function lineFigure(title, caption, curves, x, y, logX = false, logY = false) {
    const usable = (value, log) => Number.isFinite(value) && (!log || value > 0);
    const points = (line) => Array.from(line.x, (at, i) => [at, line.y[i]]).filter(([a, b]) => usable(a, logX) && usable(b, logY));
    const count = Math.max(...curves.map(({ colour }) => colour)) + 1;
    const option2 = () => {
      const colours = seriesColours(count, false);
      return {
        ...base(),
        tooltip: { ...base().tooltip, trigger: "axis", valueFormatter: (value) => shown(value) },
        xAxis: { ...axisStyle(x, "x"), ...range(curves.flatMap(points).map(([at]) => at), logX) },
        yAxis: { ...axisStyle(y, "y"), ...range(curves.flatMap(points).map(([, value]) => value), logY) },
        series: curves.map((line) => ({
          type: "line",
          name: line.name,
          data: points(line),
          symbol: line.dots ? "circle" : "none",
          symbolSize: 8,
          lineStyle: { color: colours[line.colour], width: line.dots ? 0 : 1.6, type: line.dashed ? "dashed" : "solid" },
          itemStyle: { color: colours[line.colour] }
        }))
      };
    };
    const made = figure(title, caption, option2, () => ({
      heads: [x, ...curves.map(({ name }) => name)],
      rows: Array.from(curves[0].x, (at, i) => [shown(at), ...curves.map((line) => shown(line.y[i]))])
    }));
    made.querySelector("figcaption").before(key(curves.map(({ name, colour, dashed, dots }) => ({ name, colour, mark: dots ? "\u25CF" : dashed ? "\u254C" : "\u2501" })), count));
    return made;
  }
  function key(entries, count) {
    const element = make("div", { class: "bar key" });
    const fill = () => element.replaceChildren(...entries.map(({ name, colour, mark }) => make("span", { class: "check" }, make("b", { style: `color:${seriesColours(count, false)[colour]}`, "aria-hidden": "true" }, mark), name)));
    fill();
    onThemeChange(fill);
    return element;
  }
  function barFigure(title, caption, labels, bars, unit, least) {
    const count = Math.max(...bars.map(({ colour }) => colour)) + 1;
    const option2 = () => {
      const colours = seriesColours(count, false);
      return {
        ...base(),
        tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => shown(value) },
        grid: { left: 8, right: 14, top: 6, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: { type: "value", min: least, ...axisStyle(unit, "x") },
        yAxis: {
          type: "category",
          inverse: true,
          data: labels,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: palette().faint } },
          axisLabel: { color: palette().faint, interval: labels.length > 24 ? "auto" : 0, width: 130, overflow: "truncate", lineHeight: 13, fontSize: 11 }
        },
        series: bars.map(({ name, values, colour }) => ({ type: "bar", name, data: Array.from(values), itemStyle: { color: colours[colour] } }))
      };
    };
    const made = figure(title, caption, option2, () => ({
      heads: ["head", ...bars.map(({ name }) => name)],
      rows: labels.map((label, i) => [label.replace("\n", ", "), ...bars.map(({ values }) => shown(values[i]))])
    }));
    if (bars.length > 1) made.querySelector("figcaption").before(key(bars.map(({ name, colour }) => ({ name, colour, mark: "\u25A0" })), count));
    return made;
  }
  function heatFigure(title, caption, labels, values, limit) {
    const n = labels.length;
    const option2 = () => {
      const colours = palette();
      const cells = Array.from(values, (value, i) => ({
        value: [i % n, Math.floor(i / n), value],
        ...Math.abs(value) > 0.6 * limit ? { label: { color: colours.paper } } : {}
      }));
      const labelled = { show: n <= 8, color: colours.ink, fontSize: n <= 4 ? 13 : 10, formatter: ({ value }) => shown(value[2], 3) };
      const names = {
        type: "category",
        data: labels,
        axisLabel: { color: colours.faint, interval: n <= 24 ? 0 : "auto", fontSize: n > 12 ? 9 : 12, rotate: 0 },
        axisLine: { lineStyle: { color: colours.faint } },
        axisTick: { show: false },
        splitLine: { show: false }
      };
      return {
        ...base(),
        grid: { left: 8, right: 8, top: 6, bottom: 52, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        tooltip: { ...base().tooltip, formatter: ({ value }) => `${labels[value[1]]}, ${labels[value[0]]}: <b>${shown(value[2], 5)}</b>` },
        xAxis: { ...names, axisLabel: { ...names.axisLabel, rotate: n > 8 ? 90 : 0 } },
        yAxis: { ...names, inverse: true },
        visualMap: {
          type: "continuous",
          min: -limit,
          max: limit,
          orient: "horizontal",
          left: "center",
          bottom: 0,
          itemHeight: 160,
          itemWidth: 12,
          calculable: false,
          text: [shown(limit, 3), shown(-limit, 3)],
          textStyle: { color: colours.faint },
          inRange: { color: divergingColours() }
        },
        series: [{ type: "heatmap", data: cells, label: labelled, itemStyle: { borderColor: colours.grid, borderWidth: n <= 40 ? 1 : 0 }, emphasis: { itemStyle: { borderColor: colours.ink } } }]
      };
    };
    const numbers = () => ({ heads: ["path", ...labels], rows: labels.map((label, i) => [label, ...labels.map((_, j) => shown(values[i * n + j], 5))]) });
    return figure(title, caption, option2, numbers, "square");
  }

  // src/draws.ts
  var BINS = 10;
  function rankCounts(chains) {
    const all = chains.flatMap((draws, chain) => draws.map((value) => ({ value, chain }))).sort((a, b) => a.value - b.value);
    const counts2 = chains.map(() => new Array(BINS).fill(0));
    all.forEach(({ chain }, rank) => {
      counts2[chain][Math.floor(rank * BINS / all.length)]++;
    });
    return counts2;
  }
  function drawsFigures({ details }, source, letter, names) {
    const found = [];
    const add = (title, chains, y) => {
      const draws = Array.from(chains[0], (_, i) => i + 1);
      const labels = Array.from({ length: BINS }, (_, bin) => `${bin * 100 / BINS} to ${(bin + 1) * 100 / BINS} %`);
      found.push(lineFigure(
        `Trace of ${title}${letter}`,
        `Draws that the store keeps, ${sourceName(source)}.`,
        chains.map((values, chain) => ({ name: `chain ${chain + 1}`, x: draws, y: values, colour: chain })),
        "stored draw",
        y
      ));
      if (chains.length > 1)
        found.push(barFigure(
          `Rank histogram of ${title}${letter}`,
          `Draws of each chain by rank among all draws, ${sourceName(source)}: flat where the chains agree.`,
          labels,
          rankCounts(chains).map((values, chain) => ({ name: `chain ${chain + 1}`, values, colour: chain })),
          "draws",
          0
        ));
    };
    const U = details.get(`${source}/draws_order_parameter`);
    if (U && U.shape.length === 4) {
      const [chains, draws, n] = U.shape, size = n * n;
      const mean = (k) => {
        let sum = 0;
        for (let i = 0; i < chains * draws; i++) sum += U.values[i * size + k * (n + 1)];
        return sum;
      };
      const path = Array.from({ length: n }, (_, k) => k).reduce((best, k) => mean(k) > mean(best) ? k : best, 0);
      const name = names(n)[path];
      add(`U(${name}, ${name})`, Array.from({ length: chains }, (_, chain) => Array.from({ length: draws }, (_2, draw) => U.values[(chain * draws + draw) * size + path * (n + 1)])), "U");
    }
    const density = details.get(`${source}/draws_log_density`);
    if (density && density.shape.length === 2) {
      const [chains, draws] = density.shape;
      add("the log density", Array.from({ length: chains }, (_, chain) => Array.from({ length: draws }, (_2, draw) => density.values[chain * draws + draw])), "log density");
    }
    return found;
  }

  // src/details.ts
  var QUANTITIES = ["accuracy", "determination", "mse", "bias", "variance", "train_accuracy", "train_mse"];
  var SOURCE_ORDER = ["theory", "next_order", "sampling/order-parameter", "sampling/weights", "gp"];
  var CERTIFICATE = ["certificate", "gradient_norm_U", "gradient_bound_U", "hessian_min", "iterations", "evaluations", "second_start_difference", "in_regime"];
  var SAMPLER = ["verdict", "message", "rhat", "ess", "tail_ess", "ebfmi", "pareto_k", "chains", "draws", "divergences", "depth_hits", "predictor_z", "seconds"];
  var shownMatrix = "theory/order_parameter";
  var ofLetter = (chosen, point) => chosen.length > 1 ? `, ${point.label}` : "";
  function withUnit(head, column) {
    return column?.about.units ? `${head} (${column.about.units})` : head;
  }
  function cell(table, column, row) {
    const error = table.number(errorColumn(column), row), text = shown(table.value(column, row));
    return text + (text && error > 0 ? ` \xB1 ${shown(error, 2)}` : "");
  }
  function comparison(table, chosen, rows) {
    const filled = rows.filter(([, column]) => chosen.some(({ row }) => shown(table.value(column, row)) !== ""));
    if (!filled.length) return null;
    return numbersTable({
      heads: ["", ...chosen.map(({ label }) => chosen.length > 1 ? label : "")],
      rows: filled.map(([head, column]) => [withUnit(head, table.columns.get(column)), ...chosen.map(({ row }) => cell(table, column, row))])
    });
  }
  function panel(title, note, ...content) {
    const kept = content.filter((element) => element !== null);
    return kept.length ? make("figure", {}, make("h3", {}, title), ...kept, note ? make("figcaption", {}, note) : null) : null;
  }
  function results(table, chosen) {
    const given = [...table.columns.keys()].filter((name) => !name.startsWith("point/") && chosen.some(({ row }) => shown(table.value(name, row)) !== ""));
    const quantities = QUANTITIES.flatMap((quantity) => [...new Set(given.map((name) => parts(name).quantity))].filter((name) => name === quantity || name.startsWith(`${quantity}-`)));
    const sources = [...new Set(given.filter((name) => quantities.includes(parts(name).quantity)).map((name) => parts(name).source))];
    if (!sources.length) return null;
    const order = (source) => {
      const at = SOURCE_ORDER.indexOf(source);
      return at < 0 ? SOURCE_ORDER.length : at;
    };
    sources.sort((a, b) => order(a) - order(b));
    const numbers = { heads: ["", ...quantities.map((name) => name.replaceAll("_", " "))], rows: sources.flatMap((source) => chosen.map((point) => [`${sourceName(source)}${ofLetter(chosen, point)}`, ...quantities.map((quantity) => cell(table, `${source}/${quantity}`, point.row))])) };
    const outputs = Math.max(...chosen.map(({ row }) => table.number("point/outputs", row)));
    const made = panel("Predictions", `${outputs > 1 ? "Bias, variance and mse sum over outputs. " : ""}\xB1 is one Monte Carlo standard error.`, numbersTable(numbers));
    made.classList.add("whole");
    return made;
  }
  function evidence(table, chosen) {
    const rows = [...table.columns.values()].filter(({ name, kind }) => /^(evidence|best[-_]temperature)\//.test(name) && kind === "number" && !/\/(seconds)$/.test(name)).map(({ name }) => [columnName(name), name]);
    return panel("Evidence", "Log probability of the training targets.", comparison(table, chosen, rows));
  }
  function counts({ details }) {
    return details.get("point/head_counts")?.values ?? [];
  }
  function rowNames(table, point, size) {
    const classes = table.value("point/class_names", point.row);
    return pathNames(counts(point), size, typeof classes === "string" ? classes : "");
  }
  function matrices(table, chosen, again) {
    const names = [...new Set(chosen.flatMap(({ details }) => [...details].filter(([name, { shape }]) => /order_parameter/.test(name) && !/draws/.test(name) && shape.length === 2 && shape[0] === shape[1]).map(([name]) => name)))];
    if (!names.length) return [];
    if (!names.includes(shownMatrix)) shownMatrix = names[0];
    const select = make(
      "select",
      { id: "matrix", onchange: () => {
        shownMatrix = select.value;
        again();
        byId("matrix").focus();
      } },
      ...names.map((name) => option(name, matrixName(name), name === shownMatrix))
    );
    const given = chosen.flatMap((point) => {
      const value = point.details.get(shownMatrix);
      return value ? [{ point, value }] : [];
    });
    const limit = Math.max(...given.flatMap(({ value }) => Array.from(value.values, Math.abs)).filter(Number.isFinite), 1e-300);
    return [
      make("div", { class: "bar", style: "grid-column:1/-1" }, make("label", { class: "check" }, make("span", {}, "Order parameter:"), select)),
      ...given.map(({ point, value }) => heatFigure(
        `${matrixName(shownMatrix)}${ofLetter(chosen, point)}`,
        `Path 1.2 goes through head 1 of layer 1 and head 2 of layer 2. ${table.number("point/outputs", point.row) > 1 ? "After the colon: the output or its class. " : ""}${chosen.length > 1 ? "Both in one scale of colours." : ""}`,
        rowNames(table, point, value.shape[0]),
        value.values,
        limit
      ))
    ];
  }
  function matrixName(name) {
    const { source, quantity } = parts(name);
    const what = quantity.replace("order_parameter", "U").replace("_sd", ", standard deviation").replace("_mcse", ", Monte Carlo error").replace("_z", ", (theory \u2212 samples) / Monte Carlo error");
    return `${what}, ${sourceName(source)}`;
  }
  function heads(table, chosen) {
    return chosen.flatMap((point) => {
      const labels = headNames(counts(point), String(table.value("point/head_names", point.row)));
      const of = (name) => point.details.get(name)?.values;
      const scores = ["theory", "next_order"].flatMap((source, colour) => {
        const values = of(`${source}/head_scores`);
        return values && values.length === labels.length ? [{ name: sourceName(source), values, colour }] : [];
      });
      const factors = of("head_evidence/log_bayes_factors");
      return [
        scores.length ? barFigure(`Head scores${ofLetter(chosen, point)}`, "Share of |U| over pairs of paths through the head, of the largest.", labels, scores, "score", 0) : null,
        factors ? barFigure(
          `Bayes factors of heads${ofLetter(chosen, point)}`,
          "log p(y) with the head less without it: positive where the data speak for it.",
          labels,
          [{ name: "log Bayes factor", values: factors, colour: 0 }],
          "nats"
        ) : null
      ];
    });
  }
  function spectra(chosen) {
    const curves = (quantity) => chosen.flatMap((point, which) => ["theory", "gp"].flatMap((source) => {
      const values2 = point.details.get(`${source}/${quantity}`)?.values;
      return values2 ? [{ name: `${sourceName(source)}${ofLetter(chosen, point)}`, x: Array.from(values2, (_, i) => i + 1), y: values2, dashed: source === "gp", colour: which }] : [];
    }));
    const values = curves("eigenvalues"), power = curves("cumulative_power");
    const stored = power.length ? Math.max(...power.map(({ y }) => y.length)) : 0;
    return [
      values.length ? lineFigure("Spectrum of the kernel", "Leading eigenvalues.", values, "component k", "eigenvalue", false, true) : null,
      power.length ? lineFigure(
        "Cumulative power of the task",
        `Share of the targets in the first k components; the store keeps ${stored}, so curves may end below 1.`,
        power,
        "component k",
        "C(k)"
      ) : null
    ];
  }
  function learningCurves(table, chosen) {
    const curves = chosen.flatMap((point, which) => {
      const of = (name) => point.details.get(`learning_curve/${name}`)?.values;
      const x = of("examples");
      if (!x) return [];
      const sum = (curve) => {
        const bias = of(`${curve}_bias`), variance = of(`${curve}_variance`);
        return bias && variance ? Array.from(bias, (value, i) => value + variance[i]) : null;
      };
      const pool = sum("pool"), training = sum("training"), mse = table.number("theory/mse", point.row);
      return [
        ...pool ? [{ name: `from training and test examples${ofLetter(chosen, point)}`, x, y: pool, colour: which }] : [],
        ...training ? [{ name: `from training examples${ofLetter(chosen, point)}`, x, y: training, dashed: true, colour: which }] : [],
        ...mse > 0 ? [{ name: `on the test set${ofLetter(chosen, point)}`, x: [table.number("point/examples", point.row)], y: [mse], dots: true, colour: which }] : []
      ];
    });
    return curves.length ? lineFigure("Predicted learning curve", "Mean squared error after P examples, with the order parameter kept as it is.", curves, "examples P", "mse", true, true) : null;
  }
  function everything(table, chosen) {
    const element = make("details", { ontoggle: () => {
      if (element.open && element.childElementCount === 1)
        element.append(numbersTable({ heads: ["column", ...chosen.map(({ label }) => chosen.length > 1 ? label : "value"), "meaning"], rows: [...table.columns.values()].filter(({ name }) => chosen.some(({ row }) => shown(table.value(name, row)) !== "")).map(({ name, about: about2 }) => [name, ...chosen.map(({ row }) => shown(table.value(name, row), 7)), `${about2.description ?? ""}${about2.units ? ` [${about2.units}]` : ""}`]) }));
    } }, make("summary", {}, "All columns of this point"));
    return element;
  }
  function showDetails(table, settings, chosen, drop) {
    const section = byId("details");
    clearFigures();
    if (!chosen.length) {
      section.replaceChildren();
      return;
    }
    const again = () => showDetails(table, settings, chosen, drop);
    const sources = [...new Set([...table.columns.keys()].map((name) => parts(name).source).filter((source) => source.startsWith("sampling/")))];
    const rows = (source, quantities) => quantities.map((quantity) => [quantity.replaceAll("_", " "), `${source}/${quantity}`]);
    section.replaceChildren(
      make("h2", {}, chosen.length > 1 ? "Two points compared" : "The chosen point"),
      ...chosen.map(({ label, row }) => make(
        "div",
        { class: "bar" },
        make("b", {}, chosen.length > 1 ? `${label}: ` : "", pointName(table, row, settings)),
        make("button", { type: "button", onclick: () => drop(label) }, chosen.length > 1 ? `Remove ${label}` : "Close")
      )),
      ...chosen.flatMap(({ label, row }) => {
        const message = String(table.value("point/message", row));
        return message && message !== "NaN" ? [make("p", { class: "warn" }, `${chosen.length > 1 ? `${label} failed` : "Failed"}: ${message}`)] : [];
      }),
      make("div", { class: "figures" }, ...[
        results(table, chosen),
        ...matrices(table, chosen, again),
        ...heads(table, chosen),
        ...spectra(chosen),
        learningCurves(table, chosen),
        evidence(table, chosen),
        panel(
          "Certificate of the saddle point",
          "gradient norm U: how far U is from solving the equations; gradient bound U: what rounding may hide.",
          comparison(table, chosen, rows("theory", CERTIFICATE))
        ),
        ...sources.map((source) => panel(`Samples: ${sourceName(source)}`, "", comparison(table, chosen, rows(source, SAMPLER)))),
        ...chosen.flatMap((point) => sources.flatMap((source) => drawsFigures(point, source, ofLetter(chosen, point), (size) => rowNames(table, point, size))))
      ].filter((element) => element !== null)),
      everything(table, chosen)
    );
  }

  // src/filters.ts
  var MOST_BOXES = 16;
  var Filters = class {
    constructor(table, changed) {
      this.table = table;
      this.changed = changed;
    }
    table;
    changed;
    off = /* @__PURE__ */ new Map();
    // column -> values, as they are shown, that are switched off
    ranges = [];
    element = make("details", {}, make("summary", {}, "Filters"), make("div"));
    all() {
      return Array.from({ length: this.table.rows }, (_, row) => row);
    }
    /** Rows that pass. */
    rows() {
      const tests = [];
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
    draw(settings, inUse = this.element.lastElementChild.contains(document.activeElement)) {
      if (inUse) return;
      const status = this.table.columns.get("point/status");
      const boxes = [];
      for (const column of [...settings, ...status ? [status] : []]) {
        const values = column.different(this.all(), MOST_BOXES);
        if (values === null) {
          if (column.kind === "number" && !this.ranges.some((range2) => range2.column === column.name)) this.ranges.unshift({ column: column.name, low: -Infinity, high: Infinity });
        } else if (values.length > 1) boxes.push(this.boxes(column, values));
      }
      const add = make(
        "select",
        { onchange: () => {
          this.ranges.push({ column: add.value, low: -Infinity, high: Infinity });
          this.draw(settings, false);
          this.element.querySelector(`[data-filter='${add.value} low']`)?.focus();
        } },
        option("", "Choose a column \u2026"),
        ...[...this.table.columns.values()].filter(({ kind }) => kind === "number").map(({ name }) => option(name, columnName(name)))
      );
      this.element.lastElementChild.replaceChildren(
        ...boxes,
        ...this.ranges.map((range2) => this.range(range2)),
        make("label", {}, "Filter by another column", add)
      );
    }
    boxes(column, values) {
      const off = this.off.get(column.name) ?? /* @__PURE__ */ new Set();
      this.off.set(column.name, off);
      return make("fieldset", {}, make("legend", {}, columnName(column.name)), ...values.map((number) => {
        const key2 = column.kind === "number" ? shown(number, 12) : column.text(number);
        const box = make("input", { type: "checkbox", "data-filter": `${column.name}=${key2}`, onchange: () => {
          if (box.checked) off.delete(key2);
          else off.add(key2);
          this.changed();
        } });
        box.checked = !off.has(key2);
        return make("label", { class: "check" }, box, column.kind === "number" ? shown(number) : key2 || "(none)");
      }));
    }
    range(range2) {
      const bound = (which, label, none) => {
        const input = make("input", { class: "number", inputmode: "decimal", "data-filter": `${range2.column} ${which}`, placeholder: "any", onchange: () => {
          const value = input.value.trim() === "" ? none : Number(input.value);
          input.setAttribute("aria-invalid", String(Number.isNaN(value)));
          range2[which] = Number.isNaN(value) ? none : value;
          this.changed();
        } });
        if (Number.isFinite(range2[which])) input.value = String(range2[which]);
        return make("label", {}, label, input);
      };
      return make("fieldset", {}, make("legend", {}, columnName(range2.column)), bound("low", "from", -Infinity), bound("high", "to", Infinity));
    }
  };

  // src/grid.ts
  var PAGE = 25;
  var Grid = class {
    constructor(table, title, selected, storeRow, chosen) {
      this.table = table;
      this.title = title;
      this.selected = selected;
      this.storeRow = storeRow;
      this.chosen = chosen;
    }
    table;
    title;
    selected;
    storeRow;
    chosen;
    rows = [];
    columns = [];
    extra = [];
    settings = [];
    sorted = { column: "", up: true };
    page = 0;
    /** Shows these rows; columns: the ones that the chart draws. */
    show(rows, settings, columns) {
      this.rows = rows;
      this.settings = settings;
      const known = (name) => this.table.columns.has(name);
      this.columns = [.../* @__PURE__ */ new Set([
        ...settings.map(({ name }) => name),
        ...columns.flatMap((name) => [name, errorColumn(name)]),
        "theory/certificate",
        "point/status"
      ])].filter(known);
      this.sort();
      this.draw();
    }
    all() {
      return [...this.columns, ...this.extra.filter((name) => !this.columns.includes(name))];
    }
    sort() {
      const column = this.table.columns.get(this.sorted.column), sign = this.sorted.up ? 1 : -1;
      if (!column) {
        const settings = this.settings.map(({ numbers }) => numbers);
        this.rows = [...this.rows].sort((a, b) => {
          for (const numbers of settings) if (numbers[a] !== numbers[b]) return numbers[a] - numbers[b];
          return a - b;
        });
        return;
      }
      const order = (a, b) => {
        const x = column.value(a), y = column.value(b);
        const missing = Number(x !== x || x === "") - Number(y !== y || y === "");
        return missing || sign * (x < y ? -1 : x > y ? 1 : 0);
      };
      this.rows = [...this.rows].sort(order);
    }
    /** Comma-separated values of all rows shown, every digit that the page has. */
    csv(columns) {
      const cell2 = (value) => typeof value === "number" ? Number.isNaN(value) ? "" : String(value) : /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      const lines2 = [["row", ...columns].join(",")];
      for (const row of this.rows) lines2.push([String(this.storeRow(row)), ...columns.map((name) => cell2(this.table.value(name, row)))].join(","));
      return lines2.join("\n") + "\n";
    }
    draw() {
      const section = byId("points"), columns = this.all(), pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
      const focused = document.activeElement instanceof HTMLElement && section.contains(document.activeElement) ? document.activeElement.dataset.key : void 0;
      const scrolled = section.querySelector(".scroll")?.scrollLeft ?? 0;
      this.page = Math.min(this.page, pages - 1);
      const [a, b] = this.selected();
      const turn = (step, label, off) => make("button", {
        type: "button",
        disabled: off,
        "data-key": label,
        onclick: () => {
          this.page += step;
          this.draw();
        }
      }, label);
      const add = make(
        "select",
        { id: "add-column", "data-key": "add", onchange: () => {
          this.extra.push(add.value);
          this.draw();
        } },
        option("", "Add a column \u2026"),
        ...[...this.table.columns.keys()].filter((name) => !columns.includes(name)).map((name) => option(name, columnName(name)))
      );
      const save = (names) => () => download(`${this.title.replace(/\.h5$/, "")}.csv`, this.csv(names), "text/csv");
      section.replaceChildren(
        make("h2", {}, "Points"),
        make(
          "div",
          { class: "bar" },
          make("label", { class: "check" }, make("span", { class: "hidden" }, "Add a column"), add),
          make("button", { type: "button", "data-key": "csv", onclick: save(columns) }, "Save as CSV"),
          make("button", { type: "button", "data-key": "csv-all", onclick: () => save([...this.table.columns.keys()])() }, "Save all columns")
        ),
        make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "points" }, make(
          "table",
          {},
          make("thead", {}, make("tr", {}, make("th", { scope: "col", class: "screen" }, "details"), ...columns.map((name) => this.head(name)))),
          make("tbody", {}, ...this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE).map((row) => make(
            "tr",
            { class: row === a ? "a" : row === b ? "b" : "" },
            make(
              "td",
              { class: "screen" },
              make("button", { type: "button", "data-key": `show ${row}`, "aria-label": `Show row ${this.storeRow(row)}`, onclick: () => this.chosen(row, false) }, "show"),
              " ",
              make("button", { type: "button", "data-key": `compare ${row}`, "aria-label": `Compare row ${this.storeRow(row)}`, disabled: a === null, onclick: () => this.chosen(row, true) }, "compare")
            ),
            ...columns.map((name) => make("td", this.table.columns.get(name).kind === "text" ? { class: "text" } : {}, shown(this.table.value(name, row), 5)))
          )))
        )),
        make(
          "div",
          { class: "bar pager" },
          turn(-1, "Previous", this.page === 0),
          make(
            "span",
            { role: "status" },
            this.rows.length ? `${this.page * PAGE + 1} to ${Math.min((this.page + 1) * PAGE, this.rows.length)} of ${this.rows.length}` : "No point passes the filters."
          ),
          turn(1, "Next", this.page >= pages - 1)
        )
      );
      section.querySelector(".scroll").scrollLeft = scrolled;
      if (focused) [...section.querySelectorAll("[data-key]")].find((element) => element.dataset.key === focused)?.focus();
    }
    head(name) {
      const column = this.table.columns.get(name), { units, description } = column.about;
      const isSorted = this.sorted.column === name;
      return make(
        "th",
        { scope: "col", class: column.kind === "text" ? "text" : "", title: description, "aria-sort": isSorted ? this.sorted.up ? "ascending" : "descending" : "none" },
        make("button", { type: "button", "data-key": `sort ${name}`, onclick: () => {
          this.sorted = { column: name, up: isSorted ? !this.sorted.up : true };
          this.page = 0;
          this.sort();
          this.draw();
        } }, `${parts(name).quantity.includes("_mcse") ? "\xB1, " + columnName(name.replace("_mcse", "")) : columnName(name)}${units ? ` (${units})` : ""}${isSorted ? this.sorted.up ? " \u25B2" : " \u25BC" : ""}`)
      );
    }
  };

  // src/live.ts
  var PERIOD = 1e3;
  var LONGEST2 = 1e4;
  var NUMBERS = { nan: NaN, inf: Infinity, "-inf": -Infinity };
  function duration(seconds) {
    if (seconds < 90) return `${Math.round(seconds)} s`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    return seconds < 172800 ? `${shown(seconds / 3600, 3)} h` : `${shown(seconds / 86400, 3)} days`;
  }
  function chainTable(chains) {
    if (!chains.length) return [];
    const cells = (name, texts) => make("tr", {}, ...texts.map((text, i) => make(name, { ...name === "th" ? { scope: "col" } : {}, class: i === 0 || i === texts.length - 1 ? "text" : "" }, text)));
    const number = (value, digits) => value === null ? "" : value.toFixed(digits);
    return [
      make("h2", {}, "Chains being sampled, as of their latest checkpoints"),
      make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "chains" }, make(
        "table",
        { id: "live-chains" },
        make("thead", {}, cells("th", ["point", "R-hat", "effective draws", "draws each", "chains", "sampling"])),
        make("tbody", {}, ...chains.map(({ key: key2, point, method, chains: count, draws, goal, rhat, ess }) => cells("td", [point.replace(/^point /, "") || key2, number(rhat, 3), number(ess, 0), `${draws} of ${goal}`, String(count), method])))
      ))
    ];
  }
  var Live = class {
    /** changed(): rows came or changed. */
    constructor(table, change, changed) {
      this.table = table;
      this.change = change;
      this.changed = changed;
      byId("live").hidden = false;
      void this.ask();
    }
    table;
    change;
    changed;
    wait = PERIOD;
    async ask() {
      const answer = await this.answer();
      setTimeout(() => void this.ask(), this.wait);
      if (!answer) return;
      this.change = answer.change;
      for (const { row, values } of answer.rows) this.table.put(row, values);
      if (answer.rows.length) this.changed();
      this.show(answer.state);
    }
    /** Null while the server does not answer, which the page says. */
    async answer() {
      try {
        const response = await fetch(`changes?after=${this.change}`);
        if (!response.ok) throw new Error(`${response.status}`);
        const answer = await response.json();
        this.wait = PERIOD;
        return answer;
      } catch {
        this.wait = Math.min(2 * this.wait, LONGEST2);
        const lost = byId("live-lost");
        if (lost) lost.hidden = false;
        return null;
      }
    }
    show(state) {
      const left = Math.max(state.planned - state.done - state.failed, 0);
      const numbers = [
        ["done", `${state.done} of ${state.planned}`],
        ["failed", String(state.failed)],
        ["in work", String(state.in_work)],
        ["rate", state.points_per_hour === null ? "" : state.points_per_hour >= 3600 ? `${shown(state.points_per_hour / 3600, 3)} points/s` : `${shown(state.points_per_hour, 3)} points/h`],
        ["time left", left && state.seconds_left !== null && state.running !== "no" ? duration(state.seconds_left) : ""],
        ["CPU time left", left && state.cpu_hours_left !== null ? duration(3600 * state.cpu_hours_left) : ""],
        ["workers", state.workers ? String(state.workers) : ""],
        ["of them at work", state.use === null || state.running === "no" ? "" : `${Math.round(100 * state.use)} %`],
        ["chains in checkpoints", state.checkpointed_seconds > 0 ? duration(state.checkpointed_seconds) : ""]
      ];
      const what = state.running === "yes" ? "A sweep is running." : state.running === "unknown" ? "A sweep may be running on another machine." : left ? "No sweep is running; the same command goes on." : "The sweep is over.";
      const list = (title, lines2) => lines2.length ? [make("h2", {}, title), make("ul", {}, ...lines2.map((line) => make("li", { class: "warn" }, line)))] : [];
      const bar = make("progress", { max: Math.max(state.planned, 1), "aria-label": "points finished" });
      bar.value = state.done + state.failed;
      byId("live").replaceChildren(
        make("p", { class: "note", role: "status", id: "live-state" }, what),
        bar,
        make("dl", { class: "numbers" }, ...numbers.filter(([, text]) => text).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", { "data-number": name }, text)))),
        ...chainTable(state.chains),
        ...list("Failures", state.messages.map(({ message, points }) => `${points} \xD7 ${message}`)),
        ...list("Lost attempts", state.losses),
        ...list("Warnings", state.warnings),
        make("p", { class: "warn", id: "live-lost", hidden: true, role: "status" }, "The page's server does not answer: was it ended? Points already here stay.")
      );
    }
  };
  async function fetchDetails(row) {
    const response = await fetch(`point?row=${row}`);
    if (!response.ok) throw new Error(`${response.status}`);
    const arrays = await response.json();
    return new Map(Object.entries(arrays).map(([name, { shape, values }]) => [name, { shape, values: Float64Array.from(values, (value) => typeof value === "string" ? NUMBERS[value] : value) }]));
  }

  // src/payload.ts
  var Payload = class {
    constructor(buffer) {
      this.buffer = buffer;
      const length = new DataView(buffer).getUint32(0, true);
      this.header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
      this.begin = 4 + length;
    }
    buffer;
    header;
    begin;
    numbers(place) {
      const types = {
        f8: Float64Array,
        f4: Float32Array,
        u4: Uint32Array,
        u2: Uint16Array,
        u1: Uint8Array
      };
      return new types[place.type](this.buffer, this.begin + place.at, place.count);
    }
  };
  async function unpacked(compressed) {
    return new Payload(await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  }
  async function embeddedPayload() {
    const element = document.getElementById("data");
    if (!element) return null;
    const text = element.textContent ?? "";
    element.remove();
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return unpacked(new Blob([bytes]).stream());
  }
  async function fetchedPayload(address) {
    const response = await fetch(address);
    if (!response.ok || !response.body) throw new Error(`${response.status} ${response.statusText}`);
    return unpacked(response.body);
  }

  // src/axes.ts
  function errorBar(colour) {
    return (_, api) => {
      const low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 1.5 } });
      const cap = 3.5;
      return { type: "group", children: [
        line(low[0], low[1], high[0], high[1]),
        line(low[0] - cap, low[1], low[0] + cap, low[1]),
        line(high[0] - cap, high[1], high[0] + cap, high[1])
      ] };
    };
  }
  function axis(name, log, values, which, fraction) {
    const colours = palette();
    let low = Infinity, high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!Number.isFinite(low)) {
      low = 0;
      high = 1;
    }
    const least = fraction && !log ? 0.05 : log ? 0.1 : Math.max(Math.abs(high), 1e-300) * 1e-6;
    const spare = Math.max(least - (high - low), 0) / 2;
    const pad = (high - low + 2 * spare) * 0.04;
    const most = fraction && !log && high <= 1 ? Math.min(high + spare + pad, 1 + pad / 2) : high + spare + pad;
    const limits = [low - spare - pad, most];
    const power = (exponent) => 10 ** exponent;
    return {
      type: log ? "log" : "value",
      name,
      nameLocation: which === "x" ? "middle" : "end",
      nameGap: which === "x" ? 26 : 12,
      nameTextStyle: { color: colours.ink, align: which === "x" ? "center" : "left", fontSize: 13 },
      min: log ? power(limits[0]) : limits[0],
      max: log ? power(limits[1]) : limits[1],
      axisLine: { show: true, onZero: false, lineStyle: { color: colours.faint } },
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { color: colours.faint, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (value) => shown(value, 4) }
    };
  }

  // src/scatter.ts
  var LARGE = 2e3;
  var REACH = 14;
  var SYMBOLS = ["circle", "diamond", "triangle", "rect", "path://M0,0 L10,0 L5,9 Z", "path://M0,3.5 L3.5,3.5 L3.5,0 L6.5,0 L6.5,3.5 L10,3.5 L10,6.5 L6.5,6.5 L6.5,10 L3.5,10 L3.5,6.5 L0,6.5 Z"];
  var CHARACTERS = "\u25CF\u25C6\u25B2\u25A0\u25BC\u271A";
  var Scatter = class {
    /** chosen(row, compare): a point was clicked. */
    constructor(table, selected, chosen) {
      this.table = table;
      this.selected = selected;
      this.chosen = chosen;
      this.chart = newChart(this.frame);
      new ResizeObserver(() => this.chart.resize()).observe(this.frame);
      onThemeChange(() => this.draw(this.rows, this.choice));
      const zr = this.chart.getZr();
      zr.on("mousemove", (event) => {
        const x = event.offsetX, y = event.offsetY;
        cancelAnimationFrame(this.hovering);
        this.hovering = requestAnimationFrame(() => this.show(this.nearest(x, y)));
      });
      zr.on("globalout", () => {
        cancelAnimationFrame(this.hovering);
        this.show(-1);
      });
      zr.on("click", (event) => {
        const hit = this.nearest(event.offsetX, event.offsetY);
        if (hit >= 0) this.chosen(this.drawn[hit].row, event.event.shiftKey);
      });
      this.frame.addEventListener("keydown", (event) => this.key(event));
      this.frame.addEventListener("blur", () => this.show(-1));
    }
    table;
    selected;
    chosen;
    chart;
    frame = byId("scatter");
    tip = byId("tip");
    ring = byId("ring");
    /** The settings that tell points apart. */
    settings = [];
    // Every point drawn: transformed coordinates (logarithms on logarithmic axes) and what it is, series after series, each in order of x.
    at = { x: new Float64Array(), y: new Float64Array() };
    drawn = [];
    focus = -1;
    choice;
    found = { groups: [], ordered: false };
    rows = [];
    hovering = 0;
    /** Draws these rows; a new choice of axes shows all of it, the same one keeps what is zoomed to. */
    draw(rows, choice, keepZoom = true) {
      this.rows = rows;
      this.choice = choice;
      const { table } = this, colours = palette();
      const looked = this.drawn[this.focus];
      this.found = groups(table, rows, choice.colour);
      const shades = seriesColours(this.found.groups.length, this.found.ordered);
      const x = table.columns.get(choice.x);
      const yColumns = [choice.y, ...choice.compared].filter((name) => table.columns.has(name) && !choice.hidden.has(name));
      const visible = this.found.groups.filter((group) => !choice.hidden.has(group.name));
      const total = yColumns.length * visible.reduce((sum, group) => sum + group.rows.length, 0);
      const series = [];
      const xs = [], ys = [];
      this.drawn = [];
      let missing = 0, hollow = "", bars = false, joined = false;
      const offsets = lanes(table, rows, choice, visible.length);
      const usable = (value, log) => Number.isFinite(value) && (!log || value > 0);
      yColumns.forEach((name) => {
        const symbol = SYMBOLS[[choice.y, ...choice.compared].indexOf(name) % SYMBOLS.length];
        const y = table.columns.get(name), error = errorBars(table, name);
        for (const [lane, group] of visible.entries()) {
          const offset = offsets[lane], moved = (value) => choice.logX ? value * 10 ** offset : value + offset;
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
              series.push({
                type: "line",
                data: line.map((row) => [x.numbers[row], y.numbers[row]]),
                symbol: "none",
                silent: true,
                animation: false,
                lineStyle: { color: colour, width: 1.3, opacity: 0.75, type: name === choice.y ? "solid" : parts(name).source === "gp" ? "dotted" : "dashed" }
              });
            }
          if (own.length > LARGE) {
            const data2 = new Float64Array(2 * own.length);
            own.forEach((row, i) => {
              data2[2 * i] = moved(x.numbers[row]);
              data2[2 * i + 1] = y.numbers[row];
            });
            series.push({
              type: "scatter",
              dimensions: ["x", "y"],
              data: data2,
              symbol: "rect",
              symbolSize: total > 2e4 ? 3 : 4,
              large: true,
              largeThreshold: LARGE,
              progressive: 0,
              silent: true,
              itemStyle: { color: colour, opacity: 0.75 },
              animation: false
            });
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
            series.push({
              type: "custom",
              silent: true,
              animation: false,
              encode: { x: 0, y: [1, 2] },
              renderItem: errorBar(colour),
              data: barred.map((row) => [moved(x.numbers[row]), y.numbers[row] - error.numbers[row], y.numbers[row] + error.numbers[row]])
            });
          }
          const isSampled = parts(name).source.startsWith("sampling/");
          series.push({ type: "scatter", data, symbol, symbolSize: total > 500 ? 6 : isSampled ? 12 : 7, silent: true, animation: false, z: isSampled ? 2 : 3 });
        }
      });
      this.at = { x: Float64Array.from(xs), y: Float64Array.from(ys) };
      this.show(-1);
      const previous = keepZoom ? this.zooms() : null;
      this.chart.setOption({
        animation: false,
        textStyle: { color: colours.ink, fontFamily: "system-ui, sans-serif" },
        grid: { left: 8, right: 20, top: 34, bottom: 34, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        xAxis: axis(axisTitle(x), choice.logX, xs, "x", false),
        yAxis: axis(
          choice.compared.length ? parts(choice.y).quantity.replaceAll("_", " ") : axisTitle(table.columns.get(choice.y)),
          choice.logY,
          ys,
          "y",
          parts(choice.y).quantity.includes("accuracy")
        ),
        dataZoom: ["xAxisIndex", "yAxisIndex"].map((which, i) => ({
          type: "inside",
          [which]: 0,
          filterMode: "none",
          zoomOnMouseWheel: "ctrl",
          moveOnMouseMove: true,
          moveOnMouseWheel: false,
          throttle: 0,
          start: previous?.[i].start ?? 0,
          end: previous?.[i].end ?? 100
        })),
        series: [...series, ...this.marks()]
      }, { notMerge: true });
      if (looked) this.show(this.drawn.findIndex(({ row, column }) => row === looked.row && column === looked.column));
      this.legend(shades);
      const others = this.settings.filter(({ name }) => name !== choice.x && name !== choice.colour).map(({ name }) => columnName(name));
      const notes = [
        joined ? `Lines join points that differ in ${columnName(choice.x)} alone.` : "",
        others.length ? `Points differ in ${others.join(", ")} as well.` : "",
        missing > 0 ? `${missing} ${missing === 1 ? "value is" : "values are"} not drawn: missing${choice.logX || choice.logY ? ", or not positive on a logarithmic axis" : ""}.` : "",
        hollow ? `Hollow: ${hollow}.` : "",
        offsets.some((offset) => offset !== 0) ? `Points of one ${columnName(choice.x)} stand side by side by colour.` : "",
        this.drawn.length > 2e4 && !offsets.some((offset) => offset !== 0) && visible.length > 1 ? "Later colours cover earlier ones: switch some off below the chart." : "",
        bars ? "Error bars: one Monte Carlo standard error." : "",
        yColumns.some((name) => errorBars(table, name)) && total > MOST_BARS ? `Error bars are drawn up to ${MOST_BARS} points: filter to see them.` : "",
        parts(choice.y).quantity.startsWith("mse") && this.several("point/outputs") ? "mse sums over outputs." : ""
      ];
      byId("scatter-note").textContent = notes.filter(Boolean).join(" ");
      this.frame.setAttribute("aria-label", `${columnName(choice.y)} against ${columnName(choice.x)}, ${this.drawn.length} points` + (choice.colour ? `, coloured by ${columnName(choice.colour)}` : ""));
      this.frame.dataset.points = String(this.drawn.length);
    }
    /** Marks chosen points anew. */
    mark() {
      this.chart.setOption({ series: this.marks() });
    }
    several(name) {
      const column = this.table.columns.get(name);
      return !!column && this.rows.some((row) => column.numbers[row] > 1);
    }
    marks() {
      const x = this.table.columns.get(this.choice.x), y = this.table.columns.get(this.choice.y), colours = palette();
      const placed = (row) => {
        const i = this.drawn.findIndex((point) => point.row === row && point.column === this.choice.y);
        return i < 0 ? x.numbers[row] : this.choice.logX ? 10 ** this.at.x[i] : this.at.x[i];
      };
      const ring = (id, row, colour, label) => ({
        id,
        type: "scatter",
        silent: true,
        animation: false,
        z: 5,
        symbol: "circle",
        symbolSize: 16,
        clip: true,
        itemStyle: { color: "transparent", borderColor: colour, borderWidth: 2 },
        label: { show: true, formatter: label, position: "top", color: colour, fontWeight: "bold" },
        data: row === null ? [] : [[placed(row), y.numbers[row]]]
      });
      const [a, b] = this.selected();
      return [ring("a", a, colours.accent, "A"), ring("b", b, colours.warn, "B")];
    }
    /** Pixel = offset + factor * transformed coordinate, of both axes. */
    scales() {
      const { width, height } = this.frame.getBoundingClientRect();
      const first = this.chart.convertFromPixel({ gridIndex: 0 }, [0, 0]);
      const last = this.chart.convertFromPixel({ gridIndex: 0 }, [width, height]);
      if (!first || !last) return null;
      const scale = (a, b, log, pixels) => {
        const begin = log ? Math.log10(a) : a, end = log ? Math.log10(b) : b;
        const factor = pixels / (end - begin);
        return [-begin * factor, factor];
      };
      return { x: scale(first[0], last[0], this.choice.logX, width), y: scale(first[1], last[1], this.choice.logY, height) };
    }
    nearest(px, py) {
      const scales = this.scales();
      if (!scales) return -1;
      const { x, y } = this.at, [ox, fx] = scales.x, [oy, fy] = scales.y;
      let best = -1, least = REACH * REACH;
      for (let i = 0; i < x.length; i++) {
        const dx = ox + fx * x[i] - px, dy = oy + fy * y[i] - py, distance = dx * dx + dy * dy;
        if (distance < least) {
          least = distance;
          best = i;
        }
      }
      return best;
    }
    /** Shows what a point is, beside it; -1 hides it. */
    show(index) {
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
      this.ring.style.transform = `translate(${px}px,${py}px)`;
      this.tip.style.left = `${Math.max(0, px > width / 2 ? px - this.tip.offsetWidth - 14 : Math.min(px + 14, width - this.tip.offsetWidth))}px`;
      this.tip.style.top = `${Math.max(0, py - this.tip.offsetHeight / 2)}px`;
    }
    describe(row, column) {
      const { table, choice } = this;
      const names = [column, ...[choice.y, ...choice.compared].filter((name) => name !== column)];
      if (!SETTING.test(choice.x)) names.push(choice.x);
      const found = names.map((name) => {
        const error = errorBars(table, name)?.numbers[row];
        return `${columnName(name)}: ${shown(table.value(name, row)) || "missing"}${error && error > 0 ? ` \xB1 ${shown(error, 2)}` : ""}`;
      });
      const why = doubt(table, column, row);
      return why ? [...found, why] : found;
    }
    legend(shades) {
      const { choice } = this;
      const toggle = (key2, ...label) => make("button", {
        type: "button",
        "aria-pressed": String(!choice.hidden.has(key2)),
        onclick: () => {
          if (!choice.hidden.delete(key2)) choice.hidden.add(key2);
          this.draw(this.rows, choice);
          [...byId("legend").querySelectorAll("button")].find((button) => button.dataset.key === key2)?.focus();
        },
        "data-key": key2
      }, ...label);
      const colours = this.found.groups.length > 1 || choice.colour ? this.found.groups.map((group) => toggle(group.name, make("i", { style: `background:${shades[group.colour]}` }), `${group.name || "?"}`)) : [];
      const columns = choice.compared.length ? [choice.y, ...choice.compared].map((name, i) => toggle(name, `${CHARACTERS[i % CHARACTERS.length]} ${sourceName(parts(name).source)}`)) : [];
      byId("legend").replaceChildren(...colours.length ? [make("span", { class: "note" }, `${columnName(choice.colour)}:`)] : [], ...colours, ...columns);
    }
    zooms() {
      const zooms = this.chart.getOption()?.dataZoom;
      return zooms?.length === 2 ? zooms : null;
    }
    /** Zooms in or out about the middle by a factor; Infinity shows all. */
    zoom(factor) {
      (this.zooms() ?? []).forEach(({ start: start2, end }, dataZoomIndex) => {
        const middle = (start2 + end) / 2, half = Math.min((end - start2) / 2 * factor, 50);
        const begin = Math.max(0, Math.min(middle - half, 100 - 2 * half));
        this.chart.dispatchAction({ type: "dataZoom", dataZoomIndex, start: begin, end: begin + 2 * half });
      });
    }
    key(event) {
      const { key: key2 } = event, count = this.drawn.length;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (key2 === "+" || key2 === "=") this.zoom(0.7);
      else if (key2 === "-") this.zoom(1 / 0.7);
      else if (key2 === "0") this.zoom(Infinity);
      else if (key2 === "Escape") this.show(-1);
      else if (count && key2 === "ArrowRight") this.walk(this.focus < 0 ? 0 : Math.min(this.focus + 1, count - 1));
      else if (count && key2 === "ArrowLeft") this.walk(this.focus < 0 ? 0 : Math.max(this.focus - 1, 0));
      else if (count && (key2 === "ArrowUp" || key2 === "ArrowDown")) this.walk(this.otherSeries(key2 === "ArrowDown" ? 1 : -1));
      else if (key2 === "Enter" && this.focus >= 0) this.chosen(this.drawn[this.focus].row, event.shiftKey);
      else return;
      event.preventDefault();
    }
    /** The point nearest in x of the next or previous series. */
    otherSeries(step) {
      const { drawn: drawn2, at } = this, count = drawn2.length, here = Math.max(this.focus, 0);
      const same = (i, j) => drawn2[i].group === drawn2[j].group && drawn2[i].column === drawn2[j].column;
      let other = here;
      while (other >= 0 && other < count && same(other, here)) other += step;
      if (other < 0 || other >= count) return here;
      let best = other;
      for (let i = other; i >= 0 && i < count && same(i, other); i += step)
        if (Math.abs(at.x[i] - at.x[here]) < Math.abs(at.x[best] - at.x[here])) best = i;
      return best;
    }
    walk(index) {
      this.show(index);
      const { group } = this.drawn[index];
      byId("spoken").textContent = `${this.found.groups[group].name} ${this.tip.innerText.replaceAll("\n", "; ")}, ${index + 1} of ${this.drawn.length}`;
    }
  };
  var SETTING = /^point\//;

  // src/table.ts
  var Column = class _Column {
    constructor(about2, kind, rows) {
      this.about = about2;
      this.kind = kind;
      this.numbers = new Float64Array(rows).fill(NaN);
    }
    about;
    kind;
    numbers;
    texts = [];
    codes = /* @__PURE__ */ new Map();
    get name() {
      return this.about.name;
    }
    static unpack(packed, payload, rows) {
      const column = new _Column(packed, packed.kind, rows);
      if (packed.data) {
        column.numbers.set(payload.numbers(packed.data));
        return column;
      }
      const values = (packed.values ?? []).map((value) => column.code(value));
      if (packed.codes) {
        const codes = payload.numbers(packed.codes);
        for (let row = 0; row < rows; row++) column.numbers[row] = values[codes[row]];
      } else column.numbers.fill(values[0]);
      return column;
    }
    /** What stands for a value in `numbers`: itself, or the number of a text. */
    code(value) {
      if (value === null) return NaN;
      if (this.kind === "number") return Number(value);
      const text = String(value);
      let code = this.codes.get(text);
      if (code === void 0) {
        code = this.texts.push(text) - 1;
        this.codes.set(text, code);
      }
      return code;
    }
    set(row, value) {
      this.numbers[row] = this.code(value);
    }
    grow(capacity) {
      const numbers = new Float64Array(capacity).fill(NaN);
      numbers.set(this.numbers);
      this.numbers = numbers;
    }
    /** A number (NaN: missing) or a text ("" : missing). */
    value(row) {
      const number = this.numbers[row];
      return this.kind === "number" ? number : this.texts[number] ?? "";
    }
    text(code) {
      return this.texts[code] ?? "";
    }
    /** Different values, in order; texts as their numbers in order of the texts. More than `most` give null. */
    different(rows, most) {
      const found = /* @__PURE__ */ new Set();
      for (const row of rows) {
        const number = this.numbers[row];
        if (!Number.isNaN(number)) found.add(number);
        if (found.size > most) return null;
      }
      return [...found].sort(this.kind === "number" ? (a, b) => a - b : (a, b) => this.text(a) < this.text(b) ? -1 : 1);
    }
  };
  var Arrays = class {
    constructor(packed, payload, rows) {
      this.packed = packed;
      this.data = payload.numbers(packed.data);
      this.shapes = packed.shapes ? payload.numbers(packed.shapes) : null;
      if (this.shapes) {
        this.offsets = new Float64Array(rows + 1);
        for (let row = 0; row < rows; row++) this.offsets[row + 1] = this.offsets[row] + this.shape(row).reduce((a, b) => a * b, 1);
      }
    }
    packed;
    data;
    shapes;
    offsets = null;
    shape(row) {
      const { dimensions, shape } = this.packed;
      return this.shapes ? [...this.shapes.subarray(row * dimensions, (row + 1) * dimensions)] : shape;
    }
    get(row) {
      const shape = this.shape(row);
      const size = shape.reduce((a, b) => a * b, 1);
      if (size === 0) return null;
      const begin = this.offsets ? this.offsets[row] : this.packed.same ? 0 : row * size;
      return { shape, values: this.data.subarray(begin, begin + size) };
    }
  };
  var Table = class {
    rows;
    columns = /* @__PURE__ */ new Map();
    arrays;
    capacity;
    constructor(payload) {
      const { header } = payload;
      this.rows = this.capacity = header.rows;
      for (const packed of header.scalars) this.columns.set(packed.name, Column.unpack(packed, payload, header.rows));
      this.arrays = header.arrays.map((packed) => new Arrays(packed, payload, header.rows));
    }
    /** Takes the scalars of a row that is new or has changed. */
    put(row, values) {
      if (row >= this.capacity) {
        this.capacity = Math.max(2 * this.capacity, row + 1, 64);
        for (const column of this.columns.values()) column.grow(this.capacity);
      }
      this.rows = Math.max(this.rows, row + 1);
      for (const column of this.columns.values()) if (!(column.name in values)) column.set(row, null);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) continue;
        let column = this.columns.get(name);
        if (!column) {
          column = new Column({ name }, typeof value === "string" ? "text" : "number", this.capacity);
          this.columns.set(name, column);
        }
        column.set(row, value);
      }
    }
    /** Arrays of a row that are in the page. */
    details(row) {
      const found = /* @__PURE__ */ new Map();
      for (const arrays of this.arrays) {
        const value = arrays.get(row);
        if (value) found.set(arrays.packed.name, value);
      }
      return found;
    }
    value(name, row) {
      return this.columns.get(name)?.value(row) ?? NaN;
    }
    number(name, row) {
      const value = this.value(name, row);
      return typeof value === "number" ? value : NaN;
    }
  };

  // src/main.ts
  var MOST_SUGGESTED = 5e3;
  async function start() {
    startTheme(byId("theme"));
    const embedded = await embeddedPayload();
    const payload = embedded ?? await fetchedPayload("points");
    const { header } = payload, table = new Table(payload), live = embedded === null;
    const storeRow = (row) => header.store_rows?.[row] ?? row;
    let chosen = [];
    const selected = () => [chosen.find(({ label }) => label === "A")?.row ?? null, chosen.find(({ label }) => label === "B")?.row ?? null];
    let settings = varyingSettings(table);
    const choice = firstChoice(table);
    let begun = table.columns.size > 0;
    const remembered = readChoice(location.hash.slice(1), table, choice);
    let touched = location.hash !== "";
    const choose = async (row, compare) => {
      const label = compare && chosen.length ? "B" : "A";
      let details;
      try {
        details = live ? await fetchDetails(row) : table.details(row);
      } catch {
        byId("spoken").textContent = "The details of this point could not be had: the page's server does not answer.";
        return;
      }
      chosen = [...label === "B" ? chosen.filter((point) => point.label === "A") : [], { label, row, details }];
      showChosen();
      byId("details").scrollIntoView({ block: "nearest" });
    };
    const drop = (label) => {
      chosen = chosen.filter((point) => point.label !== label).map((point) => ({ ...point, label: "A" }));
      showChosen();
    };
    const showChosen = () => {
      showDetails(table, settings, chosen, drop);
      scatter.mark();
      grid.draw();
      remember();
    };
    const remember = () => {
      history.replaceState(null, "", `#${choiceText(choice, selected())}`);
    };
    const filters = new Filters(table, () => update(true));
    const scatter = new Scatter(table, selected, (row, compare) => void choose(row, compare));
    const grid = new Grid(table, header.title, selected, storeRow, (row, compare) => void choose(row, compare));
    const update = (keepZoom) => {
      const rows = filters.rows();
      scatter.settings = settings;
      scatter.draw(rows, choice, keepZoom);
      grid.show(rows, settings, [choice.y, ...choice.compared, choice.x].filter((name) => !settings.some((setting) => setting.name === name)));
      summary(table, header, rows.length, live);
      remember();
    };
    const controls = () => drawControls(table, choice, filters, (axes) => {
      touched = true;
      update(!axes);
    }, (factor) => scatter.zoom(factor));
    const draw = () => {
      filters.draw(settings);
      controls();
      update(false);
    };
    if (begun) draw();
    else summary(table, header, 0, live);
    about(header, live);
    for (const [i, row] of remembered.entries()) if (row !== null) await choose(row, i === 1);
    if (live)
      new Live(table, header.change ?? 0, () => {
        const key2 = () => [...settings.map(({ name }) => name), choice.x, choice.y, choice.colour, choice.logX, choice.logY, ...choice.compared].join(" ");
        const before = key2();
        settings = varyingSettings(table);
        if (!begun || !touched && table.rows < MOST_SUGGESTED) Object.assign(choice, firstChoice(table), { hidden: choice.hidden });
        if (!begun || key2() !== before) {
          begun = true;
          draw();
        } else {
          filters.draw(settings);
          update(true);
        }
      });
    document.documentElement.dataset.ready = "yes";
  }
  function summary(table, header, rows, live) {
    const status = table.columns.get("point/status");
    let failed = 0;
    for (let row = 0; status && row < table.rows; row++) if (status.value(row) === "failed") failed++;
    byId("summary").textContent = `${rows === table.rows ? "" : `${rows} of `}${table.rows} points${live || header.planned <= table.rows ? "" : ` of ${header.planned} planned`}` + (failed ? `, ${failed} failed` : "");
  }
  function about(header, live) {
    const constants = header.scalars.filter(({ codes, data, name }) => !codes && !data && name.startsWith("point/") && header.rows > 1);
    byId("about").replaceChildren(
      make("h2", {}, "About this sweep"),
      ...constants.length ? [make("p", {}, `The same at every point: ${constants.map(({ name, values }) => `${columnName(name)} = ${shown(values[0])}`).join(", ")}.`)] : [],
      ...header.left_out.length && !live ? [make("p", { class: "note" }, `Not in this file, for its size: ${header.left_out.join(", ")}. Fewer points (--where) or a larger file (--details) have them, and the live page (--live) all.`)] : [],
      make("p", { class: "note" }, `attnpaths ${header.version}${header.commit ? ` (${header.commit})` : ""}. The theory: arXiv:2405.15926.`),
      ...header.configuration ? [make("details", {}, make("summary", {}, "Configuration"), make("pre", { tabindex: 0 }, header.configuration))] : []
    );
  }
  start().catch((error) => {
    byId("summary").textContent = `The points could not be read: ${String(error)}`;
    throw error;
  });
})();
