// Stored draws of a point: traces, and ranks of each chain's draws among all.
import type { Chosen } from "./details";
import { barFigure, lineFigure } from "./figures";
import { sourceName } from "./names";

const BINS = 10;

/** How many draws of each chain fall into equal bins of the ranks among all draws; flat where chains agree. [chains][BINS] */
export function rankCounts(chains: number[][]): number[][] {
  const all = chains.flatMap((draws, chain) => draws.map((value) => ({ value, chain }))).sort((a, b) => a.value - b.value);
  const counts = chains.map(() => new Array<number>(BINS).fill(0));
  all.forEach(({ chain }, rank) => { counts[chain][Math.floor(rank * BINS / all.length)]++; });
  return counts;
}

export function drawsFigures({ details }: Chosen, source: string, letter: string, names: (size: number) => string[]): HTMLElement[] {
  const found: HTMLElement[] = [];
  const add = (title: string, chains: number[][], y: string) => {
    const draws = Array.from(chains[0], (_, i) => i + 1);
    const labels = Array.from({ length: BINS }, (_, bin) => `${bin * 100 / BINS} to ${(bin + 1) * 100 / BINS} %`);
    found.push(lineFigure(`Trace of ${title}${letter}`, `Draws that the store keeps, ${sourceName(source)}.`,
                          chains.map((values, chain) => ({ name: `chain ${chain + 1}`, x: draws, y: values, colour: chain })), "stored draw", y));
    if (chains.length > 1)
      found.push(barFigure(`Rank histogram of ${title}${letter}`, `Draws of each chain by rank among all draws, ${sourceName(source)}: flat where the chains agree.`, labels,
                           rankCounts(chains).map((values, chain) => ({ name: `chain ${chain + 1}`, values, colour: chain })), "draws", 0));
  };
  const U = details.get(`${source}/draws_order_parameter`);
  if (U && U.shape.length === 4) {
    const [chains, draws, n] = U.shape, size = n * n;
    const mean = (k: number) => { let sum = 0; for (let i = 0; i < chains * draws; i++) sum += U.values[i * size + k * (n + 1)]; return sum; };
    const path = Array.from({ length: n }, (_, k) => k).reduce((best, k) => (mean(k) > mean(best) ? k : best), 0);
    const name = names(n)[path];
    add(`U(${name}, ${name})`, Array.from({ length: chains }, (_, chain) =>
      Array.from({ length: draws }, (_, draw) => U.values[(chain * draws + draw) * size + path * (n + 1)])), "U");
  }
  const density = details.get(`${source}/draws_log_density`);
  if (density && density.shape.length === 2) {
    const [chains, draws] = density.shape;
    add("the log density", Array.from({ length: chains }, (_, chain) => Array.from({ length: draws }, (_, draw) => density.values[chain * draws + draw])), "log density");
  }
  return found;
}
