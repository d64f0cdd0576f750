import { commandOutput } from "./command-output.ts";

/** Whoever sets the clock of this machine, and what it says of it. */
export type ClockSource = {
  /** The kernel's word: its bound of the clock's error is below 16 s; null where nobody can ask. */
  readonly isSynced: boolean | null;
  /** Null where neither of the two answers. */
  readonly daemon: "timesyncd" | "chrony" | null;
  /** Whether setting the clock from a network is switched on; null where that is not known. */
  readonly isEnabled: boolean | null;
  /** Where it has the time from; null where it has none. */
  readonly server: string | null;
  /** By how much the clock and that differ, in milliseconds, or null. */
  readonly offMs: number | null;
  /** How wrong it would go if nobody corrected it, in parts per million, or null. */
  readonly driftPpm: number | null;
};

/** Who sets the clock. Asks programs of this machine only, a few seconds at most; never rejects. */
export async function clockSource(): Promise<ClockSource> {
  const [shown, status, chrony] = await Promise.all([
    commandOutput("timedatectl", ["show"], 2_000),
    commandOutput("timedatectl", ["timesync-status"], 2_000),
    commandOutput("chronyc", ["-c", "-n", "tracking"], 2_000),
  ]);
  return clockSourceIn({ shown, status, chrony });
}

/** What the programs printed, null where one did not answer. */
type Printed = {
  readonly shown: string | null;
  readonly status: string | null;
  readonly chrony: string | null;
};

/** What `timedatectl show`, `timedatectl timesync-status` and `chronyc -c tracking` say together. */
export function clockSourceIn({ shown, status, chrony }: Printed): ClockSource {
  const kernel = {
    isSynced: flag(shown, "NTPSynchronized"),
    isEnabled: flag(shown, "NTP"),
  };
  if (chrony !== null) return { ...kernel, ...chronySays(chrony) };
  if (status === null || !/^\s*Server:/m.test(status)) {
    return { ...kernel, daemon: null, server: null, offMs: null, driftPpm: null };
  }
  const field = (name: string) => new RegExp(`^\\s*${name}: (.*)$`, "m").exec(status)?.[1] ?? "";
  const offsetMs = spanMs(field("Offset"));
  const ppm = /^([+-]?[\d.]+)ppm$/.exec(field("Frequency"))?.[1];
  return {
    ...kernel,
    daemon: "timesyncd",
    server: /^\S+/.exec(field("Server"))?.[0] ?? null,
    offMs: offsetMs,
    driftPpm: ppm === undefined ? null : Math.abs(Number(ppm)),
  };
}

/** chronyc(1), `tracking`: reference, name, stratum, time, offset in s, …, frequency in ppm. */
function chronySays(line: string) {
  const fields = line.split(",");
  const [reference, name, stratum] = fields;
  const [offsetS, , , ppm] = fields.slice(4).map(Number);
  const isFollowing = reference !== "7F7F0101" && Number(stratum) > 0;
  return {
    daemon: "chrony" as const,
    server: isFollowing && name ? name : null,
    offMs: isFollowing && Number.isFinite(offsetS) ? Math.abs(Number(offsetS)) * 1000 : null,
    driftPpm: isFollowing && Number.isFinite(ppm) ? Math.abs(Number(ppm)) : null,
  };
}

function flag(text: string | null, name: string): boolean | null {
  const [, value] = new RegExp(`^${name}=(yes|no)$`, "m").exec(text ?? "") ?? [];
  return value === undefined ? null : value === "yes";
}

const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a span as systemd writes it, `1min 2.5s` (systemd.time(7)), without its sign. */
function spanMs(text: string): number | null {
  const parts = [...text.matchAll(/([\d.]+)(us|ms|min|s|h|d)/g)];
  if (parts.length === 0) return null;
  return parts.reduce((ms, [, number, unit = ""]) => ms + Number(number) * (UNITS[unit] ?? 0), 0);
}
