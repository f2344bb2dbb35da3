// What is committed of the page is what its sources make, with the versions of the lock file; and the sources have no type errors.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const sources = process.env.ATTNPATHS_PAGE_MODULES, committed = process.env.ATTNPATHS_PAGE_ASSETS;

test("the committed bundle is what the sources make", () => {
  const out = mkdtempSync(join(tmpdir(), "attnpaths-page-"));
  try {
    execFileSync(process.execPath, ["build.mjs", out], { cwd: sources, stdio: "pipe" });
    assert.deepEqual(readdirSync(committed).sort(), readdirSync(out).sort());
    for (const name of readdirSync(out))
      assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(committed, name))), `${name} is outdated: run "npm ci && npm run build" in analysis/page`);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test("the sources have no type errors", () => {
  execFileSync(process.execPath, [join(sources, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", sources], { stdio: "pipe" });
});
