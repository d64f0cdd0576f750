const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** When a gateway may be updated: each day from `fromMinute` to `toMinute` of its local day. */
export type Maintenance = {
  /** Minutes after midnight, 0 to 1439. */
  readonly fromMinute: number;
  /** The same; where it is not after `fromMinute`, it is that of the next day. */
  readonly toMinute: number;
  /** How far local time is ahead of UTC, in minutes. */
  readonly offsetMinutes: number;
};

/** How long the window that is open at wall time `at` stays so, in milliseconds; 0 where none is. */
export function openForMs(maintenance: Maintenance | null, at: number): number {
  if (maintenance === null) return Number.POSITIVE_INFINITY;
  const { fromMinute, toMinute, offsetMinutes } = maintenance;
  const lastsMs = ((((toMinute - fromMinute) % 1440) + 1440) % 1440 || 1440) * MINUTE_MS;
  const local = at + (offsetMinutes - fromMinute) * MINUTE_MS;
  const sinceMs = ((local % DAY_MS) + DAY_MS) % DAY_MS;
  return Math.max(0, lastsMs - sinceMs);
}

/** The window in `22:00-05:00+08:00`; null for none in it. */
export function readMaintenance(text: string): Maintenance | null {
  const parts = /^(\d\d):(\d\d)-(\d\d):(\d\d)([+-])(\d\d):(\d\d)$/.exec(text)?.slice(1);
  if (parts === undefined) return null;
  const [fromH, fromM, toH, toM, sign, offH, offM] = parts;
  const minutes = (h: string | undefined, m: string | undefined) => Number(h) * 60 + Number(m);
  const [from, to, off] = [minutes(fromH, fromM), minutes(toH, toM), minutes(offH, offM)];
  if (Math.max(from, to) >= 1440 || Number(fromM) > 59 || Number(toM) > 59 || off > 840)
    return null;
  return { fromMinute: from, toMinute: to, offsetMinutes: sign === "-" ? -off : off };
}
