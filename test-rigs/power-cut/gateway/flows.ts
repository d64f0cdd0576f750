import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { updateFiles } from "../../../edge/world/update-files.ts";
import type { Flow } from "../each-step.ts";
import { CONFIGS, NOTES, storeIn } from "./own.ts";

/** The program that does what a gateway does on its own disk. */
export const FLOW: string = fileURLToPath(new URL("flow.ts", import.meta.url));

const CONFIG = join("etc", "gateway.yaml");

/** The flows of the configuration and of the notes for updates. */
export const GATEWAY_FLOWS: readonly Flow[] = [
  {
    name: "a configuration on trial that is kept",
    prepare: (dir) => begin(dir),
    command: (dir, control) => [process.execPath, FLOW, "configure", dir, control],
    examine: examineKept,
  },
  {
    name: "a configuration on trial that is given up",
    prepare: (dir) => {
      begin(dir);
      storeIn(dir).propose(CONFIGS.next);
      storeIn(dir).begin();
    },
    command: (dir, control) => [process.execPath, FLOW, "discard", dir, control],
    examine: examineDiscarded,
  },
  {
    name: "notes for who updates",
    prepare: async (dir) => {
      for (const file of FILES) await notesIn(dir).write(file, NOTES.first);
    },
    command: (dir, control) => [process.execPath, FLOW, "note", dir, control],
    examine: examineNotes,
  },
];

const FILES = ["order", "verdict", "before"] as const;

function begin(dir: string): void {
  mkdirSync(join(dir, "etc"), { recursive: true });
  writeFileSync(join(dir, CONFIG), CONFIGS.first);
}

function notesIn(dir: string) {
  return updateFiles(join(dir, "var"), join(dir, "nowhere"));
}

/** What is in the file is what was, or what was kept, whole; what is on trial is told. */
function examineKept(dir: string, before: readonly string[]): readonly string[] {
  const faults: string[] = [];
  const store = storeIn(dir);
  const now = store.text();
  const isKept = before.includes("said kept");
  if (now !== CONFIGS.next && (isKept || now !== CONFIGS.first)) faults.push("it is not whole");
  if (isKept && store.isOnTrial()) faults.push("it was kept, and is on trial");
  const isTold = now === CONFIGS.next || store.isOnTrial();
  if (before.includes("said on trial") && !isTold) faults.push("the trial is forgotten");
  // A start that finds a trial goes back from it, and somebody proposes it once more.
  if (store.isOnTrial()) store.discard();
  if (store.text() !== CONFIGS.next) {
    store.propose(CONFIGS.next);
    store.begin();
    store.keep();
  }
  if (store.text() !== CONFIGS.next || store.isOnTrial()) faults.push("it cannot be kept again");
  if (store.lastOther() !== CONFIGS.first) faults.push("what was replaced is gone");
  return faults;
}

function examineDiscarded(dir: string, before: readonly string[]): readonly string[] {
  const store = storeIn(dir);
  const faults = store.text() === CONFIGS.first ? [] : ["it is not what it was"];
  if (before.includes("said discarded") && store.isOnTrial()) faults.push("it is on trial again");
  store.discard();
  return store.isOnTrial() ? [...faults, "it is on trial for ever"] : faults;
}

async function examineNotes(dir: string, before: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const isRemoved = before.includes("said removed");
  for (const file of FILES) {
    const found = await notesIn(dir)[file]();
    const isSaid = before.includes(`said ${file}`);
    const may: readonly (string | null)[] =
      file === "order" && isRemoved
        ? [null]
        : isSaid
          ? [NOTES.second]
          : [NOTES.first, NOTES.second];
    const isGoing = file === "order" && isSaid && found === null;
    if (!may.includes(found) && !isGoing) faults.push(`${file} says ${found?.slice(0, 20)}`);
  }
  for (const file of FILES) await notesIn(dir).write(file, NOTES.second);
  const text = readFileSync(join(dir, "var", "update", "order"), "utf8").trim();
  return text === NOTES.second ? faults : [...faults, "an order cannot be written again"];
}
