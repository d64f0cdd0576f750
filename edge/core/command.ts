import type { ErrorCode } from "./errors.ts";
import type { WallMs } from "./time.ts";

/** What a key may be allowed to order. */
export const PERMISSIONS = [
  "read",
  "write",
  "acknowledge",
  "shelve",
  "rate",
  "backlog",
  "bundle",
  "configure",
  "update",
] as const;

/** One of the things that a key may be allowed to order. */
export type Permission = (typeof PERMISSIONS)[number];

/** A public key, and what whoever holds its private half may order. */
export type CommandKey = {
  /** What it is called in the configuration: who acts, in events and records. */
  readonly name: string;
  /** SHA-256 of its 32 bytes, 16 hexadecimal digits: the same key under whatever name. */
  readonly fingerprint: string;
  /** Its 32 bytes (RFC 8032, 5.1.5), as base64. */
  readonly publicKey: string;
  readonly may: readonly Permission[];
};

/** How a command ended. */
export type CommandOutcome =
  /** It was carried out. */
  | "done"
  /** Nothing was done. */
  | "refused"
  /** It was tried and did not succeed. */
  | "failed"
  /** Whether it acted is not known. */
  | "unknown";

/** A code of the error table that a command ends with. */
export type CommandCode = Extract<ErrorCode, `command.${string}`>;

/** What became of one command, as it is published on `results`. */
export type CommandResult = {
  readonly id: string;
  readonly outcome: CommandOutcome;
  /** Why, as a code of the error table; null where it is done. */
  readonly code: ErrorCode | null;
  /** The destination that it came from and that is owed the result; null where by hand. */
  readonly via: string | null;
  /** The message, the same bytes each time that it is sent. */
  readonly payload: string;
};

/** A command that was taken and has not ended. */
export type CommandUnderWay = {
  readonly id: string;
  readonly key: string;
  readonly counter: number;
  readonly order: string;
  readonly via: string | null;
};

/** A command `update` that was accepted and whose outcome is owed. */
export type PendingUpdate = CommandUnderWay & {
  /** The target that it ordered. */
  readonly release: string;
};

/** What is remembered of commands, so that each acts at most once. */
export type CommandMemory = {
  /** What was issued before may have acted, and nobody remembers: it is refused. */
  readonly from: WallMs;
  /** The highest counter that was taken, by the fingerprint of its key. */
  readonly counters: Readonly<Record<string, number>>;
  /** The ids that were taken last, the newest last. */
  readonly ids: readonly string[];
  readonly underWay: CommandUnderWay | null;
  /** Those that are owed to a destination, the oldest first. */
  readonly results: readonly CommandResult[];
  /** The rates that commands have set, which hold with one configuration, by its fingerprint. */
  readonly rates: {
    readonly configuration: string;
    /** The backlog's readings a second by the names of destinations; null: no limit. */
    readonly perS: Readonly<Record<string, number | null>>;
  };
  /** Null or left out where none is. */
  readonly update?: PendingUpdate | null;
};
