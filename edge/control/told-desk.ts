import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { PointReading } from "../../drivers/driver.ts";
import type { LocalSession } from "../../drivers/local/local.ts";
import { GatewayError } from "../core/errors.ts";
import { isBad, type Quality, type Value } from "../core/reading.ts";

/** What a program found out, and how far it trusts that. */
export type ToldValue = {
  /** `device.point`. */
  readonly point: string;
  /** A number, or true or false, as the point's type is; null exactly where the quality is bad. */
  readonly value: number | boolean | null;
  /** Good where it is left out. */
  readonly quality?: Quality;
};

/** What a program tells, of now. */
export type TellOrder = { readonly readings: readonly ToldValue[] };

/** The most values that are told at once. */
const VALUES_MAX = 1_000;
/** Why a value of a program is not good, or not there. */
const REASONS = [
  ...["input", "no-value", "not-a-number", "out-of-range", "failure", "function-check"],
  ...["out-of-specification", "calibration", "warm-up", "rate", "stuck", "stale"],
];

/** The order in the parameters of a call. Throws where it is none, saying why. */
export function tellOrderOf(params: unknown): TellOrder {
  const { readings } = (params ?? {}) as { readings?: unknown };
  if (!Array.isArray(readings) || readings.length === 0 || readings.length > VALUES_MAX) {
    throw new Error(`tell needs readings, 1 to ${VALUES_MAX} of them`);
  }
  return { readings: readings.map(toldValueOf) };
}

function toldValueOf(given: unknown): ToldValue {
  const { point, value, quality = "good" } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof point !== "string") throw new Error("each reading needs a point");
  if (!isQuality(quality)) {
    const reasons = REASONS.join(", ");
    throw new Error(`the quality is good, uncertain:REASON or bad:REASON, with one of ${reasons}`);
  }
  const isKnown = typeof value === "boolean" || Number.isFinite(value);
  if (isBad(quality) ? value !== null : !isKnown) {
    const wanted = isBad(quality) ? "null, because its quality is bad" : "a number, true or false";
    throw new Error(`the value of ${point} must be ${wanted}`);
  }
  return { point, value: value as number | boolean | null, quality };
}

function isQuality(quality: unknown): quality is Quality {
  if (quality === "good") return true;
  const [grade, reason, ...more] = String(quality).split(":");
  const isGrade = grade === "uncertain" || grade === "bad";
  return isGrade && more.length === 0 && REASONS.includes(reason ?? "");
}

type Told = {
  readonly bus: string;
  readonly user: string | null;
  readonly type: "float64" | "bool";
};

/** Takes what programs on this machine tell. */
export class ToldDesk {
  readonly #sessionOf: (bus: string) => LocalSession | null;
  readonly #points: ReadonlyMap<string, Told>;

  /** `sessionOf` gives what a bus of kind local takes values with; null where it is not open. */
  constructor(
    { buses, boards }: Pick<GatewayConfig, "buses" | "boards">,
    sessionOf: (bus: string) => LocalSession | null,
  ) {
    this.#sessionOf = sessionOf;
    this.#points = new Map(
      buses.flatMap((bus) => {
        if (bus.kind !== "local") return [];
        const points = boards.filter(({ bus: on }) => on === bus.name).flatMap(pointsOf);
        return points.map(({ id, type }) => [id, { bus: bus.name, user: bus.user, type }] as const);
      }),
    );
  }

  /**
   * Takes `readings` of a program of `who`, all or none. Throws `control.call` where one is of no
   * point that programs tell, or of another type than that, and `control.teller`.
   */
  tell({ readings }: TellOrder, who: string): { readonly told: number } {
    const byBus = Map.groupBy(readings, (reading) => this.#checked(reading, who).bus);
    const sessions = [...byBus].map(([bus, told]) => {
      const session = this.#sessionOf(bus);
      if (session === null) throw notTaken(`the bus ${bus} is not open yet`);
      return [session, told] as const;
    });
    for (const [session, told] of sessions) session.tell(told.map(readingOf));
    return { told: readings.length };
  }

  #checked({ point, value }: ToldValue, who: string): Told {
    const told = this.#points.get(point);
    if (told === undefined) {
      throw notTaken(`${point} is no point on a bus of kind local, so no program tells it`);
    }
    const { bus, user, type } = told;
    if (user !== null && user !== who) {
      throw new GatewayError("control.teller", `on the bus ${bus} ${user} tells, not ${who}`);
    }
    const wanted = type === "bool" ? "boolean" : "number";
    if (value === null || typeof value === wanted) return told;
    throw notTaken(`${point} is ${type}: ${JSON.stringify(value)} is no ${wanted}`);
  }
}

function pointsOf({ points }: GatewayConfig["boards"][number]) {
  return points.filter(({ input }) => input.kind === "told");
}

function readingOf({ point, value, quality = "good" }: ToldValue): PointReading {
  return { point, value: value as Value | null, quality };
}

function notTaken(why: string): GatewayError {
  return new GatewayError("control.call", why);
}
