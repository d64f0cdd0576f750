/**
 * Builds a release of this checkout, unsigned, into a folder:
 *
 *     npm run release -- --arch arm64 --hardware rpi-arm64 --channel stable --counter 17
 *       --changes notes --opens 3,4 --out build
 *
 * `notes.en.md` and `notes.zh-CN.md` say what changed; `--opens` names the versions of the database
 * whose releases can use what this one writes, the last being its own. Exits with 2 where it was
 * called wrongly, and 1 where the sources are not those of a commit.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { packageOf } from "./application.ts";
import { type BuildOrder, buildRelease } from "./build.ts";
import { RUNTIME_NAME, runtimeFiles } from "./runtime.ts";

const NAMES = ["arch", "hardware", "channel", "counter", "changes", "opens", "out"] as const;
const ROOT = join(import.meta.dirname, "..", "..");
const LEVEL = 19;

const { values } = parseArgs({
  options: Object.fromEntries(NAMES.map((name) => [name, { type: "string" } as const])),
});
const missing = NAMES.filter((name) => values[name] === undefined);
const { arch } = values;
const counter = Number(values.counter);
const opens = `${values.opens}`.split(",").map(Number);
const isRight = counter >= 1 && Number.isSafeInteger(counter) && opens.every(Number.isSafeInteger);

if (missing.length > 0 || !isRight || (arch !== "arm64" && arch !== "amd64")) {
  process.stderr.write(`needed: ${NAMES.map((name) => `--${name}`).join(" ")}\n`);
  process.exitCode = 2;
} else if (git("status", "--porcelain") !== "") {
  process.stderr.write("the checkout differs from its commit: commit first, then build\n");
  process.exitCode = 1;
} else {
  const order: BuildOrder = {
    root: ROOT,
    arch,
    hardware: `${values.hardware}`,
    head: {
      version: packageOf(ROOT).version,
      counter,
      channel: `${values.channel}`,
      builtAt: Number(git("log", "-1", "--format=%ct")) * 1_000,
      runtime: RUNTIME_NAME,
      buffer: { writes: opens.at(-1) ?? 0, opens },
    },
    builtAt: git("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ"),
    changes: { en: notes("en"), "zh-CN": notes("zh-CN") },
    runtime: await runtimeFiles(arch, join(ROOT, "node_modules", ".cache", "lifeline-runtime")),
    level: LEVEL,
  };
  const { files } = await buildRelease(order, `${values.out}`);
  for (const { file, length } of files) process.stdout.write(`${length} ${file}\n`);
}

function notes(lang: "en" | "zh-CN"): string {
  return readFileSync(`${values.changes}.${lang}.md`, "utf8");
}

function git(...args: readonly string[]): string {
  const env = { ...process.env, TZ: "UTC" };
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", env }).trim();
}
