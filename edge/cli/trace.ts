import process from "node:process";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { FRAMINGS, type Framing } from "../../drivers/modbus/decode.ts";
import { TRACE_MAX, type Trace, wireRecordOf } from "../control/trace.ts";
import { messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { SystemClock } from "../world/clock.ts";
import { callControl } from "../world/control-socket.ts";
import { CaptureFile } from "./capture-file.ts";
import { complain, fail, type Invocation, misuse, print } from "./invocation.ts";
import { pointsIn } from "./point-values.ts";
import { listener } from "./record-view.ts";
import { say } from "./text.ts";
import { isFaulty, recordJson, recordLines, type Told } from "./trace-view.ts";
import { usableConfig } from "./usable-config.ts";

/** How often the gateway is asked for more, in milliseconds. */
const ASK_EVERY_MS = 200;

/** A greater difference between two parts is a step of the gateway's clock, in microseconds. */
const CLOCK_STEP_US = 100_000;

/** The bus to look at, and how its frames are read. */
type Watched = { readonly config: GatewayConfig; readonly bus: string; readonly framing: Framing };

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
        ? say(lang, "busMissing", { buses })
        : say(lang, "busUnknown", { name, buses });
    return misuse(text, invocation);
  }
  const framing = FRAMINGS.find((each) => each === chosen.kind);
  const bus = chosen.name;
  if (framing === undefined) return misuse(say(lang, "busUntraced", { bus }), invocation);
  let file: CaptureFile | null = null;
  try {
    file = save === undefined ? null : new CaptureFile(save, { bus, framing, lang });
  } catch (error) {
    return fail(new Error(say(lang, "cannotSave", { why: messageOf(error) })), invocation);
  }
  try {
    return await watch({ config, bus, framing }, file, invocation);
  } finally {
    file?.close();
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
  const { lang, json } = invocation;
  const understand = understanding(watched);
  const counts = { records: 0, faulty: 0 };
  if (!json) complain(say(lang, "tracing", { bus: watched.bus }));
  try {
    for await (const part of parts(watched, invocation)) {
      if (part.missed > 0) complain(say(lang, "traceMissed", { count: part.missed }));
      for (const told of understand(part)) {
        counts.records++;
        if (isFaulty(told)) counts.faulty++;
        file?.add(told);
        if (json) print(toJson(recordJson(told, watched.bus, lang)));
        else for (const line of recordLines(told, lang)) print(line);
      }
    }
  } finally {
    if (!json) complain(say(lang, "traceEnd", counts));
    if (file !== null) tellFile(file, invocation);
  }
  return counts.faulty > 0 || (file !== null && file.trouble !== null) ? 1 : 0;
}

/** What the gateway tells, part by part, until a signal comes or the time is over. */
async function* parts({ config, bus }: Watched, { seconds, past }: Invocation) {
  const clock = new SystemClock();
  const end = endSignal();
  const until = seconds === undefined ? null : clock.uptime() + seconds * 1000;
  let from: number | null = past === true ? 0 : null;
  for (;;) {
    const isOver = end.aborted || (until !== null && clock.uptime() >= until);
    const answer = await callControl(config.control.socket, "trace", { bus, from });
    // The gateway has another configuration than this one, in which there is no such bus.
    if (answer === null) throw new Error(`the running gateway records no bus ${bus}`);
    const part = answer as Trace;
    from = part.next;
    yield part;
    if (part.records.length >= TRACE_MAX) continue;
    if (isOver) return;
    await clock.sleep(ASK_EVERY_MS, end).catch(() => {});
  }
}

/** Aborts at the first SIGINT or SIGTERM, so that the last records are shown and saved. */
function endSignal(): AbortSignal {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => end.abort());
  return end.signal;
}

/** What each part means, understood by the parts before. */
function understanding({ config, bus, framing }: Watched): (part: Trace) => readonly Told[] {
  const listen = listener(framing);
  let beforeUs: number | null = null;
  let epochUs = 0;
  return ({ records, at, uptime }) => {
    const nowUs = (at - uptime) * 1000;
    // Wall time is told in whole milliseconds: only a step of the clock moves what follows.
    if (Math.abs(nowUs - epochUs) > CLOCK_STEP_US) epochUs = nowUs;
    return records.map(wireRecordOf).map((record) => {
      const sinceUs = record.fromUs - (beforeUs ?? record.fromUs);
      beforeUs = record.fromUs;
      const frames = listen(record).map((heard) => ({
        ...heard,
        points: pointsIn(heard, bus, config),
      }));
      return { record, atUs: epochUs + record.fromUs, sinceUs, frames };
    });
  };
}

/** Where the capture is, and how to open it. */
function tellFile({ path, isText, trouble }: CaptureFile, { lang }: Invocation): void {
  if (trouble !== null) complain(say(lang, "saveFailed", { path, why: trouble }));
  else complain(say(lang, isText ? "savedText" : "saved", { path }));
}
