import { existsSync } from "node:fs";
import { join } from "node:path";
import { eventOf } from "../../buffer/event-text.ts";
import { Reader } from "../../buffer/reader.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Event } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import type { Facts } from "../doctor/facts.ts";
import type { PointHistory } from "../doctor/point-facts.ts";

/** So many of the newest events and batches are looked at, and batches of so long a time. */
const EVENTS_MAX = 1000;
const BATCHES_MAX = 4000;
const HISTORY_MS = 24 * 3_600_000;
/** Read at a time. */
const PART = 200;

/**
 * What the buffer remembers: its newest events, and the values of points that may stand still. It
 * is read beside a running gateway or without one; nothing where it cannot be read.
 */
export function rememberedIn(
  config: GatewayConfig,
  now: WallMs,
): Pick<Facts, "events" | "history"> {
  const file = join(config.buffer.dir, "lifeline.db");
  if (!existsSync(file)) return { events: [], history: [] };
  try {
    const reader = new Reader(file);
    try {
      return { events: eventsIn(reader), history: historyIn(reader, config, now) };
    } finally {
      reader.close();
    }
  } catch {
    // What is wrong with the buffer is found where buffers are judged.
    return { events: [], history: [] };
  }
}

function eventsIn(reader: Reader): readonly Event[] {
  const { from, to } = reader.span("events");
  const rows = reader.rows("events", { from: Math.max(from, to - EVENTS_MAX), to });
  return rows.flatMap(({ row }) => (row === null ? [] : (eventOf(row.body) ?? [])));
}

/** The newest values of points whose every reading is stored, the newest part first read. */
function historyIn(reader: Reader, config: GatewayConfig, now: WallMs): readonly PointHistory[] {
  const isWhole = ({ type, measurement }: GatewayConfig["points"][number]) =>
    type !== "bool" && type !== "string" && (measurement?.report ?? null) === null;
  const values = new Map<string, { at: WallMs; value: number }[]>(
    config.points.filter(isWhole).map(({ id }) => [id, []]),
  );
  const span = reader.span("readings");
  const least = Math.max(span.from, span.to - BATCHES_MAX + 1);
  for (let to = span.to; to >= least; to -= PART) {
    const rows = reader.rows("readings", { from: Math.max(least, to - PART + 1), to });
    for (const { row } of rows.toReversed()) {
      const batch = row === null ? null : reader.batchIn(row);
      for (const { point, t, v } of batch?.series ?? []) {
        const kept = values.get(point);
        if (batch === null || kept === undefined) continue;
        for (let i = t.length - 1; i >= 0; i--) {
          const value = v[i];
          if (typeof value !== "number") continue;
          kept.push({ at: (batch.at + (t[i] ?? 0)) as WallMs, value });
        }
      }
    }
    const oldest = rows.find(({ row }) => row !== null)?.row?.at ?? now;
    if (now - oldest > HISTORY_MS) break;
  }
  return [...values].map(([point, found]) => ({ point, values: found.toReversed() }));
}
