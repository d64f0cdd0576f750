import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import type { WallMs } from "../core/time.ts";

/** What a calibration found and left, for whoever must prove it. Stable: programs read it. */
export type Certificate = {
  readonly v: 1;
  readonly kind: "calibration";
  /** `gateway/point/n`: no other certificate has it. */
  readonly number: string;
  readonly gateway: string;
  readonly site: GatewayConfig["gateway"]["site"];
  /** IANA name of the zone that times are printed in. */
  readonly timeZone: string;
  readonly point: string;
  readonly release: string;
  readonly record: CalibrationRecord;
  /** Until when it holds; null where nobody said how often it is due. */
  readonly validUntil: WallMs | null;
};

/** The certificate of `record`; null where it measured nothing. */
export function certificateOf(
  point: { readonly id: string; readonly everyMs: number | null },
  record: CalibrationRecord,
  {
    gateway: { id: gateway, site, timeZone },
    release,
  }: Pick<GatewayConfig, "gateway"> & { readonly release: string },
): Certificate | null {
  if (record.steps.length === 0) return null;
  const { everyMs } = point;
  // A check that found too much holds for nothing.
  const isValid = record.kind === "adjustment" || record.isWithin;
  const validUntil = everyMs === null || !isValid ? null : ((record.at + everyMs) as WallMs);
  return {
    ...{ v: 1, kind: "calibration", number: `${gateway}/${point.id}/${record.n}` },
    ...{ gateway, site, timeZone, point: point.id, release, record, validUntil },
  };
}
