import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Slot, UpdateFiles } from "../core/update-files.ts";
import { flushFolder, writeDurably } from "./durable-file.ts";
import { kernelText, namesIn, ROOTS } from "./kernel-file.ts";
import { networkOf } from "./network.ts";
import { slotOf } from "./release-slots.ts";

/** No more of the journal is read at once, in bytes. */
const JOURNAL_MAX = 64 * 1024;
/** The process that updates reads what is written; nobody else need. */
const MODE = 0o640;
const FOLDER_MODE = 0o750;

/** Names of the files in `update` beside the buffer. */
const NAMES = { order: "order", verdict: "verdict", before: "before.json" } as const;

/** The files of updates of the gateway whose code is in the folder `code`, with its buffer in `dir`. */
export function updateFiles(dir: string, code: string): UpdateFiles {
  const own = slotOf(code);
  const root = own?.root ?? null;
  const folder = join(dir, "update");
  const installed = (name: string) => (root === null ? null : join(root, name));
  const journal = installed("journal.jsonl");
  return {
    slot: own === null ? null : slotIn(own),
    trial: () => textOf(installed("trial")),
    journal: (from) => (journal === null ? { text: "", end: from } : endOf(journal, from)),
    order: () => textOf(join(folder, NAMES.order)),
    verdict: () => textOf(join(folder, NAMES.verdict)),
    before: () => textOf(join(folder, NAMES.before)),
    write: (file, text) =>
      attempt(() => {
        mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
        writeDurably(join(folder, NAMES[file]), text, MODE);
      }),
    removeOrder: () =>
      attempt(() => {
        rmSync(join(folder, NAMES.order), { force: true });
        flushFolder(folder);
      }),
    hasNetwork: () => networkOf(ROOTS).links.some(isWayOut),
  };
}

/**
 * When the metadata of releases in `root` was fresh last: each look brings another `timestamp.json` into
 * one of the folders below `trust`. Null where there never was any.
 */
export function metadataAt(root: string): WallMs | null {
  const trust = join(root, "trust");
  const folders = [trust, ...namesIn(trust).map((name) => join(trust, name))];
  const times = folders.flatMap((folder) => {
    const stat = statSync(join(folder, "timestamp.json"), { throwIfNoEntry: false });
    return stat === undefined ? [] : [stat.mtimeMs];
  });
  return times.length === 0 ? null : (Math.max(...times) as WallMs);
}

function isWayOut({
  hasCarrier,
  addresses,
}: {
  readonly hasCarrier: boolean | null;
  readonly addresses: readonly string[];
}): boolean {
  return hasCarrier !== false && addresses.length > 0;
}

function slotIn({ folder, name }: { readonly folder: string; readonly name: string }): Slot {
  try {
    const said: unknown = JSON.parse(kernelText(join(folder, "release.json")) ?? "");
    const { counter, hardware, channel } = said as Readonly<Record<string, unknown>>;
    const isSaid = typeof counter === "number" && typeof channel === "string";
    if (!isSaid || !Array.isArray(hardware)) return { name, release: null };
    return { name, release: { counter, hardware: hardware.map(String), channel } };
  } catch {
    // It runs all the same: what it cannot tell of itself is left out.
    return { name, release: null };
  }
}

function textOf(path: string | null): string | null {
  return path === null ? null : kernelText(path);
}

function endOf(path: string, told: number): ReturnType<UpdateFiles["journal"]> {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (size === undefined || size === told) return { text: "", end: told };
  const begin = Math.max(told > size ? 0 : told, size - JOURNAL_MAX);
  const bytes = Buffer.alloc(size - begin);
  try {
    const handle = openSync(path, "r");
    try {
      const read = bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, begin));
      // A line that is being written is read once it is whole.
      const whole = read.lastIndexOf("\n") + 1;
      return { text: read.subarray(0, whole).toString(), end: begin + whole };
    } finally {
      closeSync(handle);
    }
  } catch {
    // What cannot be read now is read at the next look.
    return { text: "", end: told };
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    throw new GatewayError("update.unwritten", messageOf(error), { cause: error });
  }
}
