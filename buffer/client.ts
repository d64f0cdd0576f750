import { type Batch, readingCount } from "../edge/core/batch.ts";
import { batchText } from "../edge/core/batch-text.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type {
  Commit,
  Committed,
  Ledger,
  LedgerState,
  StoredBatch,
  StoredEvent,
  StoredText,
} from "../edge/core/ledger.ts";
import { decodeBatch, encodeBatch } from "./encoding/encode.ts";
import { eventOf, eventText } from "./event-text.ts";
import type { EngineAnswers, EnginePort, SeriesRow } from "./requests.ts";
import { timedBatch, timedEvent } from "./timed.ts";

/** The ledger over an engine, wherever that runs: turns batches and events into bytes and back. */
export class LedgerClient implements Ledger {
  readonly died: Promise<never>;
  readonly #port: EnginePort;
  readonly #byId = new Map<number, SeriesRow>();
  readonly #byName = new Map<string, number>();
  /** Series that no commit has stored yet: they go along with every commit until one has. */
  readonly #unsaved = new Map<number, SeriesRow>();

  #lastId: number;

  private constructor(port: EnginePort, { rows, lastId }: EngineAnswers["series"]) {
    this.#port = port;
    this.died = port.died;
    this.#lastId = lastId;
    for (const row of rows) this.#learn(row);
  }

  /** Asks `port` for what it knows and returns the ledger over it. */
  static async open(port: EnginePort): Promise<Ledger> {
    return new LedgerClient(port, await port.call({ kind: "series" }));
  }

  async commit({
    batches = [],
    events = [],
    alarms = [],
    delivered = [],
    tells = null,
    cuts = null,
    time = { known: null, letGo: [] },
    interlocks = null,
    wear = null,
    commands = null,
    counters = [],
  }: Commit): Promise<Committed> {
    const encoded = batches.map((batch) => ({
      at: batch.at,
      count: readingCount(batch),
      clock: batch.clock,
      uptime: wholeMs(batch.uptime),
      body: encodeBatch(batch, (point, unit) => this.#idOf(point, unit)),
    }));
    const series = [...this.#unsaved.values()];
    const commit = {
      series,
      batches: encoded,
      events: events.map(({ uptime, ...event }) => ({
        at: event.at,
        clock: event.clock,
        uptime: wholeMs(uptime),
        body: eventText(event),
      })),
      alarms,
      delivered,
      tells,
      cuts,
      time,
      interlocks,
      wear,
      commands,
      counters,
    };
    const committed = await this.#port.call({ kind: "commit", commit });
    for (const { id } of series) this.#unsaved.delete(id);
    return committed;
  }

  async readBatches(from: number, limit: number): Promise<readonly StoredBatch[]> {
    const rows = await this.#port.call({ kind: "batches", from, limit });
    return rows.map(({ seq, body, time }) => {
      const batch = body && this.#decode(body);
      return { seq, batch: batch && timedBatch(batch, time) };
    });
  }

  /** Written out by the engine, in its thread; what it cannot make out is tried here once more. */
  async readTexts(from: number, limit: number): Promise<readonly StoredText[]> {
    const rows = await this.#port.call({ kind: "texts", from, limit });
    return await Promise.all(
      rows.map(async (row) => {
        if (row.text !== null) return row;
        const [stored] = await this.readBatches(row.seq, 1);
        const batch = stored?.seq === row.seq ? stored.batch : null;
        return { seq: row.seq, text: batch && batchText(batch) };
      }),
    );
  }

  async readEvents(from: number, limit: number): Promise<readonly StoredEvent[]> {
    const rows = await this.#port.call({ kind: "events", from, limit });
    return rows.map(({ seq, body, time }) => {
      const event = body === null ? null : eventOf(body);
      return { seq, event: event && timedEvent(event, time) };
    });
  }

  async flush(): Promise<void> {
    await this.#port.call({ kind: "flush" });
  }

  state(): Promise<LedgerState> {
    return this.#port.call({ kind: "state" });
  }

  async close(): Promise<void> {
    await this.#port.call({ kind: "close" });
  }

  #decode(body: Uint8Array): Batch | null {
    try {
      return decodeBatch(body, (id) => this.#byId.get(id));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return null;
    }
  }

  #idOf(point: string, unit: string | null): number {
    const known = this.#byName.get(nameOf(point, unit));
    if (known !== undefined) return known;
    const row = { id: ++this.#lastId, point, unit };
    this.#learn(row);
    this.#unsaved.set(row.id, row);
    return row.id;
  }

  #learn(row: SeriesRow): void {
    this.#byId.set(row.id, row);
    this.#byName.set(nameOf(row.point, row.unit), row.id);
  }
}

/** As it is stored: a moment is not needed closer than its wall time. */
function wholeMs(uptime: number | undefined): number | null {
  return uptime === undefined ? null : Math.round(uptime);
}

function nameOf(point: string, unit: string | null): string {
  return unit === null ? point : `${point} ${unit}`;
}
