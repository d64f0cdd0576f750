import { pointsOfAlarm } from "../../edge/core/interlock.ts";
import { keptUntil, lifeAt } from "./due-times.ts";
import type { CauseTruth } from "./interlock-causes.ts";
import { type Moved, ROUNDING_MS, type Story, storiesOf, textOf } from "./interlock-truth.ts";
import type { Evidence } from "./invariants.ts";

/** What stands for longer than this is answered: it is at once, but for other events. */
const AT_ONCE_MS = 50;
/** What nothing asks for any more is let go within this, or held for its shortest time. */
const LET_GO_MS = 500;
/** A trip is written within this, on a bus on which all is well: one exchange is under way at most. */
const WRITTEN_MS = 1_000;
/** What disturbs a bus may hold its units back for so long. */
const DISTURBED_MS = 15_000;
/** How long before the end of a run nothing is asked of an output. */
const SETTLED_MS = 15_000;

/** In these an interlock does nothing about a condition that stands. */
const IDLE: ReadonlySet<string> = new Set(["idle", "held", "holding"]);

/** Looks for an alarm that came and stood, and an interlock of it that did nothing. */
export function findMissedTrip(evidence: Evidence, causes: CauseTruth): string | null {
  const stories = storiesOf(evidence);
  for (const life of evidence.lives) {
    const to = keptUntil(evidence, life);
    for (const rule of life.config.interlocks) {
      const moves = stories.find((story) => story.rule.name === rule.name)?.moves ?? [];
      for (const span of causes.spansOf(rule)) {
        const looked = span.from + AT_ONCE_MS;
        // What ends just then has led on already.
        if (span.from < life.from || looked >= Math.min(to, span.to)) continue;
        const name = moves.findLast(({ uptime }) => uptime <= looked)?.to ?? "idle";
        if (IDLE.has(name)) return `${rule.name} was ${name} at ${looked}, asked at ${span.from}`;
      }
    }
  }
  return null;
}

/** Looks for an interlock that stays tripped though none of its alarms asks for that any more. */
export function findUnreleased(evidence: Evidence, causes: CauseTruth): string | null {
  for (const { rule: latest, moves } of storiesOf(evidence)) {
    for (const [index, move] of moves.entries()) {
      const life = evidence.lives[lifeAt(evidence, move.uptime)];
      const rule = life?.config.interlocks.find(({ name }) => name === latest.name);
      // Whether a fault asks hangs on when the gateway came to know of it.
      if (move.to !== "tripped" || life === undefined || rule?.onFault !== false) continue;
      const end = Math.min(moves[index + 1]?.uptime ?? Infinity, keptUntil(evidence, life));
      const spans = causes.spansOf(rule);
      const isAsked = (from: number, to: number) =>
        spans.some((span) => span.from <= to && span.to > from);
      const quiet = [move.uptime, ...spans.map(({ to }) => to)].find((from) => {
        const to = from + LET_GO_MS;
        return from >= move.uptime && to < end && !isAsked(from, to);
      });
      if (quiet !== undefined) {
        return `${textOf(move)}, and stayed so until ${end}; nothing asked from ${quiet} on`;
      }
    }
  }
  return null;
}

/** Looks for a trip that was not written though its bus and its device were well. */
export function findUnwrittenTrip(evidence: Evidence): string | null {
  for (const { rule, moves, writes } of storiesOf(evidence)) {
    for (const [index, move] of moves.entries()) {
      if (move.to !== "tripping" || move.cause === "restart") continue;
      const until = move.uptime + WRITTEN_MS;
      const isOver = (moves[index + 1]?.uptime ?? Infinity) < until;
      if (isOver || !isCarried(evidence, rule.write, move)) continue;
      const isWritten = writes.some(
        ({ request: { at }, value }) =>
          value === rule.value && at >= move.uptime - ROUNDING_MS && at <= until,
      );
      if (!isWritten) return `${textOf(move)}, and was not written until ${until}`;
    }
  }
  return null;
}

