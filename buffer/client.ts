import { type Batch, readingCount } from "../edge/core/batch.ts";
import { batchText } from "../edge/core/batch-text.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type {
  Commit,
  Committed,
  Ledger,
  LedgerState,
  StoredAsWas,
  StoredBatch,
  StoredEvent,
  StoredText,
} from "../edge/core/ledger.ts";
import type { UptimeMs } from "../edge/core/time.ts";
import { decodeBatch, encodeBatch } from "./encoding/encode.ts";
import { eventOf, eventText } from "./event-text.ts";
import type {
  EngineAnswers,
  EngineCommit,
  EnginePort,
  EngineQueued,
  SeriesRow,
} from "./requests.ts";
import { timedBatch, timedEvent } from "./timed.ts";

/** So many readings take some milliseconds to encode, in which no bus is served. */
const TURN_READINGS = 10_000;

/** The ledger over an engine, wherever that runs: turns batches and events into bytes and back. */
export class LedgerClient implements Ledger {
  readonly died: Promise<never>;
  readonly #port: EnginePort;
  readonly #byId = new Map<number, SeriesRow>();
  readonly #byName = new Map<string, number>();
  /** Series that no commit has stored yet: they go along with every commit until one has. */
  readonly #unsaved = new Map<number, SeriesRow>();

  #lastId: number;
  /** Ends when what the newest commit stores has been encoded. */
  #encoding: Promise<unknown> = Promise.resolve();
  /** How many readings it has encoded since others had their turn. */
  #sinceTurn = 0;

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
    queued = [],
    counters = [],
  }: Commit): Promise<Committed> {
    const encoding = this.#allEncoded(batches, queued);
    this.#encoding = encoding.catch(() => {});
    const [encoded, queues] = await encoding;
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
      queued: queues,
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
    return (await this.#port.call({ kind: "events", from, limit })).map(storedEvent);
  }

  /** Rows of a queue are copies: one that is damaged is read once, by the engine. */
  readQueuedTexts(queue: number, from: number, limit: number): Promise<readonly StoredText[]> {
    return this.#port.call({ kind: "queued-texts", queue, from, limit });
  }

  async readQueuedEvents(
    queue: number,
    from: number,
    limit: number,
  ): Promise<readonly StoredEvent[]> {
    return (await this.#port.call({ kind: "queued-events", queue, from, limit })).map(storedEvent);
  }

  async readStored(from: number, limit: number): Promise<readonly StoredAsWas[]> {
    const rows = await this.#port.call({ kind: "stored", from, limit });
    return rows.map(({ seq, body, uptime, isOfThisBoot }) => {
      const batch = body && this.#decode(body);
      const moment = uptime === null ? {} : { uptime: uptime as UptimeMs };
      return { seq, batch: batch && { ...batch, ...moment }, isOfThisBoot };
    });
  }

  async flush(): Promise<void> {
    await this.#port.call({ kind: "flush" });
  }

  state(): Promise<LedgerState> {
    return this.#port.call({ kind: "state" });
  }

  async close(): Promise<void> {
    // What is being encoded is to be stored before.
    await this.#encoding;
    await this.#port.call({ kind: "close" });
  }

  async #allEncoded(batches: readonly Batch[], queued: NonNullable<Commit["queued"]>) {
    this.#sinceTurn = 0;
    const encoded: EngineCommit["batches"][number][] = [];
    for (const batch of batches) encoded.push(await this.#encoded(batch));
    const queues: EngineCommit["queued"][number][] = [];
    for (const { batches: own, ...rest } of queued) {
      const copies: EngineQueued["batches"][number][] = [];
      for (const { batch, origin } of own) copies.push({ ...(await this.#encoded(batch)), origin });
      queues.push({ ...rest, batches: copies });
    }
    return [encoded, queues] as const;
  }

  /** Encoded, once others have had their turn where that is due. */
  async #encoded(batch: Batch): Promise<EngineCommit["batches"][number]> {
    const count = readingCount(batch);
    if (this.#sinceTurn > 0 && this.#sinceTurn + count > TURN_READINGS) {
      await this.#port.turn();
      this.#sinceTurn = 0;
    }
    this.#sinceTurn += count;
    return {
      at: batch.at,
      count,
      clock: batch.clock,
      uptime: wholeMs(batch.uptime),
      body: encodeBatch(batch, (point, unit) => this.#idOf(point, unit)),
    };
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

function storedEvent({ seq, body, time }: EngineAnswers["events"][number]): StoredEvent {
  const event = body === null ? null : eventOf(body);
  return { seq, event: event && timedEvent(event, time) };
}

/** As it is stored: a moment is not needed closer than its wall time. */
function wholeMs(uptime: number | undefined): number | null {
  return uptime === undefined ? null : Math.round(uptime);
}

function nameOf(point: string, unit: string | null): string {
  return unit === null ? point : `${point} ${unit}`;
}
