import type { DeviceConfig } from "../../config/gateway-config.ts";
import type { WallMs } from "../core/time.ts";
import type { BusFacts } from "./bus-facts.ts";
import type { Exchange } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { frameEvidence } from "./frame-evidence.ts";
import { lengthTrend } from "./length-trend.ts";
import { mapRules } from "./map-rules.ts";
import { isBusDeaf } from "./trials.ts";
import { countsOf, failingSince, isAnswered, isDamaged, isDeaf, recentOf } from "./wire-counts.ts";

/** What is wrong with single devices. */
export function deviceRules(facts: Facts): readonly Finding[] {
  const { config, buses } = facts;
  const asked = config.devices.flatMap((device) => {
    const known = buses.find(({ bus }) => bus === device.bus);
    const state = facts.status?.buses.find(({ bus }) => bus === device.bus)?.state;
    return known === undefined || state === "closed" ? [] : ruleOf(facts, device, known);
  });
  return [...asked, ...partRules(facts), ...talkerRules(facts), ...mapRules(facts)];
}

/** The first that fits what is known of `device` on the wire. */
function ruleOf(facts: Facts, device: DeviceConfig, known: BusFacts): readonly Finding[] {
  const own = known.exchanges.filter(({ unit }) => unit === device.unit);
  const finding =
    slowRule(facts, device, own) ??
    unitRule(facts, device, known) ??
    sharedRule(facts, device, known) ??
    deadRule(facts, device, known);
  return finding === null ? [] : [finding];
}

type Common = Pick<Finding, "subject" | "since" | "severity" | "explains">;

function commonOf(
  { config, events }: Facts,
  { name }: DeviceConfig,
  exchanges: readonly Exchange[],
): Common {
  const turn = events.findLast((event) => event.kind === "device" && event.subject === name);
  const told = turn?.kind === "device" && turn.to === "silent" ? turn.at : null;
  return {
    subject: name,
    since: earliest(told, failingSince(exchanges)),
    severity: "fault",
    explains: config.points.filter(({ device }) => device === name).map(({ id }) => id),
  };
}

function earliest(a: WallMs | null, b: WallMs | null): WallMs | null {
  return a === null || b === null ? (a ?? b) : (Math.min(a, b) as WallMs);
}

/** Late answers, of this many requests at least, are no chance. */
const LATE_MIN = 2;

/** Its answers are sound and come when they have been given up. */
function slowRule(
  facts: Facts,
  device: DeviceConfig,
  exchanges: readonly Exchange[],
): Finding | null {
  const recent = recentOf(exchanges, device.unit);
  const late = recent.filter(({ lateMs }) => lateMs !== null);
  if (late.length < LATE_MIN) return null;
  const bus = facts.config.buses.find(({ name }) => name === device.bus);
  const ofBus = bus !== undefined && "timeoutMs" in bus ? bus.timeoutMs : 0;
  const timeoutMs = Math.round(device.pace.timeoutMs ?? ofBus);
  const longestMs = Math.round(Math.max(...late.map(({ lateMs }) => lateMs ?? 0)));
  const counts = { late: late.length, requests: recent.length };
  return {
    ...commonOf(facts, device, exchanges),
    since: late[0]?.at ?? null,
    code: "device.slow",
    sure: "certain",
    values: { timeoutMs, proposedMs: rounded(1.5 * longestMs), device: device.name },
    evidence: [
      { key: "answersLate", values: { ...counts, longestMs, timeoutMs } },
      ...late.slice(-1).flatMap(frameEvidence),
    ],
  };
}

/** Up to the next hundred, as one would write it. */
function rounded(ms: number): number {
  return 100 * Math.ceil(ms / 100);
}

/** It is silent, and another unit tells what it is asked for. */
function unitRule(facts: Facts, device: DeviceConfig, known: BusFacts): Finding | null {
  const found = known.strangers.filter((each) => each.device === device.name);
  const best = found.find(({ hasPlace }) => hasPlace) ?? found[0];
  if (best === undefined || !isDeaf(known.exchanges, device.unit)) return null;
  const units = found.map(({ unit }) => unit).join(", ");
  const { unit, name } = device;
  const own = known.exchanges.filter((each) => each.unit === unit);
  return {
    ...commonOf(facts, device, own),
    code: "device.unit-wrong",
    sure: best.hasPlace && found.length === 1 ? "likely" : "possible",
    values: { unit, found: best.unit },
    evidence: [
      { key: "unitSilent", values: { device: name, unit, requests: own.length } },
      { key: best.hasPlace ? "unitAnswers" : "unitRefuses", values: { units, device: name } },
    ],
  };
}

/** Answers of a device are damaged so often, those of others on the bus at most this often. */
const SHARED_MIN = 0.4;
const OTHERS_MAX = 0.15;

