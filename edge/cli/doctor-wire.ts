import type { ReadBus } from "../acquire/open-session.ts";
import { type Trace, type TraceRecord, wireRecordOf } from "../control/trace.ts";
import type { WallMs } from "../core/time.ts";
import { type Exchange, exchangesIn, type WireFraming } from "../doctor/exchanges.ts";
import { callControl } from "../world/control-socket.ts";

/** So many of the newest records are looked at. */
const RECORDS_MAX = 4000;

/** What went over `bus` lately, as the gateway behind `socket` recorded it. */
export async function exchangesOf(socket: string, bus: ReadBus): Promise<readonly Exchange[]> {
  const ask = async (from: number | null) =>
    (await callControl(socket, "trace", { bus: bus.name, from })) as Trace | null;
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
