import { after, type UptimeMs } from "../../edge/core/time.ts";
import type { ReadRequest } from "../driver.ts";
import { type Shape, shapeOf } from "./copies.ts";
import type { Ending, Heard } from "./outcomes.ts";
import type { Overhearing } from "./overhearing.ts";

/** The timing of a line, in milliseconds. */
export type Pace = {
  /** From the end of a request to the whole answer. */
  readonly timeoutMs: number;
  /** Silence between two frames. */
  readonly silenceMs: number;
  /** How long to go on listening after an answer that is no good. */
  readonly settleMs: number;
  readonly transmitMs: (bytes: number) => number;
  /** The least time in which bytes can pass the line; 0 where that is not known. */
  readonly leastTransmitMs: (bytes: number) => number;
  /** How long after its opening the line may still bring answers to what was asked before. */
  readonly oldAnswersMs: number;
};

/** Whom a request is for, and what is different with it. */
export type Addressee = Pick<ReadRequest, "device" | "pace">;

/** What is to be sent, once it is its turn. */
export type Order = {
  /** In serial-line form. */
  readonly encode: () => Uint8Array;
  /** What an answer to it says. */
  readonly endingOf: (heard: Heard) => Ending;
  /** Whether only silence, or its header, tells how long the answer is; no if left out. */
  readonly isOpen?: boolean;
  /** Whether it changes nothing that it is sent again; no if left out. */
  readonly isRepeatable?: () => boolean;
  /** Asked when it could be sent: what is off then is not; no if left out. */
  readonly isOff?: () => boolean;
  /** Called just before it is sent: who listens to what comes meanwhile. */
  readonly overhear?: (request: Uint8Array) => Overhearing;
};

/** A request and the times that hold for its unit, in milliseconds. */
export type Timed = Order & {
  /** In serial-line form. */
  readonly request: Uint8Array;
  readonly shape: Shape;
  readonly timeoutMs: number;
  readonly silenceMs: number;
};

/** The request that is on the line. */
export type Pending = {
  readonly shape: Shape;
  readonly endingOf: Order["endingOf"];
  readonly isOpen: boolean;
  readonly overhearing: Overhearing | null;
  /** Characters of the request, and when they were given to the port. */
  readonly characters: number;
  readonly askedAt: UptimeMs;
  /** When they have left the line. */
  readonly sentAt: UptimeMs;
  /** From then on to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** When it fails at the latest. */
  latest: UptimeMs;
  /** When it fails if nothing better comes. */
  deadline: UptimeMs;
  /** Why it will fail then, where something came that is no good. */
  suspicion: "crc" | "malformed" | null;
  /** Whether the deadline is near: what came is surely the answer, and is no good. */
  isSettling: boolean;
  /** Whether an answer came that was too soon to be believed. */
  hasHasty: boolean;
  /** The last answer that came and may be an owed one. */
  doubted: Uint8Array | null;
  ending: Ending | null;
};

/** What `order` sends to whom, on a line of `pace`. */
export function timedOf({ pace }: Addressee, order: Order, line: Pace): Timed {
  const request = order.encode();
  return {
    ...order,
    request,
    shape: shapeOf(request),
    timeoutMs: pace?.timeoutMs ?? line.timeoutMs,
    silenceMs: Math.max(line.silenceMs, pace?.silenceMs ?? 0),
  };
}

/** A request of so many characters that is given to the port at `askedAt`. */
export function pendingOf(to: Timed, characters: number, pace: Pace, askedAt: UptimeMs): Pending {
  const sentAt = after(askedAt, pace.transmitMs(characters));
  const latest = after(sentAt, to.timeoutMs);
  return {
    shape: to.shape,
    endingOf: to.endingOf,
    isOpen: to.isOpen ?? false,
    overhearing: to.overhear?.(to.request) ?? null,
    characters,
    askedAt,
    sentAt,
    timeoutMs: to.timeoutMs,
    latest,
    deadline: latest,
    suspicion: null,
    isSettling: false,
    hasHasty: false,
    doubted: null,
    ending: null,
  };
}

/** So much later than its time an answer is taken, in milliseconds: a busy processor is no fault. */
const SLACK_MS = 100;

/**
 * Whether what comes at `now` is too late to be the answer. Where the gateway stood still it may
 * have lain in the port for as long, and is read before the time-out is looked at.
 */
export function isOverdue({ latest, ending }: Pending, now: UptimeMs): boolean {
  return ending === null && now > after(latest, SLACK_MS);
}

/** `adu`, which came at `now`, may be owed: it is listened on for as long as an answer may take. */
export function doubt(pending: Pending, adu: Uint8Array, now: UptimeMs): void {
  pending.doubted = adu;
  pending.latest = after(now, pending.timeoutMs);
  pending.deadline = pending.latest;
}

/** Something came that is no good, surely the answer or not: why the request will fail. */
export function suspect(pending: Pending, reason: "crc" | "malformed", isSure: boolean): void {
  pending.suspicion = reason;
  pending.isSettling ||= isSure;
}

/**
 * Whether nothing came up to `now`, a whole time-out, behind an answer that may be owed: then it was
 * that or the request's own, and the other is lost. Where the gateway stood still more may have come.
 */
export function hasDrained({ doubted, suspicion, latest }: Pending, now: UptimeMs): boolean {
  const isOver = now >= latest && now <= after(latest, SLACK_MS);
  return doubted !== null && suspicion === null && isOver;
}

/**
 * Whether an answer came damaged with nothing behind it: then it has come, and there is none to
 * wait for.
 */
export function hasComeDamaged(pending: Pending): boolean {
  const isQuiet = pending.isSettling && pending.deadline < pending.latest;
  return pending.suspicion === "crc" && isQuiet;
}
