import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { startChild } from "../processes/child.ts";
import { PROMISES, type Promised } from "./promises.ts";
import {
  DIRTY,
  type Result,
  type Results,
  scorecard,
  verdictOf,
  withScorecard,
} from "./scorecard.ts";

const { values } = asked({
  name: "npm run prove",
  about: `Runs the command of each promise, one after the other, and writes how it came out into
results.json and the README's table. Exits 1 where a promise is not kept. All of
them take hours: some want a machine that does nothing else, and root.`,
  options: {
    only: {
      ...{ kind: "list", value: "NAME,…", of: PROMISES.map(({ name }) => name) },
      says: "some of them",
    },
    table: { kind: "flag", says: "only write the table" },
  },
});
const { only } = values;
const ROOT = join(import.meta.dirname, "..", "..");
const RESULTS = join(import.meta.dirname, "results.json");
const README = join(ROOT, "README.md");

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
  const commit = commitHere();
  const child = startChild("/bin/sh", ["-c", `exec ${command}`], { NO_COLOR: "1" });
  const late = setTimeout(() => child.signal("SIGTERM"), minutes * 60_000);
  const ended = await child.exited;
  clearTimeout(late);
  const verdict = verdictOf(child.lines.join("\n"));
  const on = new Date().toISOString().slice(0, 10);
  return { command, on, ...(commit && { commit }), isKept: ended === 0, verdict };
}

/** What is checked out, but for what is written here; null where git does not tell. */
function commitHere(): string | null {
  const git = (...words: string[]) =>
    execFileSync("git", words, { cwd: ROOT, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    const others = ["--", ".", ":!README.md", ":!test-rigs/scorecard/results.json"];
    const isOther = git("status", "--porcelain", ...others) !== "";
    return `${git("rev-parse", "--short", "HEAD")}${isOther ? DIRTY : ""}`;
  } catch {
    return null;
  }
}
