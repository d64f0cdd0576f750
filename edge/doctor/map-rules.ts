import type { DeviceConfig, PointConfig } from "../../config/gateway-config.ts";
import type { ByteOrder } from "../core/point.ts";
import type { Value } from "../core/reading.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { isPlausible, limitsOf, valueIn } from "./plausible.ts";
import type { PlaceFacts, Words } from "./point-facts.ts";
import { twinOf } from "./trials.ts";

/** A doubted place, and the point that is configured there. */
type Doubted = { readonly point: PointConfig; readonly place: PlaceFacts };

/** Another way to read a place, and what it gives. */
type Reading = { readonly point: PointConfig; readonly value: Value };

const ORDERS: readonly ByteOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

/**
 * What is wrong with how devices that answer are described: the order of bytes, addresses that are
 * one off, the area. That explains a device only where it makes every doubted value of it right.
 */
export function mapRules(facts: Facts): readonly Finding[] {
  const { config, places } = facts;
  return config.devices.flatMap((device) => {
    const doubted = places.flatMap((place) => {
      const point = config.points.find(({ id }) => id === place.point);
      if (point?.device !== device.name) return [];
      // Such as a current that is no measurement, and a failure signal all the same.
      const { here } = place;
      const isSound = here?.kind === "words" && isPlausible(point, meantBy(point, here)) === true;
      return isSound ? [] : [{ point, place }];
    });
    if (doubted.length === 0) return [];
    // What makes one value right must not make others wrong.
    const isMapped = soundOf(facts, device, doubted) < doubted.length;
    const finding =
      (isMapped ? orderRule(device, doubted) : null) ??
      (isMapped ? shiftRule(device, doubted) : null) ??
      areaRule(device, doubted) ??
      refusalRule(facts, device, doubted);
    return finding === null ? [] : [finding];
  });
}

/** How many other points of `device` have values that are plausible as they are, and not 0. */
function soundOf(
  { config, status }: Facts,
  device: DeviceConfig,
  doubted: readonly Doubted[],
): number {
  const others = config.points.filter((point) => {
    return point.device === device.name && !doubted.some((each) => each.point.id === point.id);
  });
  return others.filter((point) => {
    const now = status?.points.find((each) => each.point === point.id);
    const value = now?.quality === "good" ? now.value : null;
    return value !== null && value !== 0 && isPlausible(point, value) === true;
  }).length;
}

/** The points of a finding, explained by it. */
function commonOf(device: DeviceConfig, doubted: readonly Doubted[]) {
  return {
    subject: device.name,
    since: null,
    severity: "fault",
    explains: doubted.map(({ point }) => point.id),
  } as const;
}

/** Every doubted value is plausible in one other order of its bytes. */
function orderRule(device: DeviceConfig, doubted: readonly Doubted[]): Finding | null {
  const ordered = doubted.filter(({ point }) => hasOrder(point));
  if (ordered.length < doubted.length) return null;
  // The two bytes of a register alone are hardly ever exchanged, and many numbers bear it.
  if (doubted.length === 1 && doubted[0]?.place.count === 1) return null;
  const fits = ORDERS.flatMap((order) => {
    const readings = doubted.map(({ point, place }) => {
      return order === point.order ? null : plausibleIn(point, place.here, order);
    });
    return readings.every((each) => each !== null) ? [{ order, readings }] : [];
  });
  const [first, ...more] = fits;
  if (first === undefined) return null;
  const own = doubted[0]?.point.order ?? "ABCD";
  return {
    ...commonOf(device, doubted),
    code: "device.order-wrong",
    sure:
      more.length === 0 && doubted.length > 1
        ? "certain"
        : more.length === 0
          ? "likely"
          : "possible",
    values: { order: first.order, own },
    evidence: doubted.flatMap(({ point, place }, i) =>
      asItIs(point, place, first.readings[i], first.order),
    ),
  };
}

function hasOrder({ type }: PointConfig): boolean {
  return type !== "bool" && type !== "string";
}

/** `words` read for `point` in `order`, where that is plausible; else null. */
function plausibleIn(point: PointConfig, words: Words | null, order: ByteOrder): Reading | null {
  if (words?.kind !== "words") return null;
  const value = valueIn(point, words.words, order);
  const isGood = isPlausible(point, value) === true && isNearlyRight(point, value);
  return isGood && value !== null ? { point, value } : null;
}

/** A number that is 0 whatever its order says nothing for any. */
function isNearlyRight(point: PointConfig, value: Value | null): boolean {
  return value !== 0 || limitsOf(point) !== null;
}

