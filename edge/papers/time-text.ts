/**
 * `at` (Unix milliseconds) by the clocks of `timeZone`, an IANA name: `2026-11-28 10:04:43`, in
 * every language alike.
 */
export function timeIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short",
    timeStyle: "medium",
    timeZone,
  }).format(at);
}
