import type { Sl651Destination } from "../../../config/centre-config.ts";
import type { WallMs } from "../../core/time.ts";
import type { Body, Part } from "./body.ts";
import { type Element, elementByLead } from "./elements.ts";
import type { Frame } from "./header.ts";
import { elementPart, observation, type Station, statePart, stationPart } from "./reports.ts";
import { parameterParts, type Settings, written } from "./settings.ts";
import { stepOf, wallOfStamp } from "./times.ts";
import type { Head } from "./values.ts";

/** What is known when a query is judged. */
export type Situation = {
  readonly station: Station;
  readonly settings: Settings;
  readonly remote: Sl651Destination["remote"];
  readonly release: string;
  readonly now: WallMs;
  /** The tags of the elements that are told. */
  readonly tags: readonly string[];
  /** The value of an element now; null where it is not known. */
  readonly latestOf: (tag: string) => number | null;
  readonly stateWord: number;
  /** The counters of the event record that are kept, by their place from 0. */
  readonly counters: ReadonlyMap<number, number>;
};

/** A time of which values are asked for. */
export type SpanQuery = {
  readonly tag: string;
  /** Wall times of the first and the last value. */
  readonly from: WallMs;
  readonly to: WallMs;
  readonly stepMs: number;
};

/** How a query is met: with `reply` at once, or with what is read for `span`; or not at all. */
export type Reaction = {
  readonly reply: readonly Part[] | null;
  readonly span?: SpanQuery;
  readonly settings?: Settings;
  readonly clock?: WallMs;
  /** Something that was asked for was not done. */
  readonly isRefused?: true;
};

/** The most values that one query gets. */
const VALUES_MAX = 5_000;
/** How many counters an event record has (SL 651-2014, table 82). */
const COUNTERS = 32;

const REFUSED: Reaction = { reply: null, isRefused: true };

/** How the query that `frame` and `body` say is met, mode M4 (SL 651-2014, 6.6.4.8 and behind). */
export function react({ functionCode }: Frame, body: Body, now: Situation): Reaction {
  const { station } = now;
  const all = () => now.tags.map((tag) => elementPart(station, tag, now.latestOf(tag)));
  const observed = observation(station, now.now);
  const self = stationPart(station);
  switch (functionCode) {
    case 0x37:
      return { reply: [...observed, ...all()] };
    case 0x38:
      return spanReaction(body, now);
    case 0x3a:
      return { reply: [...observed, ...named(body, now)] };
    case 0x42:
    case 0x43:
      return parameterReaction(functionCode, body, now);
    case 0x45:
      return {
        reply: [self, { kind: "version", text: `Lifeline Edge ${now.release}`.slice(0, 30) }],
      };
    case 0x46:
      return { reply: [self, statePart(station, now.stateWord)] };
    case 0x4a:
      return clockReaction(body, now);
    case 0x50: {
      const counts = Array.from(
        { length: COUNTERS },
        (_, i) => (now.counters.get(i) ?? 0) & 0xffff,
      );
      return { reply: [self, { kind: "counters", counts }] };
    }
    case 0x51:
      return { reply: [self] };
    default:
      // Storage, factory settings, password, pumps, valves and gates are not a centre's here.
      return REFUSED;
  }
}

/** The time of sending is the time that is set. */
function clockReaction({ sentAt }: Body, { remote, station }: Situation): Reaction {
  const clock = sentAt === null ? null : wallOfStamp(sentAt);
  if (!remote.clock || clock === null) return REFUSED;
  return { reply: [stationPart(station)], clock };
}

function parameterReaction(functionCode: number, { parts }: Body, now: Situation): Reaction {
  const { settings, remote, station } = now;
  const answer = (told: Settings) => [
    stationPart(station),
    ...parameterParts(station.encoding, told, parts),
  ];
  if (functionCode === 0x43) return { reply: answer(settings) };
  if (!remote.times) return { reply: answer(settings), isRefused: true };
  const after = written(station.encoding, settings, parts);
  // What was not taken is seen by what is told.
  const refused = after.refused ? ({ isRefused: true } as const) : {};
  return { reply: answer(after.settings), settings: after.settings, ...refused };
}

function named(
  { parts }: Body,
  { station, stateWord, tags, latestOf }: Situation,
): readonly Part[] {
  return parts.flatMap((part) => {
    if (part.kind !== "identifier") return [];
    const element = elementOf(part.head);
    if (element?.kind === "state") return [statePart(station, stateWord)];
    if (element?.kind !== "number") return [];
    const value = tags.includes(element.tag) ? latestOf(element.tag) : null;
    return [elementPart(station, element.tag, value)];
  });
}

function spanReaction({ parts }: Body, { tags }: Situation): Reaction {
  const span = parts.find((part) => part.kind === "span");
  const step = parts.find((part) => part.kind === "step");
  const asked = parts.find((part) => part.kind === "identifier");
  const [from, to] = [span?.from, span?.to].map((text) => wallOfStamp(text ?? ""));
  const stepMs = step === undefined ? null : stepMsOf(step.raw);
  const tag = asked === undefined ? null : (elementOf(asked.head)?.tag ?? null);
  if (from == null || to == null || stepMs === null || tag === null) return REFUSED;
  const count = (to - from) / stepMs + 1;
  if (!tags.includes(tag) || count < 1 || count > VALUES_MAX) return REFUSED;
  return { reply: null, span: { tag, from, to, stepMs } };
}

/** How long a step is, in milliseconds; null for one that is none, and where a day is no multiple. */
function stepMsOf(raw: string): number | null {
  const step = stepOf(raw);
  if (step === null || step.unit === "slots" || (step.unit === "day" && step.count > 1))
    return null;
  const ms = step.count * { day: 86_400_000, hour: 3_600_000, minute: 60_000 }[step.unit];
  return 86_400_000 % ms === 0 ? ms : null;
}

/** The element that an identifier names, by its lead byte or its tag. */
function elementOf({ lead }: Head): Element | null {
  return lead === null ? null : elementByLead(lead);
}
