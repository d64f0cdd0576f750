import { createHash } from "node:crypto";
import type { Event, InterlockEvent } from "../../edge/core/event.ts";
import type { InterlockRule } from "../../edge/core/interlock.ts";
import type { AnswerTruth, RequestTruth } from "../sim/bus-truth.ts";
import { inOrder } from "../sim/received.ts";
import { keptUntil, lifeAt, uptimeOf } from "./due-times.ts";
import type { CauseTruth } from "./interlock-causes.ts";
import type { Evidence } from "./invariants.ts";
import { writtenTo } from "./written.ts";

/** Times are told in whole milliseconds. */
export const ROUNDING_MS = 2;

/** An event of an interlock that is stored, with the uptime at which it was told. */
export type Moved = InterlockEvent & { readonly uptime: number };

/** A write that was on the wire, and what it wrote. */
export type Sent = { readonly request: RequestTruth; readonly value: boolean | number };

/** One rule with all that was told of it and, of its output, all that was written. */
export type Story = {
  readonly rule: InterlockRule;
  readonly moves: readonly Moved[];
  readonly writes: readonly Sent[];
};

const told = new WeakMap<Evidence, readonly Story[]>();

/** The stories of all rules that any life had. */
export function storiesOf(evidence: Evidence): readonly Story[] {
  const known = told.get(evidence) ?? storiesIn(evidence);
  told.set(evidence, known);
  return known;
}

function storiesIn(evidence: Evidence): readonly Story[] {
  const { lives, config, truths } = evidence;
  const rules = new Map(
    lives.flatMap(({ config }) => config.interlocks).map((rule) => [rule.name, rule]),
  );
  const moves = Map.groupBy(movesOf(evidence), ({ interlock }) => interlock);
  const requests = truths.flatMap(({ requests }) => requests);
  return [...rules.values()].map((rule) => ({
    rule,
    moves: moves.get(rule.name) ?? [],
    writes: requests.flatMap((request) => {
      const value = writtenTo(config, rule.write, request);
      return value === null ? [] : { request, value };
    }),
  }));
}

function movesOf(evidence: Evidence): readonly Moved[] {
  return evidence.storedEvents
    .map(({ event }) => event)
    .filter((event): event is Event & InterlockEvent => event.kind === "interlock")
    .map((event) => ({ ...event, uptime: uptimeOf(event.at) as Moved["uptime"] }));
}

/** Until when the events of the life of `request` are sure to be stored. */
function storedUntil(evidence: Evidence, uptime: number): number {
  const life = evidence.lives[lifeAt(evidence, uptime)];
  return life === undefined ? 0 : keptUntil(evidence, life);
}

/** In these an interlock writes what it told last. */
const WRITING: ReadonlySet<string> = new Set([
  ...["tripping", "testing", "releasing", "not-obeying", "overridden"],
]);

/**
 * Looks for a write of an output that no interlock on it was then to make, and for one that came
 * later than its expiry.
 */
export function findUncalledWrite(evidence: Evidence, causes: CauseTruth): string | null {
  const stories = storiesOf(evidence);
  for (const { rule, writes } of stories) {
    const sharing = stories.filter((other) => other.rule.write === rule.write);
    for (const write of writes) {
      const { at } = write.request;
      if (at > storedUntil(evidence, at)) continue;
      const isCalled = sharing.some((story) => isCalledFor(story, write, causes));
      if (isCalled) continue;
      const told = sharing.map(({ rule, moves }) => {
        const last = moves.findLast(({ uptime }) => uptime <= at + ROUNDING_MS);
        return `${rule.name} was ${last?.to ?? "idle"} since ${last?.uptime}, told ${last?.value}`;
      });
      return `${rule.write} was written ${write.value} at ${at}; ${told.join(", ")}`;
    }
  }
  return null;
}

