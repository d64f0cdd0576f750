import { execFileSync } from "node:child_process";
/**
 * An environment in which a process sees another time (Debian package `faketime`); times of files
 * are what they are.
 */
export function fakeClock({ offS = 0, file, isElapsedToo, }) {
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
