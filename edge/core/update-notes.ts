import type { WallMs } from "./time.ts";

/*
 * What the gateway, the process that updates and the boot guard write for each other: small files,
 * replaced whole. Whoever finds one that says something else takes it for none.
 */

/** The release on trial, in `trial` of the folder that releases are installed in; lines `key=value`. */
export type ReleaseTrial = {
  /** The slot that is tried. */
  readonly candidate: string;
  /** The slot that it goes back to. */
  readonly previous: string;
  /** The release's counter; null where that is not told. */
  readonly counter: number | null;
  /** How often it was started. */
  readonly tries: number;
  /** The id of the command that ordered it; null where none did. */
  readonly command: string | null;
};

/** What a candidate says of itself, in `update/verdict` beside the buffer; one line of JSON. */
export type ReleaseVerdict = {
  readonly release: string;
  /** Which boot of the machine it was in. */
  readonly boot: string;
  readonly verdict: "healthy" | "unhealthy";
  /** A code of the error table where it is unhealthy; `online` or `offline` where it is healthy. */
  readonly reason: string;
  readonly at: WallMs;
};

/** What is to be installed, in `update/order` beside the buffer; JSON. */
export type UpdateOrder = {
  readonly v: 1;
  /** The target `HARDWARE/CHANNEL/NAME`; null: the newest there is. */
  readonly release: string | null;
  /** Who ordered it: the name of a key, or of a user. */
  readonly by: string;
  /** It is not begun before, and not after; null: at any time. */
  readonly notBefore: WallMs | null;
  readonly until: WallMs | null;
  /** The command that it came with: the key's name and the command's id; null where none. */
  readonly command: { readonly key: string; readonly nonce: string } | null;
};

/** A step of an update. */
export type UpdateStep =
  | "installed"
  | "activated"
  | "tried"
  | "committed"
  | "rolled-back"
  | "refused";

/** A line of `journal.jsonl` of the folder that releases are installed in. */
export type JournalLine = {
  readonly at: WallMs;
  readonly boot: string;
  readonly step: UpdateStep;
  readonly release: string;
  /** The release before; null where that does not matter. */
  readonly from: string | null;
  /** A code, where there is a reason to tell; null else. */
  readonly reason: string | null;
  /** The id of the command that ordered it; left out or null where none did. */
  readonly command?: string | null;
  /** What somebody at the box said of it; left out where nobody did. */
  readonly note?: string;
};

/** What the process that updates is at, in `update/progress.json` beside the buffer; JSON. */
export type UpdateWork = {
  readonly at: WallMs;
  /** Such as `fetching`, `installing`, `waiting` or `failed`. */
  readonly step: string;
  /** The release that it is about; null: the newest. */
  readonly release: string | null;
  /** Why it waits or failed; null where there is nothing to say. */
  readonly code: string | null;
};

/** The work in `text`; null where there is none. */
export function workIn(text: string | null): UpdateWork | null {
  const { at, step, release, code } = objectIn(text) ?? {};
  if (!isTime(at) || !isText(step)) return null;
  const [of, why] = [isText(release) ? release : null, isText(code) ? code : null];
  return { at, step, release: of, code: why };
}

const STEPS: ReadonlySet<unknown> = new Set([
  "installed",
  "activated",
  "tried",
  "committed",
  "rolled-back",
  "refused",
] satisfies UpdateStep[]);

/** No text in these files is longer, in characters. */
const TEXT_MAX = 300;

/** The trial in `text`; null where there is none. */
export function trialIn(text: string | null): ReleaseTrial | null {
  const fields = new Map(
    (text ?? "").split("\n").flatMap((line) => {
      const [, key, value] = /^([a-z]+)=(\S+)$/.exec(line.trim()) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
  const [candidate, previous] = [fields.get("candidate"), fields.get("previous")];
  if (candidate === undefined || previous === undefined) return null;
  const tries = Number(fields.get("tries") ?? 0);
  const counter = Number(fields.get("counter") ?? Number.NaN);
  return {
    candidate,
    previous,
    counter: Number.isSafeInteger(counter) ? counter : null,
    tries: Number.isSafeInteger(tries) ? tries : 0,
    command: fields.get("command") ?? null,
  };
}

/** A verdict as it is written: a shell reads it by its words. */
export function verdictText({ release, boot, verdict, reason, at }: ReleaseVerdict): string {
  return `${JSON.stringify({ release, boot, verdict, reason, at })}\n`;
}

/** The verdict in `text`; null where there is none. */
export function verdictIn(text: string | null): ReleaseVerdict | null {
  const { release, boot, verdict, reason, at } = objectIn(text) ?? {};
  const isVerdict = verdict === "healthy" || verdict === "unhealthy";
  if (!isText(release) || !isText(boot) || !isVerdict || !isText(reason)) return null;
  return { release, boot, verdict, reason, at: (isTime(at) ? at : 0) as WallMs };
}

/** An order as it is written. */
export function orderText(order: UpdateOrder): string {
  return `${JSON.stringify(order)}\n`;
}

/** The order in `text`; null where there is none. */
export function updateOrderIn(text: string | null): UpdateOrder | null {
  const found = objectIn(text);
  if (found === null || found.v !== 1) return null;
  const { release = null, by, notBefore = null, until = null, command = null } = found;
  const { key, nonce } = (command ?? {}) as { readonly key?: unknown; readonly nonce?: unknown };
  if (release !== null && !isText(release)) return null;
  if (!isText(by) || !isTimeOrNull(notBefore) || !isTimeOrNull(until)) return null;
  if (command !== null && !(isText(key) && isText(nonce))) return null;
  const times = { notBefore, until };
  return {
    ...{ v: 1, release, by, ...times },
    command: isText(key) && isText(nonce) ? { key, nonce } : null,
  };
}

/** The lines of a journal, or of its end, the oldest first; what is no such line is left out. */
export function journalIn(text: string): readonly JournalLine[] {
  return text.split("\n").flatMap((line) => journalLineIn(line) ?? []);
}

function journalLineIn(text: string): JournalLine | null {
  const found = objectIn(text);
  if (found === null) return null;
  const { at, boot, step, release, from = null, reason = null, command = null, note } = found;
  if (!isTime(at) || !isText(release) || !STEPS.has(step)) return null;
  return {
    ...{ at: at as WallMs, step: step as UpdateStep, release },
    boot: isText(boot) ? boot : "",
    from: isText(from) ? from : null,
    reason: isText(reason) ? reason : null,
    command: isText(command) ? command : null,
    ...(isText(note) && { note }),
  };
}

function objectIn(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text ?? "");
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= TEXT_MAX;
}

function isTime(value: unknown): value is WallMs {
  return Number.isSafeInteger(value);
}

function isTimeOrNull(value: unknown): value is WallMs | null {
  return value === null || isTime(value);
}
