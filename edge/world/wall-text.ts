/** `at` in UTC as ISO 8601 writes it, with milliseconds. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** `at` for a person, in the time zone of this machine: `2026-11-27 18:05:12`. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const AGO = /^-(\d+(?:\.\d+)?)([smhd])$/;
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * The moment that `text` names; null where it names none. A day or a moment of ISO 8601, in the
 * time zone of this machine where it names none itself; or, as in `-24h`, a time before `now`.
 */
export function wallTime(text: string, now: number): number | null {
  const ago = AGO.exec(text);
  if (ago !== null) {
    const unit = UNITS_MS[ago[2] as keyof typeof UNITS_MS];
    return Math.round(now - Number(ago[1]) * unit);
  }
  if (!MOMENT.test(text)) return null;
  // A day alone would be taken for UTC's.
  const [day = "", time] = text.split(/[T ]/);
  const at = Date.parse(`${day}T${time ?? "00:00"}`);
  return Number.isNaN(at) || !isDay(day) ? null : at;
}

/** 30 February would be taken for the second of March. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