function asItIs(
  point: PointConfig,
  { here }: PlaceFacts,
  right: Reading | null | undefined,
  order: ByteOrder,
): readonly Evidence[] {
  if (here?.kind !== "words" || right == null) return [];
  const words = here.words.map((word) => word.toString(16).padStart(4, "0").toUpperCase());
  return [
    {
      key: "inOrder",
      values: {
        point: point.id,
        words: words.join(" "),
        own: point.order,
        value: shown(valueIn(point, here.words)),
        order,
        other: shown(right.value),
      },
    },
  ];
}

function shown(value: Value | null): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value ?? "?");
}

/** Every doubted place is right one address below, or one above. */
function shiftRule(device: DeviceConfig, doubted: readonly Doubted[]): Finding | null {
  for (const [side, offset] of [
    ["below", -1],
    ["above", 1],
  ] as const) {
    const readings = doubted.map(({ point, place }) => shifted(point, place, place[side]));
    if (readings.some((each) => each === null)) continue;
    const isJudged = readings.some((each) => each !== "readable");
    const sure = isJudged && doubted.length > 1 ? "certain" : isJudged ? "likely" : "possible";
    return {
      ...commonOf(device, doubted),
      code: "device.map-shifted",
      sure,
      values: { offset: offset < 0 ? `${offset}` : `+${offset}` },
      evidence: doubted.map(({ point, place }) => shiftEvidence(point, place, offset, place[side])),
    };
  }
  return null;
}

/**
 * What `beside` says for that `place` is meant to be there: a value that is plausible where the own
 * one is not, or only that it can be read where the own one cannot; null where nothing.
 */
function shifted(
  point: PointConfig,
  { here }: PlaceFacts,
  beside: Words | null,
): Reading | "readable" | null {
  if (beside?.kind !== "words" || here === null) return null;
  const value = valueIn(point, beside.words);
  const verdict = isPlausible(point, value);
  if (verdict === false || value === null) return null;
  const isMissing = here.kind === "failure" && here.reason === "exception:2";
  if (here.kind === "failure" && !isMissing) return null;
  if (verdict === null) return isMissing ? "readable" : null;
  return { point, value };
}

function shiftEvidence(
  { id, address, ...point }: PointConfig,
  { here }: PlaceFacts,
  offset: number,
  beside: Words | null,
): Evidence {
  const told = (words: Words | null) => {
    if (words === null) return "?";
    return words.kind === "failure" ? words.reason : shown(valueIn(point, words.words));
  };
  const values = { point: id, address, value: told(here), there: address + offset };
  return { key: "besideIs", values: { ...values, other: told(beside) } };
}

/** Every doubted place is refused, and is there in the other area. */
function areaRule(device: DeviceConfig, doubted: readonly Doubted[]): Finding | null {
  const isOther = doubted.every(({ point, place: { here, twin } }) => {
    const isRefused = here?.kind === "failure" && /^exception:[12]$/.test(here.reason);
    return (
      isRefused && twin?.kind === "words" && isPlausible(point, meantBy(point, twin)) !== false
    );
  });
  if (!isOther) return null;
  const areas = [...new Set(doubted.map(({ place }) => place.area))];
  const values = { area: areas.join(", "), other: areas.map(twinOf).join(", ") };
  return {
    ...commonOf(device, doubted),
    code: "device.area-wrong",
    sure: "likely",
    values,
    evidence: doubted.map(({ point, place }) => ({
      key: "twinIs",
      values: {
        point: point.id,
        area: place.area,
        other: twinOf(place.area),
        address: place.address,
        value: place.twin?.kind === "words" ? shown(meantBy(point, place.twin)) : "?",
      },
    })),
  };
}

function meantBy(point: PointConfig, { words }: Extract<Words, { kind: "words" }>): Value | null {
  return point.type === "bool" ? words[0] === 1 : valueIn(point, words);
}

/** It refuses, and nothing says where else the values are. */
function refusalRule(
  { status }: Facts,
  device: DeviceConfig,
  doubted: readonly Doubted[],
): Finding | null {
  const refused = doubted.flatMap(({ point }) => {
    const now = status?.points.find((each) => each.point === point.id);
    const code = /^bad:exception:(\d+)$/.exec(now?.quality ?? "")?.[1];
    return code === undefined ? [] : [{ point, code }];
  });
  const [first] = refused;
  if (first === undefined) return null;
  return {
    ...commonOf(device, doubted),
    explains: refused.map(({ point }) => point.id),
    code: "device.refuses",
    sure: "certain",
    values: { code: first.code },
    evidence: refused.map(({ point: { id, area, address }, code }) => {
      return { key: "refused", values: { point: id, area, address, code } };
    }),
  };
}
