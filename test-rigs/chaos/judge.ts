import { Audit } from "../receiver/audit.ts";
import { parseMessage } from "../receiver/message.ts";
import type { Archived } from "./archive.ts";
import { DEVICES, type DeviceName, LEVELS, levelIn, phaseAt, type Truth } from "./plant.ts";
import type { AlarmRow, Row } from "./rows.ts";
import type { Span } from "./supervisor.ts";

/** The most of one sort that is told. */
const MOST_TOLD = 5;
/** From a value in a device to the time that its reading bears, on a machine that does much else. */
const TRUE_WITHIN_MS = 2_000;
/** Between two readings of a point that is read each second, on such a machine. */
const LONGEST_GAP_MS = 6_000;
/** What a process that dies has not stored yet, and what the next one takes to its first reading. */
const BEFORE_MS = 4_000;
const BEHIND_MS = 8_000;

/** What is wrong with what a centre was sent, as messages. `heads`: what the gateway has stored. */
export function findBrokenContract(
  archive: readonly Archived[],
  heads: Readonly<Record<"readings" | "events", number>> | null,
): readonly string[] {
  const audit = new Audit();
  for (const { topic, payload } of archive) audit.take(topic, payload);
  const report = audit.report("gw-chaos");
  if (report === null) return ["nothing came"];
  const faults = audit.invalid > 0 ? [`${audit.invalid} messages are none of contract v1`] : [];
  for (const kind of ["readings", "events"] as const) {
    const [stream, ...others] = report[kind];
    if (stream === undefined) return [...faults, `no ${kind} came`];
    if (others.length > 0) faults.push(`${kind} came in ${others.length + 1} streams`);
    if (stream.gaps > 0)
      faults.push(`${stream.gaps} ${kind} are missing, the first ${stream.nextExpected}`);
    if (stream.conflicts > 0)
      faults.push(`${stream.conflicts} keys of ${kind} came with other bytes`);
    // What it stored on its way out came too.
    if (heads !== null && stream.highest < heads[kind]) {
      faults.push(`${kind} came up to ${stream.highest}, and ${heads[kind]} are stored`);
    }
  }
  if (report.state !== "offline") faults.push(`it took no leave: ${report.state}`);
  return faults;
}

/** Keys that came to both centres, and not with the same bytes. */
export function findDifference(
  one: readonly Archived[],
  other: readonly Archived[],
): readonly string[] {
  const [first, second] = [bytesByKey(one), bytesByKey(other)];
  const different = [...first].filter(([key, bytes]) => (second.get(key) ?? bytes) !== bytes);
  return few(different.map(([key]) => `${key} is not the same at both centres`));
}

function bytesByKey(archive: readonly Archived[]): ReadonlyMap<string, string> {
  const byKey = new Map<string, string>();
  for (const { topic, payload } of archive) {
    const parsed = parseMessage(topic, payload);
    if (parsed.kind === "invalid" || parsed.message.kind === "status") continue;
    const { kind, stream, seq } = parsed.message;
    byKey.set(`${kind} ${stream}/${seq}`, Buffer.from(payload).toString());
  }
  return byKey;
}

/** What is stored twice, out of order, or not as the plant truly was. */
export function findUntrue(rows: readonly Row[], truth: Truth): readonly string[] {
  return DEVICES.flatMap((device) => {
    const times = rows.filter(({ point }) => point === `${device}.t`);
    const levels = rows.filter(({ point }) => point === `${device}.level`);
    return [
      ...few(findRepeated(times)),
      ...few(findRepeated(levels)),
      ...few(times.flatMap((row) => findWrongTime(row, truth))),
      ...few(findWrongLevel(device, times, levels, truth)),
    ];
  });
}

/** Of one point, in the order of the seqs. */
function findRepeated(rows: readonly Row[]): readonly string[] {
  const known = rows.filter(({ isTimeKnown }) => isTimeKnown);
  const late = known.slice(1).flatMap((row, i) => {
    const before = known[i] as Row;
    if (row.at > before.at) return [];
    const what = row.at === before.at ? "twice" : "behind a later one";
    return [`${row.point} of ${timeOf(row.at)} is stored ${what}, in ${before.seq} and ${row.seq}`];
  });
  const bad = rows.filter(({ quality, value }) => quality.startsWith("bad") && value !== null);
  return [...late, ...bad.map((row) => `${row.point} is ${row.quality}, and ${row.value}`)];
}

/** A device tells how long the plant has run: the reading must bear the time of that. */
function findWrongTime({ point, at, seq, value, quality, isTimeKnown }: Row, { begun }: Truth) {
  if (quality !== "good" || !isTimeKnown) return [];
  const off = at - (begun + Number(value));
  if (Math.abs(off) <= TRUE_WITHIN_MS) return [];
  return [
    `${point} in ${seq} bears ${timeOf(at)}, and is of ${timeOf(begun + Number(value))}: ${Math.round(off)} ms off`,
  ];
}

