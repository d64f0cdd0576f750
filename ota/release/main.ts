import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { packageOf } from "./application.ts";
import { asked } from "./asked.ts";
import { type BuildOrder, buildRelease } from "./build.ts";
import { isWord } from "./manifest.ts";
import { RUNTIME_NAME, runtimeFiles } from "./runtime.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const LEVEL = 19;

const { values } = asked({
  name: "npm run release",
  about: `Builds a release of this checkout, unsigned, into a folder; the way from there to
gateways is in ota/repository/CEREMONY.md. For example:

  npm run release -- --arch arm64 --hardware rpi-arm64 --channel stable \\
    --counter 17 --changes notes --opens 3,4 --out build

Exits 1 where the sources are not those of a commit.`,
  options: {
    arch: { kind: "choice", of: ["arm64", "amd64"], needed: true, says: "of the processor" },
    hardware: { kind: "text", value: "NAME", needed: true, says: "the class of the machine" },
    channel: { kind: "text", value: "NAME", needed: true, says: "in which it is published" },
    counter: { kind: "whole", least: 1, needed: true, says: "one more than the release before" },
    changes: {
      ...{ kind: "text", value: "NAME", needed: true },
      says: "what changed is said in NAME.en.md and NAME.zh-CN.md",
    },
    opens: {
      ...{ kind: "text", value: "N,…", needed: true },
      says: "the versions of the database whose releases can use what this one writes, the last being its own",
    },
    out: { kind: "text", value: "DIR", needed: true, says: "the folder" },
  },
});
const { arch, counter } = values;
const opens = values.opens.split(",").map(Number);

const wrong = whatIsWrong();
if (wrong === null) {
  try {
    await build();
  } catch (error) {
    process.stderr.write(`npm run release: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(`npm run release: ${wrong}\n`);
  process.exitCode = 2;
}

/** What cannot be used of the arguments, or null. */
function whatIsWrong(): string | null {
  if (!opens.every((version) => Number.isSafeInteger(version) && version > 0)) {
    return `--opens takes whole numbers from 1, not ${values.opens}`;
  }
  for (const name of ["hardware", "channel"] as const) {
    if (!isWord(values[name])) return `--${name} takes one word, not ${values[name]}`;
  }
  const absent = (["en", "zh-CN"] as const).map(notesFile).find((file) => !existsSync(file));
  return absent === undefined ? null : `--changes: there is no ${absent}`;
}

async function build(): Promise<void> {
  if (git("status", "--porcelain") !== "") {
    throw new Error("the checkout differs from its commit: commit first, then build");
  }
  const order: BuildOrder = {
    root: ROOT,
    arch,
    hardware: values.hardware,
    head: {
      version: packageOf(ROOT).version,
      counter,
      channel: values.channel,
      builtAt: Number(git("log", "-1", "--format=%ct")) * 1_000,
      runtime: RUNTIME_NAME,
      buffer: { writes: opens.at(-1) ?? 0, opens },
    },
    builtAt: git("log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ"),
    changes: { en: notes("en"), "zh-CN": notes("zh-CN") },
    runtime: await runtimeFiles(arch, join(ROOT, "node_modules", ".cache", "lifeline-runtime")),
    level: LEVEL,
  };
  const { files } = await buildRelease(order, values.out);
  for (const { file, length } of files) process.stdout.write(`${length} ${file}\n`);
}

function notes(lang: "en" | "zh-CN"): string {
  return readFileSync(notesFile(lang), "utf8");
}

function notesFile(lang: "en" | "zh-CN"): string {
  return `${values.changes}.${lang}.md`;
}

function git(...args: readonly string[]): string {
  const env = { ...process.env, TZ: "UTC" };
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", env }).trim();
}
