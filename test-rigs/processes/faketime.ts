import { execFileSync } from "node:child_process";

/** How a process is to see the time. */
export type FakeClock = {
  /** By how much it is off, in seconds; left out: not at all. */
  readonly offS?: number;
  /**
   * A file in place of that, which is read anew each time: `+2` seconds; `+0 x60`: since the process
   * began, sixty times as much time as went by (faketime(1)).
   */
  readonly file?: string;
  /** Whether elapsed time is changed as well. */
  readonly isElapsedToo?: true;
};

/**
 * An environment in which a process sees another time (Debian package `faketime`); times of files
 * are what they are.
 */
export function fakeClock({
  offS = 0,
  file,
  isElapsedToo,
}: FakeClock): Readonly<Record<string, string>> {
  const library = execFileSync("faketime", ["-f", "+0", "printenv", "LD_PRELOAD"]);
  return {
    LD_PRELOAD: library.toString().trim(),
    NO_FAKE_STAT: "1",
    ...(isElapsedToo ? {} : { FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1" }),
    ...(file === undefined
      ? { FAKETIME: `${offS < 0 ? "" : "+"}${offS}` }
      : { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1" }),
  };
}
