import { execFile } from "node:child_process";
import process from "node:process";

/** How long telling it may take, in milliseconds: `systemd-notify` itself gives up after five seconds. */
const TELL_MS = 10_000;

/** Whoever started the gateway and watches over it. */
export type Supervisor = {
  /** Within so many milliseconds it is to hear that the gateway goes on; null where it need not. */
  readonly watchdogMs: number | null;
  /** The gateway is not ready yet, but will go on with its start for so many milliseconds at most. */
  starting(forMs: number): void;
  /** The gateway runs; `status` is a line for people. */
  ready(status: string): void;
  /** Every loop of the gateway goes on. */
  alive(): void;
  /** The gateway ends because it was asked to. */
  stopping(): void;
};

/**
 * The supervisor that speaks sd_notify(3), as `env` tells of it; null where there is none. Its
 * socket takes datagrams, which Node cannot send on a Unix socket: `systemd-notify` does, so the
 * unit needs `NotifyAccess=all`. `onTrouble` is told what comes of that where nothing does.
 */
export function supervisorOf(
  env: NodeJS.ProcessEnv,
  onTrouble: (why: string) => void,
): Supervisor | null {
  if (env.NOTIFY_SOCKET === undefined || env.NOTIFY_SOCKET === "") return null;
  const tell = (...words: readonly string[]) => {
    // Not `--no-block`: a busy supervisor drops what comes from a process that has ended meanwhile,
    // for it cannot tell any more whose it was (sd_notify(3), `sd_notify_barrier`).
    execFile("systemd-notify", words, { timeout: TELL_MS, env }, (error) => {
      if (error !== null) onTrouble(error.message.trim());
    });
  };
  return {
    watchdogMs: watchdogMs(env),
    starting: (forMs) => tell(`EXTEND_TIMEOUT_USEC=${forMs * 1_000}`),
    ready: (status) => tell("--ready", `--status=${status}`),
    alive: () => tell("WATCHDOG=1"),
    stopping: () => tell("STOPPING=1"),
  };
}

/** sd_watchdog_enabled(3): `WATCHDOG_USEC` counts where `WATCHDOG_PID` is this process or not set. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv): number | null {
  if (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid) return null;
  const ms = Number(WATCHDOG_USEC ?? Number.NaN) / 1_000;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
