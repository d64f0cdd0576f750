import { statSync } from "node:fs";
import { mkdir, open, readFile, readlink, rename, rm } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { basename, dirname, join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Slot, UpdateFiles } from "../core/update-files.ts";
import { kernelText, namesIn } from "./kernel-file.ts";
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
  const noteIn = (file: keyof typeof NAMES) => textOf(join(folder, NAMES[file]));
  return {
    slot: own === null ? null : slotIn(own),
    current: async () => {
      const link = await readlink(join(root ?? folder, "current")).catch(() => null);
      return link === null ? null : basename(link);
    },
    trial: () => (root === null ? NOTHING : textOf(join(root, "trial"))),
    journal: (from) => {
      if (root === null) return Promise.resolve({ text: "", end: from });
      return endOf(join(root, "journal.jsonl"), from);
    },
    order: () => noteIn("order"),
    verdict: () => noteIn("verdict"),
    progress: () => textOf(join(folder, "progress.json")),
    before: () => noteIn("before"),
    write: (file, text) =>
      attempt(async () => {
        await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
        await writeWhole(join(folder, NAMES[file]), text);
      }),
    removeOrder: () =>
      attempt(async () => {
        await rm(join(folder, NAMES.order), { force: true });
        await flush(folder);
      }),
    hasNetwork,
  };
}

/** Whether an interface that is up has an address that reaches further than the next machine. */
function hasNetwork(): boolean {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.some(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address));
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

const NOTHING: Promise<null> = Promise.resolve(null);

async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    // There is none, or the disk does not give it now: at the next look.
    return null;
  }
}

async function endOf(path: string, told: number): ReturnType<UpdateFiles["journal"]> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size === told) return { text: "", end: told };
    const begin = Math.max(told > size ? 0 : told, size - JOURNAL_MAX);
    const bytes = Buffer.alloc(size - begin);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, begin);
    // A line that is being written is read once it is whole.
    const whole = bytes.subarray(0, bytesRead).lastIndexOf("\n") + 1;
    return { text: bytes.subarray(0, whole).toString(), end: begin + whole };
  } catch {
    // There is none yet, or it cannot be read now: at the next look.
    return { text: "", end: told };
  }
}

/** As `writeDurably` does, but the disk is waited for by nobody else. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  {
    await using file = await open(beside, "w", MODE);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(beside, path);
  await flush(dirname(path));
}

async function flush(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}

async function attempt(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw new GatewayError("update.unwritten", messageOf(error), { cause: error });
  }
}
