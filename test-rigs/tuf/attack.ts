import { basename } from "node:path";
import test from "ava";
import type { ErrorCode } from "../../edge/core/errors.ts";
import type { Line } from "./memory-transport.ts";
import type { SignedRepository } from "./signed-repository.ts";
import { codeOf, TrustRig } from "./trust-rig.ts";

/** Each of these is mounted against a gateway that trusts version 3 of everything but root. */
export type Attack = {
  readonly name: string;
  readonly code: ErrorCode;
  readonly mount: (repository: SignedRepository, rig: TrustRig) => void;
  /** What the attack holds that is signed as it should be, and newer: that alone is taken. */
  readonly takes?: readonly string[];
};

/** Before a simulated day starts. */
export const PAST = "2025-12-31T23:59:59Z";
/** Sends for ever. */
export const ENDLESS: Line = { partBytes: 65_536, partMs: 0, isEndless: true };
/** Keeps the line open, and brings nothing worth it. */
export const DRIPPING: Line = { partBytes: 1, partMs: 1_000 };
/** The one file whose name carries no version. */
export const TIMESTAMP = "metadata/timestamp.json";

/** What stands in `file`. */
export function textOf(repository: SignedRepository, file: string): string {
  return Buffer.from(repository.files.get(file)!).toString();
}

/** Puts what nobody signed into `file`. */
export function put(repository: SignedRepository, file: string, text: string): void {
  repository.files.set(file, Buffer.from(text));
}

/** Changes what is signed and leaves the signatures. */
export function tamper(repository: SignedRepository, file: string): void {
  put(repository, file, textOf(repository, file).replace(/"expires":"2027/, '"expires":"2028'));
}

/** Says each signature twice. */
export function repeatSignatures(repository: SignedRepository, file: string): void {
  const metadata = JSON.parse(textOf(repository, file));
  metadata.signatures.push(...metadata.signatures);
  put(repository, file, JSON.stringify(metadata));
}

/** The test that `attack` is refused with its code, and that nothing else than it `takes` changed. */
export function refuses({ name, code, mount, takes = [] }: Attack): void {
  test(`refused, and nothing changed: ${name}`, async (t) => {
    const rig = new TrustRig(t);
    rig.repository.publish().publish();
    await rig.refresh();
    const before = rig.state();
    mount(rig.repository, rig);
    t.is(await codeOf(rig.refresh()), code);
    const after = rig.state();
    for (const [file, text] of Object.entries(before)) {
      const mayChange = takes.length > 0 && basename(file).startsWith("floor");
      if (!takes.includes(basename(file)) && !mayChange) t.is(after[file], text, file);
    }
    t.deepEqual(Object.keys(after), Object.keys(before));
  });
}