/** Whether the bus of `output` was open and undisturbed around `move`, in a life that went on. */
function isCarried({ config, truths, lives, end }: Evidence, output: string, { uptime }: Moved) {
  const point = config.points.find(({ id }) => id === output);
  const device = config.devices.find(({ name }) => name === point?.device);
  const truth = truths.find(({ bus }) => bus === device?.bus);
  const until = uptime + WRITTEN_MS;
  const isLiving = lives.some(({ from, to }) => from <= uptime && (to ?? end) > until);
  const from = uptime - DISTURBED_MS;
  const isOpen = truth?.openings.some(
    ({ at, closedAt, isRefused }) => !isRefused && at <= from && (closedAt ?? Infinity) > until,
  );
  const near = (truth?.requests ?? []).filter(({ at }) => at > from && at < until);
  return isLiving && isOpen === true && near.every(({ fault }) => fault === "none");
}

/** Looks for a trip that a restart cut short and that was not looked at again. */
export function findForgottenTrip(evidence: Evidence, causes: CauseTruth): string | null {
  const stories = storiesOf(evidence);
  for (const life of evidence.lives.slice(1)) {
    const to = keptUntil(evidence, life);
    for (const rule of life.config.interlocks) {
      const moves = stories.find((story) => story.rule.name === rule.name)?.moves ?? [];
      const last = moves.findLast(({ uptime }) => uptime < life.from);
      if (last === undefined || !CUT_SHORT.has(last.to) || last.trip === null) continue;
      const points = rule.alarms.flatMap(pointsOfAlarm);
      const judged = Math.max(...points.map((point) => causes.firstSeen(point, life.from)));
      // A fault that stood must be known to stand, or to be over, before anything is done.
      const by = judged + 1000 + (rule.onFault ? rule.faultAfterMs : 0);
      if (by > to) continue;
      const next = moves.find(({ uptime }) => uptime >= life.from - ROUNDING_MS);
      if (next === undefined || next.uptime > by) {
        return `${textOf(last)}; the life from ${life.from} judged at ${judged} and did nothing`;
      }
    }
  }
  return null;
}

/** In these an output was, or was to be, on. */
const CUT_SHORT: ReadonlySet<string> = new Set(["tripping", "tripped", "holding"]);

/** Looks for an output that, when all has been calm, is not what its interlock says it is. */
export function findWrongOutput(evidence: Evidence): string | null {
  const answers = evidence.truths.flatMap(({ answers }) => answers);
  const known = new Set(evidence.config.interlocks.map(({ name }) => name));
  for (const { rule, moves } of storiesOf(evidence)) {
    const last = moves.at(-1);
    if (!known.has(rule.name) || !rule.verify || last === undefined) continue;
    if (last.uptime > evidence.end - SETTLED_MS || last.to !== "tripped") continue;
    const found = answers.findLast(({ raws }) => raws.has(rule.write))?.raws.get(rule.write);
    if (found !== rule.value) return `${textOf(last)}; in the end ${rule.write} is ${found}`;
  }
  return null;
}

/** Looks for an order about an interlock that is said to be done and did nothing. */
export function findUndoneOrder(evidence: Evidence): string | null {
  const stories = new Map(storiesOf(evidence).map((story) => [story.rule.name, story]));
  for (const { call, from, to, result } of evidence.crew) {
    if (call.method !== "interlock" || to === null) continue;
    const { interlock, action } = call.params;
    const story = stories.get(interlock);
    if ((result as { outcome?: string } | undefined)?.outcome !== "done") continue;
    if (story === undefined) return `${interlock} is no interlock, and did ${action}`;
    if (action === "test" && !isTested(story, from, to)) {
      return `a test of ${interlock} from ${from} to ${to} is said to be done, and was not written`;
    }
  }
  return null;
}

function isTested({ rule, writes }: Story, from: number, to: number): boolean {
  return writes.some(
    ({ request: { at }, value }) =>
      value === rule.value && at >= from - ROUNDING_MS && at <= to + ROUNDING_MS,
  );
}