function isCalledFor({ rule, moves }: Story, { request, value }: Sent, causes: CauseTruth) {
  const { at } = request;
  const before = moves.findLastIndex(({ uptime }) => uptime <= at + ROUNDING_MS);
  // What was told within the same milliseconds may have come behind the write.
  const first = moves.findLastIndex(({ uptime }) => uptime < at - ROUNDING_MS);
  return moves.slice(Math.max(0, first), before + 1).some((told) => {
    if (!WRITING.has(told.to)) return false;
    const isBack = told.to === "overridden" && value === rule.release;
    // Behind a test that failed is told what was not obeyed, not what it goes back to.
    const isTestOver = told.to === "releasing" && told.cause === "not-obeyed";
    if (told.value !== value && !isBack && !isTestOver) return false;
    // One that does not obey is told anew: to go back until it does, to be on while that is asked.
    if (told.to === "not-obeying") {
      const isAsked = [at, at - ROUNDING_MS].some((moment) => causes.asksAt(rule.name, moment));
      // What was on, and is to stay until it is reset, is told so though nothing asks any more.
      const isToStay = rule.release === null && value === rule.value;
      return told.from === "releasing" || isAsked || isToStay;
    }
    return told.to === "overridden" || at <= told.uptime + rule.expiryMs + ROUNDING_MS;
  });
}

/** Looks for a trip, a test or an override that nothing caused. */
export function findCauselessMove(evidence: Evidence, causes: CauseTruth): string | null {
  for (const { rule, moves } of storiesOf(evidence)) {
    for (const move of moves) {
      if (causes.justifies(rule, move)) continue;
      return `${textOf(move)} by ${move.by ?? move.who}, and nothing did`;
    }
  }
  return null;
}

/** Looks for a trip that was begun twice, and for a number that does not follow the one before. */
export function findRepeatedTrip(evidence: Evidence): string | null {
  for (const { moves } of storiesOf(evidence)) {
    let latest = 0;
    for (const move of moves) {
      if (move.to !== "tripping" || (move.cause !== "alarm" && move.cause !== "fault")) continue;
      const number = Number(move.trip?.split("/").at(-1));
      if (number !== latest + 1) return `${textOf(move)} has key ${move.trip} behind ${latest}`;
      latest = number;
    }
  }
  return null;
}

/** How long after its end a longest time on may go on: what is told is told at once. */
const LATE_MS = 50;

/** Looks for an output that was released before its shortest, or kept past its longest time on. */
export function findWrongDuration(evidence: Evidence): string | null {
  for (const { rule, moves } of storiesOf(evidence)) {
    let since: Moved | null = null;
    for (const [index, move] of moves.entries()) {
      const isNewTrip = move.to === "tripping" && move.cause !== "drifted";
      if (isNewTrip && move.cause !== "restart") since = null;
      if (move.to !== "tripped") {
        const early = since !== null && isTooEarly(evidence, rule, since, move);
        if (early) return `${textOf(move)}, ${move.uptime - (since?.uptime ?? 0)} ms on`;
        continue;
      }
      since ??= move;
      const until = moves[index + 1]?.uptime ?? evidence.end;
      const end = Math.min(until, storedUntil(evidence, move.uptime));
      const dueAt = Math.max(since.uptime + (rule.maxOnMs ?? Infinity), move.uptime) + LATE_MS;
      if (isSameLife(evidence, since, move) && end > dueAt) {
        return `${rule.name} was ${move.to} until ${until}, on since ${since.uptime}`;
      }
    }
  }
  return null;
}

function isTooEarly(evidence: Evidence, { minOnMs }: InterlockRule, since: Moved, move: Moved) {
  if (move.to !== "releasing" || move.cause !== "returned" || move.from === "not-obeying") {
    return false;
  }
  // Wall time that was set meanwhile may make it longer or shorter over a restart.
  const isKnown = isSameLife(evidence, since, move);
  return isKnown && move.uptime < since.uptime + minOnMs - ROUNDING_MS;
}

function isSameLife(evidence: Evidence, one: Moved, other: Moved): boolean {
  return lifeAt(evidence, one.uptime) === lifeAt(evidence, other.uptime);
}

