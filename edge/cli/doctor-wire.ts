import type { ReadBus } from "../acquire/open-session.ts";
import { type Trace, type TraceRecord, wireRecordOf } from "../control/trace.ts";
import type { WallMs } from "../core/time.ts";
import { type Exchange, exchangesIn, type WireFraming } from "../doctor/exchanges.ts";

/** So many of the newest records are looked at. */
const RECORDS_MAX = 4000;

/** Asks a gateway for what it recorded of a bus from a record on; from now on where that is null. */
export type AskTrace = (from: number | null) => Promise<Trace | null>;

/** What went over `bus` lately, as its gateway recorded it. */
export async function exchangesOf(ask: AskTrace, bus: ReadBus): Promise<readonly Exchange[]> {
  const now = await ask(null);
  if (now === null) return [];
  const records: TraceRecord[] = [];
  for (let from = Math.max(0, now.next - RECORDS_MAX); from < now.next; ) {
    const part = await ask(from);
    if (part === null || part.records.length === 0) break;
    records.push(...part.records);
    from = part.next;
  }
  const wallOf = (us: number) => (now.at - (now.uptime - us / 1000)) as WallMs;
  return exchangesIn(records.map(wireRecordOf), framingOf(bus), wallOf);
}

function framingOf(bus: ReadBus): WireFraming {
  switch (bus.kind) {
    case "modbus-rtu":
      return "rtu";
    case "modbus-ascii":
      return "ascii";
    case "modbus-udp":
      return "tcp";
    case "modbus-tcp":
    case "modbus-dial-in":
      return bus.framing;
  }
}
