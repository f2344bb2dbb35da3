// Builds what the page consists of into a folder: node build.mjs [FOLDER]; by default where the Python package has it.
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../attnpaths/page/assets");
const common = { bundle: true, format: "iife", target: "es2022", charset: "ascii", absWorkingDir: here, logLevel: "warning" };

await mkdir(out, { recursive: true });
// The plotting library changes with its version alone; our own part stays readable, so that its changes can be read in a diff.
await build({ ...common, entryPoints: ["src/charts.ts"], outfile: join(out, "charts.js"), minify: true, legalComments: "eof",
              globalName: "attnpathsCharts", nodePaths: process.env.NODE_PATH?.split(":") ?? [] });
await build({ ...common, entryPoints: ["src/main.ts"], outfile: join(out, "page.js"), legalComments: "none" });
for (const name of ["page.html", "page.css"]) await copyFile(join(here, "src", name), join(out, name));
