// A headless browser for the page's tests: what it opens must say no error and ask nothing of anybody else.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.ATTNPATHS_PAGE_MODULES, "package.json"));
const { chromium } = require("playwright-core");
export const axeSource = require("axe-core").source;
export const folder = process.env.ATTNPATHS_PAGES;
export const address = (name) => `file://${folder}/${name}.html`;

export const PATIENCE = 120_000;  // milliseconds: other work may have most of the machine

let browser;
export async function start() {
  browser = await chromium.launch({ executablePath: process.env.ATTNPATHS_CHROMIUM, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
}
export async function stop() { await browser.close(); }

/** Opens a page, calls look(page), and sees that nothing went wrong meanwhile. */
export async function open(where, look, { width = 1280, height = 900, scheme = "light", expected = () => false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type()) && !expected(message.text())) wrong.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => wrong.push(`error: ${error.stack}`));
  page.on("request", (request) => {
    const url = new URL(request.url()), own = new URL(where);
    if (!["data:", "blob:"].includes(url.protocol) && !(url.protocol === own.protocol && url.host === own.host)) wrong.push(`request: ${url}`);
  });
  try {
    await page.goto(where);
    await page.waitForSelector("html[data-ready]");
    const answer = await look(page);
    assert.deepEqual(wrong, []);
    return answer;
  } finally {
    await context.close();
  }
}

/** Where the point is that the keyboard has walked to, on the screen. */
export async function ringAt(page) {
  const box = await page.locator("#ring").boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Whether a canvas shows anything: pixels of more than one colour. */
export async function isDrawn(canvas) {
  return canvas.first().evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    const seen = new Set();
    for (let i = 0; i < data.length && seen.size < 3; i += 4) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]},${data[i + 3]}`);
    return seen.size >= 3;
  });
}

/** Rows of a table as texts. */
export async function cells(table) {
  return table.evaluate((element) => [...element.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.innerText.trim())));
}

/** The figure with this title. */
export function figure(page, title) { return page.locator("figure", { has: page.locator("h3", { hasText: title }) }).first(); }

/** Numbers of a figure: opens the table below it. */
export async function numbers(page, title) {
  const found = figure(page, title);
  await found.locator("summary").click();
  return cells(found.locator("details table"));
}
