import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { writeDurably } from "../world/durable-file.ts";

/** What is remembered of a card that is being written, until it is whole. */
type Written = { readonly image: string; readonly written: number };

/** Where one try at a card ended, so that the next goes on; and that only one writes to it at a time. */
export class FlashState {
  readonly #file: string;
  readonly #lock: string;
  readonly #image: string;

  private constructor(path: string, image: string) {
    const home = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
    const folder = join(home, "lifeline", "flash");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = createHash("sha256").update(resolve(path)).digest("hex").slice(0, 16);
    this.#file = join(folder, `${basename(path)}-${key}.json`);
    this.#lock = join(folder, `${basename(path)}-${key}.lock`);
    const { size, mtimeMs } = statSync(image);
    this.#image = `${resolve(image)} ${size} ${mtimeMs}`;
  }

  /** The state for `path`; or the process that is writing to it now. */
  static of(path: string, image: string): FlashState | number {
    const state = new FlashState(path, image);
    try {
      writeFileSync(state.#lock, `${process.pid}`, { flag: "wx" });
      return state;
    } catch {
      const pid = Number(readFileSync(state.#lock, "utf8"));
      if (isRunning(pid)) return pid;
      // Whoever held it was killed.
      writeFileSync(state.#lock, `${process.pid}`);
      return state;
    }
  }

  /** So many bytes of this image were written before. */
  written(): number {
    try {
      const { image, written } = JSON.parse(readFileSync(this.#file, "utf8")) as Written;
      return image === this.#image && Number.isSafeInteger(written) ? written : 0;
    } catch {
      return 0;
    }
  }

  /** `written` bytes are on the card. */
  note(written: number): void {
    const state: Written = { image: this.#image, written };
    writeDurably(this.#file, JSON.stringify(state), 0o600);
  }

  /** The card is whole. */
  done(): void {
    rmSync(this.#file, { force: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.#lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