/** Looks for an output that is said to obey though no device said so. */
export function findFalseVerification(evidence: Evidence): string | null {
  const answers = evidence.truths.flatMap(({ answers }) => answers);
  for (const { rule, moves, writes } of storiesOf(evidence)) {
    const isEchoing = mayEcho(evidence, rule.write);
    for (const [index, move] of moves.entries()) {
      const from = (moves[index - 1]?.uptime ?? 0) - ROUNDING_MS;
      const to = move.uptime + ROUNDING_MS;
      const isWithin = (at: number | null) => at !== null && at >= from && at <= to;
      const said = answers.filter(({ deliveredAt }) => isWithin(deliveredAt));
      const told = writes.filter(({ value }) => value === move.value);
      const isEchoed = told.some(
        ({ request }) => request.fault === "echoing" && isWithin(request.heardAt),
      );
      if (isBorneOut(move, rule, { isEchoing, said, told, isEchoed })) continue;
      return `${textOf(move)} as ${move.readBack}, and no device said so`;
    }
  }
  return null;
}

/** What may bear out a move. */
type Support = {
  /** Whether the line may give back what is sent. */
  readonly isEchoing: boolean;
  /** What devices said since the move before. */
  readonly said: readonly AnswerTruth[];
  /** The writes of the value that the move tells. */
  readonly told: readonly Sent[];
  /** Whether one of them came back since the move before. */
  readonly isEchoed: boolean;
};

/** Whether what a move says is so. */
function isBorneOut(
  { cause, readBack }: Moved,
  { write, verify }: InterlockRule,
  { isEchoing, said, told, isEchoed }: Support,
): boolean {
  // Where several requests are under way, what is heard first need not be the answer to the latest.
  const isAnswered = told.some(({ request }) =>
    said.some(
      ({ request: own, exception, latestRequest }) =>
        own === request && exception === null && latestRequest === request.index,
    ),
  );
  switch (cause) {
    case "verified":
      return said.some(({ raws }) => raws.has(write) && raws.get(write) === readBack);
    case "confirmed":
      return !verify && !isEchoing && isAnswered;
    case "repeated":
      // One echo in many is all that may be in place of an answer, and then it is there.
      return !verify && isEchoing && (isAnswered || isEchoed);
    default:
      return true;
  }
}

/** Whether the line to `output` may give back what is sent: every serial line here does, now and then. */
function mayEcho({ config }: Evidence, output: string): boolean {
  const point = config.points.find(({ id }) => id === output);
  const device = config.devices.find(({ name }) => name === point?.device);
  const bus = config.buses.find(({ name }) => name === device?.bus);
  return bus !== undefined && ("echo" in bus || bus.kind === "modbus-dial-in");
}

/** Looks for a break in the chain of interlock events as the centre got them. */
export function findBrokenInterlockChain(evidence: Evidence): string | null {
  let before: InterlockEvent["chain"] | null = null;
  for (const { message } of inOrder(evidence.received, "events")) {
    if (message.kind !== "interlock") continue;
    const { v: _, gateway: __, stream: ___, seq, ...event } = message as never as Received;
    const { n, previous, hash } = event.chain;
    const isNext: boolean = n === (before?.n ?? 0) + 1 && previous === (before?.hash ?? ZERO);
    const isAfterGap = evidence.dropped.some(({ stream }) => stream === "events");
    if (!isNext && !isAfterGap) return `event ${seq}, number ${n}, does not follow ${before?.n}`;
    if (hash !== hashOf({ ...settled(event), chain: { n, previous } })) {
      return `event ${seq}, number ${n}, is not what its hash was taken of`;
    }
    before = event.chain;
  }
  return null;
}

type Received = InterlockEvent & {
  readonly v: number;
  readonly gateway: string;
  readonly stream: string;
  readonly seq: number;
};

const ZERO = "0".repeat(64);

/** A time of a clock that was not right may be corrected: it is not in the hash. */
function settled({ between: _, at, clock, ...rest }: Event & InterlockEvent) {
  return clock === "synced" ? { at, clock, ...rest } : rest;
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(sorted(value)).digest("hex");
}

/** JSON without blanks, keys in order, as `hashOf` in the gateway's chain is documented. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** A move as one line. */
export function textOf({ interlock, from, to, cause, uptime }: Moved): string {
  return `${interlock} went at ${uptime} from ${from} to ${to}: ${cause}`;
}
