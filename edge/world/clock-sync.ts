import { stat } from "node:fs/promises";
import { commandOutput } from "./command-output.ts";

/** Touched by systemd-timesyncd on each synchronisation (systemd-timesyncd.service(8)). */
export const TIMESYNCD_MARK = "/run/systemd/timesync/synchronized";

/** timesyncd asks at least every 2,048 s (timesyncd.conf(5)): three times missed is lost. */
const MARK_BELIEVED_MS = 3 * 2_048_000;

/** The greatest error of a clock that counts as synchronised, in seconds; the kernel's own. */
const ERROR_MAX_S = 16;

/**
 * Whether the system clock is synchronised now. The first that knows decides:
 *
 * 1. `timedatectl`: the kernel's bound of the clock's error is below 16 s. Whoever synchronises
 *    (timesyncd, chrony, ntpd) sets the bound; it grows by 0.5 ms a second, so that a clock that
 *    nobody corrects is unsynced after nine hours at the latest, and one that is set by hand at
 *    once (adjtimex(2), `maxerror`).
 * 2. `chronyc`, where systemd cannot be asked, as in a container: chrony follows a source, and its
 *    own bound of the error is below 16 s.
 * 3. The mark of timesyncd, where there is neither: touched within the last 102 minutes. That it is
 *    there at all says only that the clock was once synchronised since the machine was started.
 *
 * Whoever knows nothing of a source of time says no. All of them are on this machine: none waits
 * for a network. Takes at most a dozen seconds, without holding up anything; never rejects.
 */
export async function isSystemClockSynced(mark: string): Promise<boolean> {
  const kernel = await commandOutput("timedatectl", [
    "show",
    "--property=NTPSynchronized",
    "--value",
  ]);
  if (kernel === "yes" || kernel === "no") return kernel === "yes";
  const chrony = await commandOutput("chronyc", ["-c", "-n", "tracking"]);
  if (chrony !== null) return isTracking(chrony);
  const touched = await stat(mark).catch(() => null);
  const age = touched === null ? Infinity : Date.now() - touched.mtimeMs;
  // From the future, but for a moment's rounding: the clock was set back since.
  return age > -1_000 && age < MARK_BELIEVED_MS;
}

/**
 * Whether chrony follows a source, after the line that `chronyc -c tracking` prints (chronyc(1)):
 * reference, name, stratum, …, root delay and root dispersion in seconds, interval, leap status.
 */
function isTracking(line: string): boolean {
  const fields = line.split(",");
  const [stratum, delay, dispersion] = [fields[2], fields[10], fields[11]].map(Number);
  if (fields.length < 14 || fields[13] === "Not synchronised" || !stratum) return false;
  // 127.127.1.1: chrony follows this machine's own clock.
  return fields[0] !== "7F7F0101" && Number(delay) / 2 + Number(dispersion) < ERROR_MAX_S;
}
