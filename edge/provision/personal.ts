import { createHash } from "node:crypto";
import { messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";

/** The file, in folder `gateway` of a card's first partition, that says whose it is, and what the others must be. */
export const PERSONAL_LIST = "personal.json";
/** What else may be in it, by name; all but the first may be left out. */
export const PERSONAL_FILES = [
  "gateway.yaml",
  "claim",
  "ca.pem",
  "wired.network",
  "authorized_keys",
] as const;

/** A file of the folder. */
export type PersonalFile = (typeof PERSONAL_FILES)[number];

/** What `personal.json` holds. */
export type PersonalList = {
  readonly v: 1;
  readonly gateway: string;
  /** The class of boards that its box is of, such as rpi-arm64; absent where nobody said. */
  readonly hardware?: string;
  /** SHA-256 of each file beside it, in hexadecimal digits. */
  readonly files: Readonly<Partial<Record<PersonalFile, string>>>;
};

/** As `gateway.id` of the configuration. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;
/** As `update.hardware` of the configuration. */
const HARDWARE = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const HASH = /^[0-9a-f]{64}$/;

/** Whether the folder may hold a file of this name. */
export function isPersonalFile(name: string): name is PersonalFile {
  return PERSONAL_FILES.some((each) => each === name);
}

/** Whether `text` can be the class of a board. */
export function isHardware(text: string): boolean {
  return HARDWARE.test(text);
}

/** SHA-256 of a file, in hexadecimal digits. */
export function personalHash(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The text of `personal.json` for `gateway`, whose `files` these are; its box is of class `hardware`. */
export function personalList(
  gateway: string,
  files: Readonly<Partial<Record<PersonalFile, string | Uint8Array>>>,
  hardware: string | null = null,
): string {
  const hashes: Partial<Record<PersonalFile, string>> = {};
  for (const name of PERSONAL_FILES) {
    const bytes = files[name];
    if (bytes !== undefined) hashes[name] = personalHash(bytes);
  }
  const list: PersonalList = {
    ...{ v: 1, gateway, ...(hardware !== null && { hardware }) },
    files: hashes,
  };
  return `${toJson(list)}\n`;
}

/** The list in `text`; a sentence that says what is wrong with it where it is none. Never throws. */
export function personalListIn(text: string): PersonalList | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
  if (typeof value !== "object" || value === null) return "it holds no object";
  const { v, gateway, hardware, files, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `'${unknown}' is no key of it`;
  if (v !== 1) return "its v is not 1";
  if (typeof gateway !== "string" || !ID.test(gateway)) return "its gateway is no gateway id";
  const isClass = hardware === undefined || (typeof hardware === "string" && isHardware(hardware));
  if (!isClass) return "its hardware is no class of boards";
  if (typeof files !== "object" || files === null) return "its files are missing";
  const hashes: Partial<Record<PersonalFile, string>> = {};
  for (const [name, hash] of Object.entries(files)) {
    if (!isPersonalFile(name)) return `'${name}' is no file that a card can hold`;
    if (typeof hash !== "string" || !HASH.test(hash)) return `the hash of ${name} is none`;
    hashes[name] = hash;
  }
  return { v: 1, gateway, ...(hardware !== undefined && { hardware }), files: hashes };
}