/** Only its answers are damaged, whatever their length: two speak at once. */
function sharedRule(facts: Facts, device: DeviceConfig, known: BusFacts): Finding | null {
  const { exchanges } = known;
  const recent = recentOf(exchanges, device.unit);
  const { damaged, requests, silent } = countsOf(recent);
  if (requests < 5 || damaged < SHARED_MIN * requests) return null;
  if (lengthTrend(exchanges) !== null) return null;
  const others = exchanges.filter(({ unit }) => unit !== device.unit);
  const { damaged: otherDamaged, requests: otherRequests } = countsOf(others);
  const damagedFrames = recent.filter(isDamaged);
  const begun = damagedFrames.filter((each) => beginsAsAnswer(each));
  const isAlone = otherRequests === 0;
  if (!isAlone && otherDamaged > OTHERS_MAX * otherRequests)
    return noiseRule(facts, device, recent);
  // Noise where nobody sends begins by no rule.
  if (begun.length < damagedFrames.length / 3 && isBusDeaf(facts, known)) return null;
  const longer = damagedFrames.filter(
    ({ expected, received }) => expected !== null && received.length > expected,
  );
  const evidence: Evidence[] = [
    { key: "onlyItsDamaged", values: { device: device.name, damaged, requests, silent } },
  ];
  if (!isAlone) evidence.push({ key: "othersSound", values: { otherDamaged, otherRequests } });
  if (longer.length > 0) evidence.push({ key: "answersLonger", values: { count: longer.length } });
  return {
    ...commonOf(facts, device, recent),
    since: damagedFrames[0]?.at ?? null,
    code: "device.id-shared",
    sure: !isAlone && (longer.length > 0 || begun.length > 0) ? "likely" : "possible",
    values: { unit: device.unit, bus: device.bus },
    evidence: [...evidence, ...damagedFrames.slice(-2).flatMap(frameEvidence)],
  };
}

function beginsAsAnswer({ unit, code, received }: Exchange): boolean {
  return received[0] === unit || ((received[1] ?? 0) & 0x7f) === code;
}

/** Answers are damaged here and at others. */
function noiseRule(facts: Facts, device: DeviceConfig, recent: readonly Exchange[]): Finding {
  const { damaged, requests } = countsOf(recent);
  const frames = recent.filter(isDamaged);
  return {
    ...commonOf(facts, device, recent),
    since: frames[0]?.at ?? null,
    code: "device.noise",
    sure: "likely",
    evidence: [
      { key: "itsDamaged", values: { device: device.name, damaged, requests } },
      ...frames.slice(-1).flatMap(frameEvidence),
    ],
  };
}

/** It alone is silent. */
function deadRule(facts: Facts, device: DeviceConfig, known: BusFacts): Finding | null {
  const { exchanges, bus } = known;
  if (isBusDeaf(facts, known)) return null;
  const silent = facts.status?.buses.find((each) => each.bus === bus)?.silent ?? [];
  if (!silent.includes(device.name) && !isDeaf(exchanges, device.unit)) return null;
  const own = exchanges.filter(({ unit }) => unit === device.unit);
  const others = exchanges.filter((each) => each.unit !== device.unit && isAnswered(each));
  const once = own.findLast(isAnswered);
  const evidence: Evidence[] = [
    { key: "unitSilent", values: { device: device.name, unit: device.unit, requests: own.length } },
    { key: "othersAnswer", values: { bus, answers: others.length } },
  ];
  if (once !== undefined) evidence.push({ key: "answeredBefore", values: { device: device.name } });
  return {
    ...commonOf(facts, device, own),
    code: "device.dead",
    sure: others.length > 0 ? "likely" : "possible",
    evidence,
  };
}

/** Parts of devices that are never answered, though the rest of them is. */
function partRules({ status }: Facts): readonly Finding[] {
  return (status?.buses ?? []).flatMap(({ unanswered }) =>
    unanswered.map(({ device, area, address, count, points }): Finding => {
      const values = { device, area, first: address, last: address + count - 1 };
      return {
        code: "device.part-silent",
        subject: device,
        since: null,
        sure: "likely",
        severity: "fault",
        values,
        evidence: [{ key: "partIsSilent", values }],
        explains: points,
      };
    }),
  );
}

/** Devices that talk by themselves and are not heard. */
function talkerRules({ config, status }: Facts): readonly Finding[] {
  const all = [...config.talkers, ...config.boards];
  return (status?.buses ?? []).flatMap(({ bus, state, silent, since }) =>
    silent.flatMap((name): readonly Finding[] => {
      const talker = all.find((each) => each.name === name);
      if (talker === undefined || state !== "open") return [];
      return [
        {
          code: "device.quiet",
          subject: name,
          since,
          sure: "likely",
          severity: "fault",
          evidence: [{ key: "nothingHeard", values: { device: name, bus } }],
          explains: talker.points.map(({ id }) => id),
        },
      ];
    }),
  );
}