function findWrongLevel(
  device: DeviceName,
  times: readonly Row[],
  levels: readonly Row[],
  truth: Truth,
): readonly string[] {
  const keyOf = ({ seq, at }: Row) => `${seq}/${at}`;
  const toldAt = new Map(times.map((row) => [keyOf(row), row]));
  return levels.flatMap((row) => {
    const time = toldAt.get(keyOf(row));
    if (row.quality !== "good" || time?.quality !== "good") return [];
    const is = levelIn(phaseAt(truth, device, truth.begun + Number(time.value)));
    return row.value === is ? [] : [`${row.point} in ${row.seq} is ${row.value}, and was ${is}`];
  });
}

/** A time in which a device was not read; `why` it could not be, null where there was no reason. */
export type Hole = {
  readonly device: DeviceName;
  readonly from: number;
  readonly to: number;
  readonly why: string | null;
};

/** The holes in the readings of each device; `excused` is when there could be none. */
export function holesIn(
  rows: readonly Row[],
  { begun }: Truth,
  excused: readonly Span[],
): readonly Hole[] {
  return DEVICES.flatMap((device) => {
    const read = rows
      .filter(({ point, isTimeKnown, quality }) => {
        return point === `${device}.t` && (isTimeKnown || quality === "good");
      })
      .map(({ at, quality, value }) => (quality === "good" ? begun + Number(value) : at));
    return read.slice(1).flatMap((to, i) => {
      const from = read[i] ?? to;
      if (to - from <= LONGEST_GAP_MS) return [];
      return [{ device, from, to, why: reasonOf(from, to, excused) }];
    });
  });
}

/** Holes that nothing excuses. */
export function findHoles(holes: readonly Hole[]): readonly string[] {
  const without = holes.filter(({ why }) => why === null);
  return few(
    without.map(({ device, from, to }) => {
      return `${device} was not read from ${timeOf(from)} to ${timeOf(to)}, for no reason`;
    }),
  );
}

/** Which spans cover all of the time, but for a usual gap; null where none do. */
function reasonOf(from: number, to: number, spans: readonly Span[]): string | null {
  const reasons = new Set<string>();
  let at = from;
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (span.to < from || span.from > to) continue;
    if (span.from - BEFORE_MS > at + LONGEST_GAP_MS) break;
    at = Math.max(at, span.to + BEHIND_MS);
    reasons.add(span.why);
  }
  return at >= to - LONGEST_GAP_MS ? [...reasons].join(", ") : null;
}

/** Transitions that the plant made, that a reading shows, and that no event tells; and the reverse. */
export function findWrongAlarms(
  rows: readonly Row[],
  alarms: readonly AlarmRow[],
  truth: Truth,
): readonly string[] {
  return DEVICES.flatMap((device) => {
    const own = alarms.filter(({ alarm }) => alarm === `${device}-high`);
    const told = own.map((event) => ({ ...event, phase: phaseOf(event, device, truth) }));
    const wrong = told.flatMap((event, i) => {
      const { to, at, value, phase } = event;
      const isHigh = Number(value) >= LEVELS.setpoint;
      if (phase === null)
        return [`${device}: an event of ${timeOf(at)} tells ${value}, which was not`];
      if ((to === "unacknowledged") !== isHigh) return [`${device}: ${value} made it ${to}`];
      const before = told[i - 1]?.phase ?? 0;
      if (phase <= before) return [`${device}: turn ${phase} is told behind ${before}`];
      return (phase - before) % 2 === 1
        ? []
        : [`${device}: ${to} twice, at turns ${before} and ${phase}`];
    });
    const phases = told.flatMap(({ phase }) => phase ?? []);
    return few([...wrong, ...findUntold(device, rows, phases, truth)]);
  });
}

/** Which turn of the plant `event` tells; null where there was none such. */
function phaseOf({ at, value }: AlarmRow, device: DeviceName, truth: Truth): number | null {
  const phases = [at, at - TRUE_WITHIN_MS, at + TRUE_WITHIN_MS].map((time) =>
    phaseAt(truth, device, time),
  );
  return phases.find((phase) => levelIn(phase) === value) ?? null;
}

function findUntold(
  device: DeviceName,
  rows: readonly Row[],
  told: readonly number[],
  truth: Truth,
): readonly string[] {
  const seen = rows
    .filter(({ point, quality }) => point === `${device}.t` && quality === "good")
    .map(({ value }) => phaseAt(truth, device, truth.begun + Number(value)));
  return seen.flatMap((phase, i) => {
    const before = seen[i - 1] ?? 0;
    if (levelIn(phase) === levelIn(before)) return [];
    const isTold = told.some(
      (each) => before < each && each <= phase && levelIn(each) === levelIn(phase),
    );
    return isTold ? [] : [`${device}: turn ${phase} was read, and no event tells it`];
  });
}

function few(faults: readonly string[]): readonly string[] {
  if (faults.length <= MOST_TOLD) return faults;
  return [...faults.slice(0, MOST_TOLD), `and ${faults.length - MOST_TOLD} more of the sort`];
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
