import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { CalibrationBook, CalibrationStore } from "../core/calibration.ts";
import { GatewayError, messageOf } from "../core/errors.ts";

/**
 * The books of a gateway's calibrations, one file a point, in a folder beside its configuration.
 * They belong to the instruments as the configuration does: a buffer that is set aside, or a card
 * that is written anew with what stood beside the configuration, must not bring back an old zero.
 */
export class CalibrationFiles implements CalibrationStore {
  readonly folder: string;
  readonly #config: string;

  /** `config` is the configuration's file. */
  constructor(config: string) {
    this.#config = existsSync(config) ? realpathSync(config) : config;
    this.folder = `${this.#config}.calibration`;
  }

  load() {
    const books: CalibrationBook[] = [];
    const unreadable: string[] = [];
    const names = existsSync(this.folder) ? readdirSync(this.folder) : [];
    for (const name of names.filter((each) => each.endsWith(".json")).toSorted()) {
      const book = bookIn(join(this.folder, name));
      if (book === null) unreadable.push(join(this.folder, name));
      else books.push(book);
    }
    return { books, unreadable };
  }

  /** Whole or not at all: written beside, flushed, and renamed; with the rights of the configuration. */
  save(book: CalibrationBook): void {
    const file = join(this.folder, `${book.point}.json`);
    try {
      mkdirSync(this.folder, { recursive: true });
      const mode = existsSync(this.#config) ? statSync(this.#config).mode & 0o777 : 0o600;
      const handle = openSync(`${file}.new`, "w", mode);
      try {
        writeFileSync(handle, `${JSON.stringify(book, null, 1)}\n`);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(`${file}.new`, file);
      for (const folder of [this.folder, dirname(this.folder)]) flush(folder);
    } catch (error) {
      throw new GatewayError("calibration.unwritten", messageOf(error), { cause: error });
    }
  }
}

function flush(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The book in `file`; null where it is none that this release reads. */
function bookIn(file: string): CalibrationBook | null {
  try {
    const book = JSON.parse(readFileSync(file, "utf8")) as CalibrationBook;
    const isBook = book.v === 1 && typeof book.point === "string" && Array.isArray(book.records);
    return isBook ? book : null;
  } catch {
    return null;
  }
}
