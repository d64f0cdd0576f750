/** Swedish writes dates as ISO 8601 does. */
const UTC = new Intl.DateTimeFormat("sv-SE", {
  dateStyle: "short",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** `at` as evidence in every language: `2026-11-27 18:05:12 UTC`. */
export function momentText(at: number): string {
  return `${UTC.format(at)} UTC`;
}

/** A share in percent, with one digit behind the point where it is small. */
export function percent(part: number, whole: number): number {
  const share = whole === 0 ? 0 : (100 * part) / whole;
  return share < 10 ? Math.round(share * 10) / 10 : Math.round(share);
}

/** Bytes in MB, with one digit behind the point where they are few. */
export function megabytes(bytes: number): number {
  const mb = bytes / 1e6;
  return mb < 10 ? Math.round(mb * 10) / 10 : Math.round(mb);
}

/** Milliseconds in hours, with one digit behind the point where they are few. */
export function hours(ms: number): number {
  const h = ms / 3_600_000;
  return h < 10 ? Math.round(h * 10) / 10 : Math.round(h);
}
