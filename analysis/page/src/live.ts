// Beside a running sweep: asks the server for what has changed, and shows how the sweep gets on.
import { byId, make } from "./dom";
import { shown } from "./names";
import type { ArrayValue, Details, Table, Value } from "./table";

const PERIOD = 1000;      // milliseconds between two questions
const LONGEST = 10_000;   // while the server does not answer

/** How far the chains of an unfinished point are by its latest checkpoint; R-hat and ESS are null while there are too few draws. */
interface Chains { key: string; point: string; method: string; chains: number; draws: number; goal: number; rhat: number | null; ess: number | null }
export interface SweepState {
  planned: number; done: number; failed: number; in_work: number; running: "yes" | "no" | "unknown";
  workers: number; use: number | null; points_per_hour: number | null; seconds_left: number | null; cpu_hours_left: number | null;
  checkpointed_seconds: number; chains: Chains[]; messages: { message: string; points: number }[]; losses: string[]; warnings: string[];
}
interface Answer { change: number; rows: { row: number; values: Record<string, Value | null> }[]; state: SweepState }

const NUMBERS: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${shown(seconds / 3600, 3)} h` : `${shown(seconds / 86_400, 3)} days`;
}

/** A row for every point whose chains are on their way, as of their checkpoints; on a narrow screen what matters most is seen without scrolling. */
function chainTable(chains: Chains[]): HTMLElement[] {
  if (!chains.length) return [];
  const cells = (name: "th" | "td", texts: string[]) => make("tr", {}, ...texts.map((text, i) => make(name, { ...(name === "th" ? { scope: "col" } : {}), class: i === 0 || i === texts.length - 1 ? "text" : "" }, text)));
  const number = (value: number | null, digits: number) => (value === null ? "" : value.toFixed(digits));
  return [make("h2", {}, "Chains being sampled, as of their latest checkpoints"),
    make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "chains" }, make("table", { id: "live-chains" },
      make("thead", {}, cells("th", ["point", "R-hat", "effective draws", "draws each", "chains", "sampling"])),
      make("tbody", {}, ...chains.map(({ key, point, method, chains: count, draws, goal, rhat, ess }) =>
        cells("td", [point.replace(/^point /, "") || key, number(rhat, 3), number(ess, 0), `${draws} of ${goal}`, String(count), method])))))];
}

export class Live {
  private wait = PERIOD;

  /** changed(): rows came or changed. */
  constructor(private readonly table: Table, private change: number, private readonly changed: () => void) {
    byId("live").hidden = false;
    void this.ask();
  }

  private async ask(): Promise<void> {
    const answer = await this.answer();
    setTimeout(() => void this.ask(), this.wait);
    if (!answer) return;
    this.change = answer.change;
    for (const { row, values } of answer.rows) this.table.put(row, values);
    if (answer.rows.length) this.changed();
    this.show(answer.state);
  }

  /** Null while the server does not answer, which the page says. */
  private async answer(): Promise<Answer | null> {
    try {
      const response = await fetch(`changes?after=${this.change}`);
      if (!response.ok) throw new Error(`${response.status}`);
      const answer = await response.json() as Answer;
      this.wait = PERIOD;
      return answer;
    } catch {
      this.wait = Math.min(2 * this.wait, LONGEST);
      const lost = byId("live-lost");
      if (lost) lost.hidden = false;
      return null;
    }
  }

  private show(state: SweepState): void {
    const left = Math.max(state.planned - state.done - state.failed, 0);
    const numbers: [string, string][] = [
      ["done", `${state.done} of ${state.planned}`], ["failed", String(state.failed)], ["in work", String(state.in_work)],
      ["rate", state.points_per_hour === null ? "" : state.points_per_hour >= 3600 ? `${shown(state.points_per_hour / 3600, 3)} points/s` : `${shown(state.points_per_hour, 3)} points/h`],
      ["time left", left && state.seconds_left !== null && state.running !== "no" ? duration(state.seconds_left) : ""],
      ["CPU time left", left && state.cpu_hours_left !== null ? duration(3600 * state.cpu_hours_left) : ""],
      ["workers", state.workers ? String(state.workers) : ""], ["of them at work", state.use === null || state.running === "no" ? "" : `${Math.round(100 * state.use)} %`],
      ["chains in checkpoints", state.checkpointed_seconds > 0 ? duration(state.checkpointed_seconds) : ""]];
    const what = state.running === "yes" ? "A sweep is running." : state.running === "unknown" ? "A sweep may be running on another machine." : left ? "No sweep is running; the same command goes on." : "The sweep is over.";
    const list = (title: string, lines: string[]) => (lines.length ? [make("h2", {}, title), make("ul", {}, ...lines.map((line) => make("li", { class: "warn" }, line)))] : []);
    const bar = make("progress", { max: Math.max(state.planned, 1), "aria-label": "points finished" });
    bar.value = state.done + state.failed;
    byId("live").replaceChildren(make("p", { class: "note", role: "status", id: "live-state" }, what), bar,
      make("dl", { class: "numbers" }, ...numbers.filter(([, text]) => text).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", { "data-number": name }, text)))),
      ...chainTable(state.chains), ...list("Failures", state.messages.map(({ message, points }) => `${points} × ${message}`)),
      ...list("Lost attempts", state.losses), ...list("Warnings", state.warnings),
      make("p", { class: "warn", id: "live-lost", hidden: true, role: "status" }, "The page's server does not answer: was it ended? Points already here stay."));
  }
}

/** Arrays of a point, which the live page asks for when it is chosen. */
export async function fetchDetails(row: number): Promise<Details> {
  const response = await fetch(`point?row=${row}`);
  if (!response.ok) throw new Error(`${response.status}`);
  const arrays = await response.json() as Record<string, { shape: number[]; values: (number | string)[] }>;
  return new Map(Object.entries(arrays).map(([name, { shape, values }]): [string, ArrayValue] =>
    [name, { shape, values: Float64Array.from(values, (value) => (typeof value === "string" ? NUMBERS[value] : value)) }]));
}
