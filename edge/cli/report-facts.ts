import { Reader } from "../../buffer/reader.ts";
import { verify } from "../../buffer/verify.ts";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { isRead, type ReadBus } from "../acquire/open-session.ts";
import type { Commissioning } from "../papers/commissioning.ts";
import { type LoopTests, loopTestsIn } from "../papers/loop-tests.ts";
import { scanPass } from "../scan/pass.ts";
import { SystemClock } from "../world/clock.ts";
import { endSignal } from "./end-signal.ts";
import { auditOf, storedEvents } from "./interlock-audit.ts";
import { complain, type Invocation } from "./invocation.ts";
import { pursue } from "./pursue.ts";
import { wayThroughGateway } from "./reach-line.ts";
import { sayReport } from "./report-text.ts";
import { modelsFor } from "./scan.ts";
import { unitsText } from "./scan-options.ts";
import { identityText } from "./scan-view.ts";

/** What the database tells of a hand-over. */
export type StoredFacts = Pick<Commissioning, "buffer"> & { readonly loops: LoopTests };

/** Looks through the database `file`; null where a signal ended it before. */
export async function storedFacts(
  file: string,
  invocation: Invocation,
): Promise<StoredFacts | null> {
  const reader = new Reader(file);
  try {
    const verified = await pursue(verify(reader), invocation);
    if (verified === null) return null;
    const { broken, events: linked, last } = auditOf(reader);
    const events = storedEvents(reader).flatMap(({ event }) => (event === null ? [] : [event]));
    const loops = loopTestsIn(events);
    const { messages, readings, events: count, findings } = verified;
    const buffer = {
      ok: findings.length === 0,
      ...{ messages, readings, events: count, findings: findings.length },
      chain: { ok: broken === null, events: linked, last },
    };
    return { buffer, loops };
  } finally {
    reader.close();
  }
}

/** Behind TCP alone most devices answer whatever the address is: there is nothing to be found. */
function isLine(bus: BusConfig): bus is ReadBus {
  return isRead(bus) && ("serial" in bus || ("framing" in bus && bus.framing !== "tcp"));
}

/** Looks for devices at `units` of every serial line that is asked, by way of the running gateway. */
export async function searchAll(
  config: GatewayConfig,
  units: readonly number[],
  invocation: Invocation,
): Promise<Commissioning["searches"]> {
  const ended = endSignal();
  const searches: Commissioning["searches"] = [];
  for (const bus of config.buses.filter(isLine)) {
    if (ended.aborted) break;
    searches.push(await searchOf(bus, units, { config, invocation, ended }));
  }
  return searches;
}

async function searchOf(
  bus: ReadBus,
  units: readonly number[],
  parts: {
    readonly config: GatewayConfig;
    readonly invocation: Invocation;
    readonly ended: AbortSignal;
  },
): Promise<Commissioning["searches"][number]> {
  const { config, invocation, ended } = parts;
  const asked = unitsText(units);
  const { lang, json } = invocation;
  if (!json) complain(sayReport(lang, "searching", { bus: bus.name, units: asked }));
  const clock = new SystemClock();
  const pass = await scanPass(
    {
      open: () => Promise.resolve(wayThroughGateway(config, bus.name, clock)),
      units,
      models: modelsFor(invocation),
      probe: "careful",
      timeoutMs: bus.timeoutMs,
      patientMs: bus.timeoutMs,
      onUnit: () => {},
    },
    ended,
  );
  const found = pass.reports.flatMap(({ unit, state, device, identity, profiles }) => {
    if (state === "absent") return [];
    const configured = config.devices.find((each) => each.bus === bus.name && each.unit === unit);
    const name = identity === null ? "" : identityText(identity);
    return {
      ...{ unit, state, device: device ?? configured?.name ?? null },
      ...{ name: name === "" ? null : name, profiles: [...profiles] },
    };
  });
  const isComplete = pass.trouble === null && pass.left.length === 0;
  return { bus: bus.name, units: asked, isComplete, found };
}
