import type { PointConfig } from "../../config/gateway-config.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { flatSince } from "./flat.ts";
import { valueIn } from "./plausible.ts";

/** Failure signals of a 4-20 mA transmitter, in mA (NAMUR NE 43). */
const OPEN_BELOW = 3.6;
const HIGH_ABOVE = 21;

/** What is wrong with single points. */
export function pointRules(facts: Facts): readonly Finding[] {
  return [
    ...loopRules(facts),
    ...stuckRules(facts),
    ...calibrationRules(facts),
    ...rangeRules(facts),
  ];
}

/** Currents that are no measurement but a failure signal, or none at all. */
function loopRules({ config, places, status }: Facts): readonly Finding[] {
  return config.points.flatMap((point): readonly Finding[] => {
    const current = currentOf(point, places, status);
    if (current === null) return [];
    const milliamps = Number(current.toPrecision(4));
    const values = { point: point.id, milliamps, open: OPEN_BELOW, high: HIGH_ABOVE };
    const common = { subject: point.id, since: null, severity: "fault", values } as const;
    if (current <= OPEN_BELOW) {
      const evidence = [{ key: "currentLow", values }] as const;
      return [{ ...common, code: "point.loop-open", sure: "certain", evidence }];
    }
    if (current <= HIGH_ABOVE) return [];
    const evidence = [{ key: "currentHigh", values }] as const;
    return [{ ...common, code: "point.loop-high", sure: "certain", evidence }];
  });
}

/** The current that `point` stands for, in mA; null where it is none or not known. */
function currentOf(
  point: PointConfig,
  places: Facts["places"],
  status: Facts["status"],
): number | null {
  const now = status?.points.find((each) => each.point === point.id);
  if (point.measurement?.loop == null) {
    const isCurrent = point.unit === "mA" && point.measurement === null;
    return isCurrent && typeof now?.value === "number" ? now.value : null;
  }
  if (!/^(bad|uncertain):loop-fault$/.test(now?.quality ?? "")) return null;
  const here = places.find((place) => place.point === point.id)?.here;
  const value = here?.kind === "words" ? valueIn(point, here.words) : null;
  return typeof value === "number" ? value : null;
}

/** Values that stand still, as the gateway checks it, or against all that was stored before. */
function stuckRules({ config, status, history }: Facts): readonly Finding[] {
  return config.points.flatMap((point): readonly Finding[] => {
    const now = status?.points.find((each) => each.point === point.id);
    const flat = flatSince(history.find((each) => each.point === point.id)?.values ?? []);
    const isChecked = now?.quality === "uncertain:stuck";
    const isGood = now === undefined || now.quality === "good";
    if (!isChecked && (flat === null || !isGood)) return [];
    const value = String(flat?.value ?? now?.value ?? "?");
    const counts = flat && { count: flat.count, changed: Math.round(100 * flat.changed) };
    return [
      {
        code: "point.stuck",
        subject: point.id,
        since: flat?.since ?? null,
        sure: "likely",
        severity: "warning",
        evidence: [
          { key: "stuckAt", values: { point: point.id, value } },
          ...(counts === null ? [] : [{ key: "movedBefore", values: counts } as const]),
        ],
      },
    ];
  });
}

/** Calibrations that hold no more. */
function calibrationRules({ config, status, at }: Facts): readonly Finding[] {
  const all = [...config.points, ...config.talkers.flatMap(({ points }) => points)];
  return all.flatMap(({ id, measurement }): readonly Finding[] => {
    const { due: first = null, on = "?" } = measurement?.calibration ?? {};
    // The gateway knows of calibrations that were carried out since.
    const now = status?.points.find(({ point }) => point === id);
    const due = now === undefined ? first : (now.calibration?.due ?? null);
    if (due === null || due > at) return [];
    const values = { point: id, on, days: Math.floor((at - due) / DAY_MS) };
    return [
      {
        code: "point.calibration-overdue",
        subject: id,
        since: due,
        sure: now === undefined ? "likely" : "certain",
        severity: "warning",
        values,
        evidence: [{ key: "calibratedOn", values }],
      },
    ];
  });
}

const DAY_MS = 86_400_000;

/** Values beyond their limits that nothing else explains. */
function rangeRules({ config, status }: Facts): readonly Finding[] {
  return (status?.points ?? []).flatMap(({ point, value, quality, at }): readonly Finding[] => {
    if (!/^(bad:(out-of-range|not-a-number|no-value|invalid-bcd))$/.test(quality)) return [];
    const { measurement } = config.points.find(({ id }) => id === point) ?? { measurement: null };
    const [low, high] = measurement?.checks.plausible ?? ["?", "?"];
    const values = { point, value: String(value ?? "?"), low, high, quality };
    return [
      {
        code: "point.no-value",
        subject: point,
        since: at,
        sure: "possible",
        // A device may well have no value: nothing is there to be measured.
        severity: quality === "bad:no-value" ? "warning" : "fault",
        evidence: [{ key: "notBelieved", values }],
      },
    ];
  });
}
