import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { Framing } from "../../drivers/modbus/decode.ts";
import { type Trace, wireRecordOf } from "../control/trace.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { callControl } from "../world/control-socket.ts";
import { CaptureFile } from "./capture-file.ts";
import { endSignal } from "./end-signal.ts";
import { follow } from "./follow-trace.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayLine } from "./line-text.ts";
import { pointsIn } from "./point-values.ts";
import { listener } from "./record-view.ts";
import { isFaulty, recordJson, recordLines, type Told } from "./trace-view.ts";
import { usableConfig } from "./usable-config.ts";

/** A greater difference between two parts is a step of the gateway's clock, in microseconds. */
const CLOCK_STEP_US = 100_000;

/** The bus to look at, and how its frames are read; null where it has none that are known. */
type Watched = {
  readonly config: GatewayConfig;
  readonly bus: string;
  readonly framing: Framing | null;
};

/**
 * `lifeline trace [BUS]`: what goes over a bus of the running gateway, until Ctrl-C or for
 * `--seconds`; with `--past` first what its recorder still holds. 1 when something was faulty.
 */
export async function trace(invocation: Invocation): Promise<number> {
  const { lang, operands, save } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const chosen = busOf(config, operands[0]);
  if (chosen === null) {
    const buses = config.buses.map(({ name }) => name).join(", ");
    const [name] = operands;
    const text =
      name === undefined
        ? sayLine(lang, "busMissing", { buses })
        : sayLine(lang, "busUnknown", { name, buses });
    return misuse(text, invocation);
  }
  const { name: bus, kind } = chosen;
  if (kind === "firmata" || kind === "gpio" || kind === "local") {
    complain(sayLine(lang, "busUnrecorded", { bus }));
    return 1;
  }
  const framing = framingOf(chosen);
  const file = save === undefined ? null : new CaptureFile(save, { bus, kind, framing, lang });
  try {
    return await watch({ config, bus, framing }, file, invocation);
  } finally {
    file?.close();
  }
}

/** How the frames on a bus are read; null for bytes that have none that are explained here. */
function framingOf(bus: BusConfig): Framing | null {
  switch (bus.kind) {
    case "modbus-rtu":
    case "modbus-ascii":
      return bus.kind;
    case "modbus-tcp":
    case "modbus-dial-in":
      return `modbus-${bus.framing}`;
    case "modbus-udp":
      return "modbus-tcp";
    case "serial":
    case "firmata":
    case "gpio":
    case "local":
      return null;
  }
}

/** The bus named `name`; the only one there is where that is left out. */
function busOf({ buses }: GatewayConfig, name: string | undefined): BusConfig | null {
  if (name === undefined) return buses.length === 1 ? (buses[0] as BusConfig) : null;
  return buses.find((bus) => bus.name === name) ?? null;
}

/** Shows and saves what comes, until it is to end. */
async function watch(
  watched: Watched,
  file: CaptureFile | null,
  invocation: Invocation,
): Promise<number> {
  const { lang, json, seconds, past } = invocation;
  const { bus, config } = watched;
  const understand = understanding(watched);
  const counts = { records: 0, faulty: 0 };
  let hasGone = false;
  const show = (told: Told) => {
    counts.records++;
    if (isFaulty(told)) counts.faulty++;
    file?.add(told);
    if (json) print(toJson(recordJson(told, bus, lang)));
    // Who saves what the recorder holds wants the file, not hours of a bus on the screen.
    else if (past !== true || file === null)
      for (const line of recordLines(told, lang)) print(line);
  };
  const clock = new SystemClock();
  const ask = (from: number | null) => callControl(config.control.socket, "trace", { bus, from });
  const span = { from: past === true ? 0 : null, lastsMs: (seconds ?? Infinity) * 1000 };
  let hasBegun = false;
  try {
    for await (const part of follow(ask, clock, span, endSignal())) {
      if (!hasBegun && !json) complain(sayLine(lang, "tracing", { bus }));
      hasBegun = true;
      if (part.kind === "gone") complain(sayLine(lang, "traceGone"));
      else if (part.trace.missed > 0) {
        complain(sayLine(lang, "traceMissed", { count: part.trace.missed }));
      }
      if (part.kind === "gone") hasGone = true;
      else for (const told of understand(part.trace)) show(told);
    }
  } finally {
    // Where nobody answers, that is all there is to tell.
    if (hasBegun && !json) complain(sayLine(lang, "traceEnd", counts));
    if (hasBegun && file !== null) tellFile(file, invocation);
  }
  const isWhole = file === null || file.trouble === null;
  return counts.faulty === 0 && isWhole && !hasGone ? 0 : 1;
}

/** What each part means, understood by the parts before of the same gateway. */
function understanding({ config, bus, framing }: Watched): (part: Trace) => readonly Told[] {
  let listen = listener(framing);
  let gateway: Trace["since"] | null = null;
  let beforeUs: number | null = null;
  let epochUs = 0;
  return ({ since, records, at, uptime }) => {
    if (since !== gateway) {
      gateway = since;
      listen = listener(framing);
      beforeUs = null;
    }
    const nowUs = (at - uptime) * 1000;
    // Wall time is told in whole milliseconds: only a step of the clock moves what follows.
    if (Math.abs(nowUs - epochUs) > CLOCK_STEP_US) epochUs = nowUs;
    return records.map(wireRecordOf).map((record) => {
      const sinceUs = record.fromUs - (beforeUs ?? record.fromUs);
      beforeUs = record.fromUs;
      const heard = listen(record);
      const frames = heard.map((frame) => ({ ...frame, points: pointsIn(frame, bus, config) }));
      return { record, atUs: epochUs + record.fromUs, sinceUs, frames };
    });
  };
}

/** Where the capture is, and how to open it. */
function tellFile({ path, isText, trouble }: CaptureFile, { lang }: Invocation): void {
  if (trouble !== null) complain(sayLine(lang, "saveFailed", { path, why: trouble }));
  else complain(sayLine(lang, isText ? "savedText" : "saved", { path }));
}
