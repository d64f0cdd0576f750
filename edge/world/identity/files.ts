import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { GatewayError, messageOf } from "../../core/errors.ts";
import { IDENTITY_FILES, type IdentityStanding, type IdentityTerm } from "../../core/identity.ts";
import { type SecretStanding, secretStanding } from "../../core/sealed.ts";
import { flushFolder, writeDurably } from "../durable-file.ts";
import { besideOf, keptSecret, readablePath, sealingMeans, tracesOf } from "../sealed-file.ts";
import { termOf } from "./certificates.ts";

/** Only the gateway's own user reads and enters. */
const SECRET = 0o600;
const FOLDER = 0o700;

/** What of an identity is in a file of its folder. */
export type IdentityFile = keyof typeof IDENTITY_FILES;

/** The files that hold a key. */
const KEYS = (Object.keys(IDENTITY_FILES) as readonly IdentityFile[]).filter(
  (file) => file !== "authorities" && file !== "hardware",
);

/** Where `file` of the identity in `dir` can be read. */
export function pathOf(dir: string, file: IdentityFile): string {
  return readablePath(ownPath(dir, file));
}

/** Where it is written, in plain. */
function ownPath(dir: string, file: IdentityFile): string {
  return join(dir, IDENTITY_FILES[file]);
}

/** Whether there is `file` of the identity in `dir`. */
export function hasFile(dir: string, file: IdentityFile): boolean {
  return existsSync(pathOf(dir, file));
}

/** What stands in `file`; null where there is none. Throws `enrol.unwritten`. */
export function readOf(dir: string, file: IdentityFile): string | null {
  return attempt(pathOf(dir, file), (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  });
}

/** Writes `file`, whole or not at all, for its owner alone. Throws `enrol.unwritten`. */
export function keep(dir: string, file: IdentityFile, text: string): void {
  attempt(ownPath(dir, file), (path) => {
    if (!existsSync(dir)) {
      mkdirSync(dir, { recursive: true, mode: FOLDER });
      flushFolder(dirname(dir));
    }
    writeDurably(path, text, SECRET);
    giveToOwner(dir, path);
  });
}

/** What root makes on a person's behalf the gateway's own user must be able to read. */
function giveToOwner(dir: string, path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(dir));
  for (const each of [dir, path]) chownSync(each, uid, gid);
}

/** Where the identity is made that is to take the place of the one in `dir`. */
export function comingOf(dir: string): string {
  return `${dir}.coming`;
}

/** Where one that has ended waits to be removed: it is moved there whole. */
function goneOf(dir: string): string {
  return `${dir}.gone`;
}

/**
 * Takes the identity up that was made to take the place of the one in `dir`, once it is certified, and
 * finishes what was cut off: there is the one, or the other, or none. Throws `enrol.unwritten`.
 */
export function settle(dir: string): void {
  const coming = comingOf(dir);
  attempt(dir, () => {
    if (hasFile(coming, "credential")) {
      setAside(dir, dir);
      renameSync(coming, dir);
      flushFolder(dirname(dir));
    }
    if (existsSync(goneOf(dir))) removeGone(dir);
  });
}

/** Ends the identity in `dir`, and any that was to take its place. Throws `enrol.unwritten`. */
export function end(dir: string): void {
  attempt(dir, () => {
    for (const each of [comingOf(dir), dir]) {
      setAside(each, dir);
      removeGone(dir);
    }
  });
}

/** By one rename: file by file, a cut between two of them would leave half an identity. */
function setAside(folder: string, dir: string): void {
  if (existsSync(goneOf(dir))) removeGone(dir);
  if (!existsSync(folder)) return;
  renameSync(folder, goneOf(dir));
  flushFolder(dirname(dir));
}

function removeGone(dir: string): void {
  const opened = join(goneOf(dir), "opened");
  // A link to memory, behind which nothing is removed with the folder.
  const copies = existsSync(opened) ? readdirSync(opened) : [];
  for (const name of copies) rmSync(join(opened, name));
  rmSync(goneOf(dir), { recursive: true, force: true });
  if (existsSync(dirname(dir))) flushFolder(dirname(dir));
}

/**
 * Removes files of the identity, and what was sealed of them; those that are not there too. Throws
 * `enrol.unwritten`.
 */
export function drop(dir: string, ...files: readonly IdentityFile[]): void {
  attempt(dir, () => {
    if (!existsSync(dir)) return;
    for (const file of files) {
      // The plain one first: whoever is sealing it then removes what it makes of it.
      for (const each of tracesOf(ownPath(dir, file))) rmSync(each, { force: true });
    }
    flushFolder(dir);
  });
}

/** The key in `file`, made now where there is none: it never leaves the folder. */
export function keyIn(dir: string, file: "key" | "renewalKey"): KeyObject {
  const held = readOf(dir, file);
  if (held !== null) return attempt(pathOf(dir, file), () => createPrivateKey(held));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  keep(dir, file, pemOf(privateKey));
  return privateKey;
}

/** `key` as PEM. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * A renewed certificate has worked: it takes the place of the one before, which is kept beside it.
 * Nothing where there is none: another line has seen to it. In plain, whatever they were: they are
 * sealed anew under their new names.
 */
export function promote(dir: string): void {
  const [before, next] = [readOf(dir, "credential"), readOf(dir, "next")];
  if (before === null || next === null) return;
  keep(dir, "previous", before);
  keep(dir, "credential", next);
  drop(dir, "next");
}

/** How it stands with the identity in `dir` on a board with the serial number `hardware`. */
export function standingOf(dir: string, hardware: string | null): IdentityStanding {
  const current = termIn(dir, "credential");
  const next = termIn(dir, "next");
  const boundTo = readOf(dir, "hardware")?.trim() || null;
  const isForeign = boundTo !== null && hardware !== null && boundTo !== hardware;
  const held = current !== null ? "enrolled" : hasFile(dir, "key") ? "requested" : "none";
  const unopened = unopenedIn(dir);
  const state = isForeign && held !== "none" ? "foreign" : unopened === null ? held : "sealed";
  return { state, current, next, boundTo, hardware, secrets: keyStanding(dir), unopened };
}

/** How the keys in `dir` are protected on the disk; null where there are none, or none can be seen. */
export function keyStanding(dir: string): SecretStanding | null {
  const kept = [dir, comingOf(dir)].flatMap((folder) =>
    KEYS.map((file) => attempt(ownPath(folder, file), keptSecret)),
  );
  const keys = kept.filter((each) => each !== null);
  return secretStanding(keys, sealingMeans());
}

/** Why a sealed key cannot be read; null where all can, and empty where nobody has tried to open it. */
function unopenedIn(dir: string): string | null {
  for (const file of ["credential", "key"] as const) {
    const why = attempt(ownPath(dir, file), (path) =>
      keptSecret(path) === null || hasFile(dir, file) ? null : (besideOf(path, "refused") ?? ""),
    );
    if (why !== null) return why.trim();
  }
  return null;
}

/** What is certified is no secret, and stays readable beside a sealed key. */
function termIn(dir: string, file: "credential" | "next"): IdentityTerm | null {
  const pem = readOf(dir, file) ?? attempt(ownPath(dir, file), (path) => besideOf(path, "public"));
  return pem === null ? null : attempt(pathOf(dir, file), () => termOf(new X509Certificate(pem)));
}

function attempt<Done>(path: string, work: (path: string) => Done): Done {
  try {
    return work(path);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError("enrol.unwritten", `${path}: ${messageOf(cause)}`, { cause });
  }
}
