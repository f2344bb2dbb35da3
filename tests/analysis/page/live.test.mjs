// The live page beside a sweep under mpirun: points arrive, a killed worker disturbs nothing, and what goes on afterwards is seen.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axeSource, figure, isDrawn, numbers, open, PATIENCE, start, stop } from "./browser.mjs";

const folder = mkdtempSync(join(tmpdir(), "attnpaths-live-"));
const store = join(folder, "live.h5");
// Three points of theory, then sixty that take their time and no processor's, so that a busy machine changes nothing.
const theory = ["--task.feature_width", "20", "--task.tokens", "8", "--task.test_examples", "20", "--grid.examples", "20", "--grid.temperature", "1",
                "--grid.width", "10 20 30", "--no-samples"];
const waiting = ["--task.name", "rehearsal", "--task.seconds", "0.4", "--grid.width", "110..228..2"];
const environment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1", OMPI_MCA_rmaps_base_oversubscribe: "1",
                      OMPI_MCA_mpi_yield_when_idle: "1", OMPI_MCA_hwloc_base_binding_policy: "none", OMPI_MCA_orte_tmpdir_base: folder,
                      OMPI_MCA_btl_vader_backing_directory: folder, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
const children = [];

function launch(command, args) {
  const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { child.said += text; });
  child.ended = new Promise((resolve) => child.on("exit", resolve));
  children.push(child);
  return child;
}

const sweep = (ranks, words) => launch("mpirun", ["-n", ranks, process.env.ATTNPATHS_BINARY, "sweep", "--store", store, ...words]);

async function until(what, condition) {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const answer = await condition();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}: ${children.map(({ said }) => said).join("\n")}`);
}

/** pid of a rank that mpirun started. */
function pidOf(rank) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").includes(store)
        && readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`OMPI_COMM_WORLD_RANK=${rank}`);
    } catch { return false; }  // it has ended
  });
}

async function served(...options) {
  const server = launch(process.env.ATTNPATHS_PYTHON, ["-m", "attnpaths", "page", store, "--live", ...options]);
  const [, address] = await until("the address", () => /the page is at (\S+)/.exec(server.said));
  return { server, address };
}

const status = (address, headers = {}) => new Promise((resolve, reject) => {
  request(address, { headers }, (response) => { response.resume(); resolve(response.statusCode); }).on("error", reject).end();
});

before(start);
after(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

test("points arrive while a sweep runs, a worker is killed, and the sweep goes on", async () => {
  assert.equal(await sweep("1", theory).ended, 0);
  const { server, address } = await served();
  const number = async (page, name) => (await page.locator(`[data-number='${name}']`).count() ? page.textContent(`[data-number='${name}']`) : "");
  const done = async (page) => Number(/^\d+/.exec(await number(page, "done"))?.[0] ?? 0);

  await open(address, async (page) => {
    await until("what the first sweep left", async () => await page.locator("#live-state").count() && /The sweep is over/.test(await page.textContent("#live-state")));
    let running = sweep("3", waiting);
    const worker = await until("a worker", () => pidOf(1));
    await until("some points", async () => await done(page) >= 6);
    await until("a running sweep", async () => /A sweep is running/.test(await page.textContent("#live-state")));
    assert.match(await number(page, "done"), / of 63$/);
    assert.equal(await number(page, "workers"), "2");
    await until("rate, time left and use", async () => /points/.test(await number(page, "rate")) && await number(page, "time left") && /%/.test(await number(page, "of them at work")));
    await page.selectOption("#y", "point/seconds");
    const drawn = Number(await page.getAttribute("#scatter", "data-points"));
    await until("more points in the chart", async () => Number(await page.getAttribute("#scatter", "data-points")) > drawn);
    assert.equal(await page.inputValue("#y"), "point/seconds");  // what was chosen stays

    process.kill(worker, "SIGKILL");
    await running.ended;
    const kept = await done(page);
    assert.ok(kept >= 6 && kept < 63, `${kept} points when the worker was killed`);
    await until("its loss", async () => /worker 1 \(pid \d+ on .*died without reporting a signal \(SIGKILL/.test(await page.textContent("#live")));
    await until("the end of the run", async () => /No sweep is running; the same command goes on/.test(await page.textContent("#live-state")));
    assert.ok(await done(page) >= kept);

    running = sweep("3", waiting);
    await until("the end of the sweep", async () => /The sweep is over/.test(await page.textContent("#live-state")));
    assert.equal(await number(page, "done"), "63 of 63");
    assert.equal(await running.ended, 0);
    assert.match(await page.textContent("#summary"), /^63 points/);

    await page.locator("#points tbody tr >> nth=0").getByText("show").click();
    await page.waitForSelector("text=The chosen point");
    assert.ok(await isDrawn(figure(page, "U, saddle point").locator("canvas")));
    assert.deepEqual((await numbers(page, "U, saddle point"))[0], ["path", "1.1", "1.2", "2.1", "2.2"]);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
    assert.deepEqual(violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id), []);
  });

  // A page opened now has it all from the store file.
  await open(address, async (page) => {
    assert.match(await page.textContent("#summary"), /^63 points/);
    assert.match(await page.textContent("#about"), /Configuration/);
  });
  server.kill("SIGINT");
  assert.equal(await server.ended, 0);
  assert.equal(server.said.trim().split("\n").length, 2, server.said);
});

test("chains are seen on their way, with R-hat and effective draws as of their checkpoints", async () => {
  const { server, address } = await served();
  const running = sweep("1", [...theory.slice(0, -3), "--grid.width", "10", "--sampling.method", "nuts", "--sampling.chains", "2", "--sampling.warmup", "50",
                              "--sampling.draws", "20000", "--sampling.max_draws", "20000", "--run.checkpoint_period", "0.3s"]);
  await open(address, async (page) => {
    const cells = async () => (await page.locator("#live-chains tbody td").allTextContents());
    const [point, rhat, ess, draws, chains, sampling] = await until("R-hat of unfinished chains", async () => (await cells())[1] && await cells());
    assert.match(point, /width=10 /);
    assert.deepEqual([sampling, chains], ["order-parameter", "2"]);
    assert.match(draws, /^\d+ of 20000$/);
    assert.ok(Number(rhat) > 0.9 && Number(ess) > 1, `R-hat ${rhat}, ${ess} effective draws`);
  });
  running.kill("SIGTERM");
  await running.ended;
  server.kill("SIGINT");
  assert.equal(await server.ended, 0);
});

test("nobody gets in without the token, and the page says when its server is gone", async () => {
  const { server, address } = await served();
  const { origin, port } = new URL(address);
  assert.equal(new URL(address).hostname, "127.0.0.1");
  assert.equal(await status(address), 200);
  assert.deepEqual(await Promise.all([origin, `${origin}/`, `${origin}/points`, address.slice(0, -2), `${origin}/${"x".repeat(24)}/points`].map((each) => status(each))), [404, 404, 404, 404, 404]);
  assert.equal(await status(address, { Host: `evil.example:${port}` }), 404);
  assert.equal(await status(`${address}point?row=999`), 404);
  assert.equal(await status(`${address}point?row=x`), 400);
  await open(address, async (page) => {
    server.kill("SIGTERM");
    assert.equal(await server.ended, 0);
    await page.waitForSelector("#live-lost:not([hidden])");
  }, { expected: (text) => /ERR_CONNECTION_REFUSED/.test(text) });
});
