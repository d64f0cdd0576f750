import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import { flushFolder, writeDurably } from "./durable-file.ts";

/** So many configurations that were replaced are kept. */
export const HISTORY_MAX = 10;

/** A configuration that was replaced. */
export type Replaced = {
  /** From 1, the higher the later. */
  readonly n: number;
  /** When it was replaced. */
  readonly at: WallMs;
};

/**
 * The configuration of a gateway, the one that is on trial beside it, and those that were replaced.
 * The file itself changes only when a trial is kept, by a rename: whatever is cut off before, it is
 * what it was. Every step is on the disk when its function returns; where the disk does not take
 * it that throws `config.unwritten`.
 */
export class ConfigStore {
  readonly #file: string;
  readonly #folder: string;

  constructor(file: string) {
    // Where the name is a link, what it points to is replaced.
    this.#file = existsSync(file) ? realpathSync(file) : file;
    this.#folder = `${this.#file}.history`;
  }

  /** Where a configuration stands until it is kept: beside the file, where its paths begin. */
  get candidate(): string {
    return `${this.#file}.candidate`;
  }

  /** Where whoever may write beside the file leaves one that is to be tried. */
  get proposed(): string {
    return `${this.#file}.proposed`;
  }

  get #mark(): string {
    return `${this.#file}.trial`;
  }

  /** The configuration as it stands in the file. */
  text(): string {
    return readFileSync(this.#file, "utf8");
  }

  /** Writes a candidate, in place of any before. */
  propose(text: string): void {
    this.#durably(() => this.#write(this.candidate, text));
  }

  /** Leaves `text` as one that is to be tried; the owner of the file is to read it. */
  leave(text: string): void {
    this.#durably(() => {
      const { uid, gid } = statSync(this.#file);
      this.#write(this.proposed, text);
      // Only root can give it away; whoever else may write here is that owner, or of the group.
      if (process.getuid?.() === 0) chownSync(this.proposed, uid, gid);
    });
  }

  /** Has what was left be the candidate, in place of any before; false where nothing was left. */
  take(): boolean {
    if (!existsSync(this.proposed)) return false;
    this.#durably(() => {
      renameSync(this.proposed, this.candidate);
      flushFolder(dirname(this.#file));
    });
    return true;
  }

  /** What was left to be tried is taken away again. */
  withdraw(): void {
    this.#durably(() => rmSync(this.proposed, { force: true }));
  }

  /** From now on the candidate is on trial: a start that finds this knows that it died of it. */
  begin(): void {
    this.#durably(() => this.#write(this.#mark, "on trial\n"));
  }

  /** Whether a candidate was on trial when the process before this one ended. */
  isOnTrial(): boolean {
    return existsSync(this.#mark) && existsSync(this.candidate);
  }

  /**
   * The candidate takes the place of the file, which goes to those that were replaced. It throws only
   * before that: what is in the file runs.
   */
  keep(): void {
    this.#durably(() => {
      const last = this.history().at(0)?.n ?? 0;
      mkdirSync(this.#folder, { recursive: true });
      this.#write(join(this.#folder, `${last + 1}.yaml`), this.text());
      for (const { n } of this.history().slice(HISTORY_MAX)) {
        rmSync(join(this.#folder, `${n}.yaml`), { force: true });
      }
      renameSync(this.candidate, this.#file);
    });
    try {
      flushFolder(dirname(this.#file));
      rmSync(this.#mark, { force: true });
    } catch {
      // A mark without a candidate says nothing, and a cut before this is on the disk goes back.
    }
  }

  /** The candidate is gone, and the file is what it was. */
  discard(): void {
    this.#durably(() => {
      rmSync(this.#mark, { force: true });
      rmSync(this.candidate, { force: true });
      flushFolder(dirname(this.#file));
    });
  }

  /** Those that were replaced, the newest first. */
  history(): readonly Replaced[] {
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    const numbers = names.flatMap((name) => /^(\d{1,9})\.yaml$/.exec(name)?.[1] ?? []).map(Number);
    return numbers
      .toSorted((a, b) => b - a)
      .map((n) => ({ n, at: statSync(join(this.#folder, `${n}.yaml`)).mtimeMs as WallMs }));
  }

  /** The text of one that was replaced; null where there is no such. */
  replaced(n: number): string | null {
    const file = join(this.#folder, `${n}.yaml`);
    return existsSync(file) ? readFileSync(file, "utf8") : null;
  }

  /** The last of those that is not what is in the file: one whose keeping was cut off is there too. */
  lastOther(): string | null {
    const now = existsSync(this.#file) ? this.text() : null;
    const texts = this.history().map(({ n }) => this.replaced(n));
    return texts.find((text) => text !== null && text !== now) ?? null;
  }

  /** Whole or not at all: written beside, flushed, and renamed; with the rights of the file. */
  #write(file: string, text: string): void {
    const mode = existsSync(this.#file) ? statSync(this.#file).mode & 0o777 : 0o600;
    writeDurably(file, text, mode);
  }

  #durably(step: () => void): void {
    try {
      step();
    } catch (error) {
      throw new GatewayError("config.unwritten", messageOf(error), { cause: error });
    }
  }
}
