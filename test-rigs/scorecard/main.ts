import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startChild } from "../processes/child.ts";
import { PROMISES, type Promised } from "./promises.ts";
import { type Result, type Results, scorecard, verdictOf, withScorecard } from "./scorecard.ts";

/**
 * `npm run prove [-- --only NAME,…]`: runs the command of each promise, one after the other, and
 * writes how it came out into `results.json` and the README's table. `--table` only writes the table.
 * Exits 1 where a promise is not kept. All of them take hours: some want a machine that does nothing
 * else, and root.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    table: { type: "boolean", default: false },
  },
});
const ROOT = join(import.meta.dirname, "..", "..");
const RESULTS = join(import.meta.dirname, "results.json");
const README = join(ROOT, "README.md");

const only = values.only.split(",").filter((name) => name !== "");
const unknown = only.filter((name) => !PROMISES.some((each) => each.name === name));
if (unknown.length > 0) {
  const names = PROMISES.map(({ name }) => name).join(", ");
  process.stderr.write(`no promise ${unknown.join(", ")}; there are: ${names}\n`);
  process.exit(2);
}

let isAll = true;
for (const promised of values.table ? [] : PROMISES) {
  if (only.length > 0 && !only.includes(promised.name)) continue;
  process.stdout.write(`${promised.promise}\n  ${promised.command}\n`);
  const result = await proved(promised);
  process.stdout.write(`  ${result.isKept ? "kept" : "NOT KEPT"}: ${result.verdict}\n`);
  isAll &&= result.isKept;
  // Written after each: what was proved stays so when a later one is broken off.
  writeFileSync(RESULTS, `${JSON.stringify({ ...read(), [promised.name]: result }, null, 2)}\n`);
}
writeFileSync(README, withScorecard(readFileSync(README, "utf8"), scorecard(PROMISES, read())));
process.exit(isAll ? 0 : 1);

function read(): Results {
  return JSON.parse(readFileSync(RESULTS, "utf8"));
}

async function proved({ command, minutes }: Promised): Promise<Result> {
  const child = startChild("/bin/sh", ["-c", `exec ${command}`], { NO_COLOR: "1" });
  const late = setTimeout(() => child.signal("SIGTERM"), minutes * 60_000);
  const ended = await child.exited;
  clearTimeout(late);
  const verdict = verdictOf(child.lines.join("\n"));
  const on = new Date().toISOString().slice(0, 10);
  return { command, on, isKept: ended === 0, verdict };
}
