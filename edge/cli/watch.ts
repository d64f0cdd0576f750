import process from "node:process";
import { parseDurationMs } from "../../config/quantity.ts";
import type { Status } from "../control/status.ts";
import { sayWatch } from "../watch/text.ts";
import { callControl } from "../world/control-socket.ts";
import { isTerminal } from "../world/terminal.ts";
import { type Invocation, misuse } from "./invocation.ts";
import { usableConfig } from "./usable-config.ts";
import type { Watching } from "./watch-live.ts";

/** How often the gateway is asked, in milliseconds: at least, at most, and where nobody says. */
const LEAST_MS = 200;
const MOST_MS = 3_600_000;
const LIVE_MS = 1_000;
const PLAIN_MS = 5_000;

/**
 * `lifeline watch`: the running gateway live on a terminal, as a block every few seconds elsewhere,
 * and with `--once` as one block: then 1 when something is wrong.
 */
export async function watch(invocation: Invocation): Promise<number> {
  const { lang, json, once, every, filter = "" } = invocation;
  const isLive = json !== true && once !== true && isTerminal();
  const everyMs = every === undefined ? (isLive ? LIVE_MS : PLAIN_MS) : parseDurationMs(every);
  if (!(everyMs >= LEAST_MS && everyMs <= MOST_MS)) {
    return misuse(`--every ${every}: ${sayWatch(lang, "everyAllowed")}`, invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const { socket } = config.control;
  const ask = async () => (await callControl(socket, "status")) as Status;
  const watching: Watching = { ask, everyMs, lang, filter };
  if (isLive) return await (await import("./watch-live.ts")).watchLive(watching);
  // A terminal whose size nobody knows, such as a serial console, says 0.
  const width = process.stdout.columns || undefined;
  const plain = { ...watching, json: json === true, once: once === true, width };
  return await (await import("./watch-plain.ts")).watchPlain(plain);
}
