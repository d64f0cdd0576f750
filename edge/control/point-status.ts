import type { AnyPoint } from "../../config/gateway-config.ts";
import type { BoardInput } from "../core/board.ts";
import type { Derivation } from "../core/derivation.ts";
import type { Reading } from "../core/reading.ts";
import type { TalkPlace } from "../core/talker.ts";
import type { UptimeMs } from "../core/time.ts";
import type { PointNotes } from "../measure/measure-desk.ts";
import { staleAfterMs } from "../measure/stale.ts";
import type { PointOrigin, PointStatus } from "./status.ts";

/** A point as far as its status goes. The configuration's points have this shape. */
type StatusPoint = Pick<AnyPoint, "id" | "unit" | "everyMs"> & {
  readonly silentAfterMs?: number;
  readonly place?: TalkPlace;
  readonly input?: BoardInput;
  readonly derivation?: Derivation;
};

/**
 * What is known at `now` of `point`, whose newest reading is `latest`. One that is older than three
 * of its periods says nothing of now: then the value is not known, though no reading says so.
 */
export function pointStatus(
  point: StatusPoint,
  latest: Reading | undefined,
  notes: PointNotes,
  now: UptimeMs,
): PointStatus {
  const { id, unit, everyMs } = point;
  const { value, quality, at, uptime } = latest ?? NOT_YET_READ;
  const ageMs = uptime === null ? null : Math.max(0, now - uptime);
  const isStale = ageMs !== null && ageMs > staleAfterMs(point);
  const known = isStale ? STALE : { value, quality };
  return { point: id, origin: originOf(point), unit, ...known, at, ageMs, everyMs, ...notes };
}

function originOf({ place, input, derivation }: StatusPoint): PointOrigin {
  if (derivation !== undefined) return "derived";
  return place === undefined && input === undefined ? "asked" : "told";
}

const NOT_YET_READ = { value: null, quality: "bad:not-yet-read", at: null, uptime: null } as const;
const STALE = { value: null, quality: "bad:stale" } as const;
