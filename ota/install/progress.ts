import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Clock, WallMs } from "../../edge/core/time.ts";
import { readIfThere } from "../trust/durable.ts";

/** What the process that updates does, or did last. */
export type ProgressNote = {
  readonly step: "looking" | "fetching" | "installing" | "waiting" | "trial" | "done" | "failed";
  /** The release that it is about; null: the newest. */
  readonly release: string | null;
  /** Why it waits or failed: a code of the error table, and what there is to say in English. */
  readonly code?: string | null;
  readonly reason?: string | null;
};

/** A note of progress as it stands on the disk. */
export type KeptProgress = ProgressNote & { readonly at: WallMs };

/** Tells in a file what is being done: only ever for people to see, and no reason to fail. */
export class Progress {
  readonly #file: string;
  readonly #clock: Pick<Clock, "now">;

  constructor(file: string, clock: Pick<Clock, "now">) {
    this.#file = file;
    this.#clock = clock;
  }

  tell({ step, release, code = null, reason = null }: ProgressNote): void {
    const text = JSON.stringify({ at: this.#clock.now(), step, release, code, reason });
    try {
      makeFolder(dirname(this.#file));
      const beside = `${this.#file}.new`;
      writeFileSync(beside, `${text}\n`);
      chmodSync(beside, 0o644);
      renameSync(beside, this.#file);
    } catch {
      // A full disk is told by what needs it.
    }
  }
}

/**
 * The folder is the gateway's, whoever makes it: one that only root may write to would keep the gateway
 * from its own notes there, and so from every update.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { mode: 0o750 });
  const { uid, gid } = statSync(dirname(folder));
  try {
    chownSync(folder, uid, gid);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
}

/** What was noted last in `file`; null where there is nothing that can be read. */
export function progressIn(file: string): KeptProgress | null {
  try {
    const found = JSON.parse(readIfThere(file)?.toString() ?? "null") as KeptProgress | null;
    return typeof found?.at === "number" && typeof found.step === "string" ? found : null;
  } catch {
    return null;
  }
}
