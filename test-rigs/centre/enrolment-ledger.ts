import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { flushFolder } from "../../edge/world/durable-file.ts";

/** One thing that happened at the enrolment server. */
export type Entry = { readonly at: number } & (
  | {
      readonly kind: "issued";
      readonly gateway: string;
      /** Serial number of the certificate. */
      readonly serial: string;
      /** The public key that it is for, base64. */
      readonly key: string;
      readonly hardware: string | null;
      /** SHA-256 of the claim, or the serial number of the certificate before. */
      readonly by: { readonly claim: string } | { readonly before: string };
      readonly cert: string;
    }
  | {
      readonly kind: "revoked";
      readonly gateway: string;
      readonly serial: string;
      readonly why: string;
    }
  | { readonly kind: "quarantined"; readonly gateway: string; readonly why: string }
  | {
      readonly kind: "refused";
      readonly gateway: string;
      readonly status: number;
      readonly why: string;
      readonly from: string;
    }
);

/** A certificate that was issued. */
export type Issued = Extract<Entry, { kind: "issued" }>;

/**
 * What the enrolment server did, a line of JSON each, only ever added to: the audit log, and at the
 * same time all that the server must remember. A line is on the disk before anybody is answered.
 */
export class EnrolmentLedger {
  readonly #handle: number;
  readonly #entries: Entry[];

  constructor(file: string) {
    const text = readText(file);
    // A process that was killed may have left half a line: nobody was answered upon it.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
    this.#entries = whole
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    this.#handle = openSync(file, "a", 0o600);
    flushFolder(dirname(file));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Throws where the disk takes no more: then nothing of `entry` is left in the log. */
  add(entry: Entry): void {
    const { size } = fstatSync(this.#handle);
    try {
      writeFileSync(this.#handle, `${JSON.stringify(entry)}\n`);
      fdatasyncSync(this.#handle);
    } catch (error) {
      ftruncateSync(this.#handle, size);
      throw error;
    }
    this.#entries.push(entry);
  }

  issued(is: (issued: Issued) => boolean): Issued | undefined {
    return this.#entries.findLast((each): each is Issued => each.kind === "issued" && is(each));
  }

  /** The serial numbers of what is revoked. */
  revoked(): readonly string[] {
    return this.#entries.flatMap((each) => (each.kind === "revoked" ? [each.serial] : []));
  }

  /** Whether `gateway` was put into quarantine, and has had no new claim since. */
  isQuarantined(gateway: string): boolean {
    const last = this.#entries.findLast(
      (each) =>
        each.kind !== "refused" &&
        each.gateway === gateway &&
        (each.kind === "quarantined" || (each.kind === "issued" && "claim" in each.by)),
    );
    return last?.kind === "quarantined";
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
