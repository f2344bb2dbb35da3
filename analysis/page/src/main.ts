// Puts the page together: data, chart, details, table; and follows a sweep where the page is live.
import { choiceText, drawControls, firstChoice, readChoice } from "./controls";
import { showDetails, type Chosen } from "./details";
import { byId, make } from "./dom";
import { Filters } from "./filters";
import { Grid } from "./grid";
import { fetchDetails, Live } from "./live";
import { columnName, shown, varyingSettings } from "./names";
import { embeddedPayload, fetchedPayload, type Header } from "./payload";
import { Scatter } from "./scatter";
import { Table } from "./table";
import { startTheme } from "./theme";

const MOST_SUGGESTED = 5000;  // points up to which the axes of a live page follow what arrives

async function start(): Promise<void> {
  startTheme(byId<HTMLButtonElement>("theme"));
  const embedded = await embeddedPayload();
  const payload = embedded ?? await fetchedPayload("points");
  const { header } = payload, table = new Table(payload), live = embedded === null;
  const storeRow = (row: number) => header.store_rows?.[row] ?? row;

  let chosen: Chosen[] = [];
  const selected = () => [chosen.find(({ label }) => label === "A")?.row ?? null, chosen.find(({ label }) => label === "B")?.row ?? null];
  let settings = varyingSettings(table);
  const choice = firstChoice(table);
  let begun = table.columns.size > 0;
  const remembered = readChoice(location.hash.slice(1), table, choice);
  let touched = location.hash !== "";  // whether a person has chosen what is drawn

  const choose = async (row: number, compare: boolean) => {
    const label = compare && chosen.length ? "B" : "A";
    let details;
    try {
      details = live ? await fetchDetails(row) : table.details(row);
    } catch {
      byId("spoken").textContent = "The details of this point could not be had: the page's server does not answer.";
      return;
    }
    chosen = [...(label === "B" ? chosen.filter((point) => point.label === "A") : []), { label, row, details }];
    showChosen();
    byId("details").scrollIntoView({ block: "nearest" });
  };
  const drop = (label: string) => {
    chosen = chosen.filter((point) => point.label !== label).map((point) => ({ ...point, label: "A" }));
    showChosen();
  };
  const showChosen = () => {
    showDetails(table, settings, chosen, drop);
    scatter.mark();
    grid.draw();
    remember();
  };
  const remember = () => { history.replaceState(null, "", `#${choiceText(choice, selected())}`); };

  const filters = new Filters(table, () => update(true));
  const scatter = new Scatter(table, selected, (row, compare) => void choose(row, compare));
  const grid = new Grid(table, header.title, selected, storeRow, (row, compare) => void choose(row, compare));
  const update = (keepZoom: boolean) => {
    const rows = filters.rows();
    scatter.settings = settings;
    scatter.draw(rows, choice, keepZoom);
    grid.show(rows, settings, [choice.y, ...choice.compared, choice.x].filter((name) => !settings.some((setting) => setting.name === name)));
    summary(table, header, rows.length, live);
    remember();
  };
  const controls = () => drawControls(table, choice, filters, (axes) => { touched = true; update(!axes); }, (factor) => scatter.zoom(factor));
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
      const key = () => [...settings.map(({ name }) => name), choice.x, choice.y, choice.colour, choice.logX, choice.logY, ...choice.compared].join(" ");
      const before = key();
      settings = varyingSettings(table);
      if (!begun || (!touched && table.rows < MOST_SUGGESTED)) Object.assign(choice, firstChoice(table), { hidden: choice.hidden });  // what suits the points here by now
      if (!begun || key() !== before) {
        begun = true;
        draw();
      } else {
        filters.draw(settings);
        update(true);
      }
    });
  document.documentElement.dataset.ready = "yes";
}

function summary(table: Table, header: Header, rows: number, live: boolean): void {
  const status = table.columns.get("point/status");
  let failed = 0;
  for (let row = 0; status && row < table.rows; row++) if (status.value(row) === "failed") failed++;
  byId("summary").textContent = `${rows === table.rows ? "" : `${rows} of `}${table.rows} points${live || header.planned <= table.rows ? "" : ` of ${header.planned} planned`}`
    + (failed ? `, ${failed} failed` : "");
}

/** What holds for all points, failures, what is not in the file, and the configuration. */
function about(header: Header, live: boolean): void {
  const constants = header.scalars.filter(({ codes, data, name }) => !codes && !data && name.startsWith("point/") && header.rows > 1);
  byId("about").replaceChildren(make("h2", {}, "About this sweep"),
    ...(constants.length ? [make("p", {}, `The same at every point: ${constants.map(({ name, values }) => `${columnName(name)} = ${shown(values![0])}`).join(", ")}.`)] : []),
    ...(header.left_out.length && !live ? [make("p", { class: "note" }, `Not in this file, for its size: ${header.left_out.join(", ")}. Fewer points (--where) or a larger file (--details) have them, and the live page (--live) all.`)] : []),
    make("p", { class: "note" }, `attnpaths ${header.version}${header.commit ? ` (${header.commit})` : ""}. The theory: arXiv:2405.15926.`),
    ...(header.configuration ? [make("details", {}, make("summary", {}, "Configuration"), make("pre", { tabindex: 0 }, header.configuration))] : []));
}

start().catch((error: unknown) => {
  byId("summary").textContent = `The points could not be read: ${String(error)}`;
  throw error;
});
