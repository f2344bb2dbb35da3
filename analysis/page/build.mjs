// Builds what the page consists of into a folder: node build.mjs [FOLDER]; by default where the Python package has it.
import { build } from "esbuild";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../attnpaths/page/assets");
const common = { bundle: true, format: "iife", target: "es2022", charset: "ascii", absWorkingDir: here, logLevel: "warning" };

// The library's notices go along wherever its code goes; its licence is the one of this project.
const modules = join(here, "node_modules");
const notices = await Promise.all(["echarts/NOTICE", "echarts/licenses/LICENSE-d3", "zrender/LICENSE", "tslib/LICENSE.txt"]
  .map(async (name) => `${name}\n${await readFile(join(modules, name), "utf8")}`));
const footer = { js: `/*!\nCode of Apache ECharts (Apache License, Version 2.0), with parts of d3.js, and of zrender and tslib:\n\n${notices.join("\n")}*/` };

await mkdir(out, { recursive: true });
// The plotting library changes with its version alone; our own part stays readable, so that its changes can be read in a diff.
await build({ ...common, entryPoints: ["src/charts.ts"], outfile: join(out, "charts.js"), minify: true, legalComments: "none", footer,
              globalName: "attnpathsCharts" });
await build({ ...common, entryPoints: ["src/main.ts"], outfile: join(out, "page.js"), legalComments: "none" });
for (const name of ["page.html", "page.css"]) await copyFile(join(here, "src", name), join(out, name));
