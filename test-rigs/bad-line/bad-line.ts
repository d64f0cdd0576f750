import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Random } from "../sim/random.ts";

/** How bad the line is; times as if it were not hurried. */
export type BadLine = {
  readonly bytesPerS: number;
  /** How much faster than life it goes. */
  readonly speed: number;
  /** In each stretch of up to a minute it is cut with this chance, drawn from `random`. */
  readonly cutChance: number;
  readonly random: Random;
  /** So many outages, one each time another share of `payloadBytes` came. */
  readonly outages: number;
  readonly payloadBytes: number;
  /**
   * How many bytes whoever reads has put away. A hurried line waits for it: one that is not never
   * brings more than a process takes at once.
   */
  taken(): number;
};

const TICK_MS = 5;
/** A line does not read ahead of what it sends by more than this, in bytes. */
const AHEAD_BYTES = 65_536;
/** Nor is whoever reads behind by more: what begins a connection, and a record of TLS or two. */
const BEHIND_BYTES = 6_144;
const STRETCH_MS = 60_000;
/** Every other outage refuses, and every other only goes silent, for so long. */
const REFUSED_MS = 60_000;
const SILENT_MS = 90_000;

/** One connection: what it has still to bring down, and whether the server has said all. */
type Connection = {
  readonly client: Socket;
  readonly server: Socket;
  queue: Buffer;
  isOver: boolean;
  /** What it brought, and what was taken before. */
  brought: number;
  readonly takenBefore: number;
};

/** A line to a server at `port`: slow, cut now and then, and gone for a while. Counts every byte. */
export class BadLineProxy {
  readonly #line: BadLine;
  readonly #port: number;
  readonly #listener: Server;
  readonly #connections = new Set<Connection>();
  readonly #timer: NodeJS.Timeout;
  #credit = 0;
  #last = performance.now();
  #stretchEnd = 0;
  #outageEnd = 0;
  #outages = 0;
  #cuts = 0;
  #made = 0;
  #up = 0;
  #down = 0;

  constructor(line: BadLine, port: number) {
    this.#line = line;
    this.#port = port;
    this.#listener = createServer((client) => this.#accept(client));
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Resolves with the port that it listens on. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#listener.listen(0, "127.0.0.1", resolve));
    return (this.#listener.address() as AddressInfo).port;
  }

  /** What went over the line, in bytes, and what became of it. */
  get tally() {
    const { up, down } = { up: this.#up, down: this.#down };
    return { up, down, connections: this.#made, cuts: this.#cuts, outages: this.#outages };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#cutAll();
    this.#listener.close();
  }

  /** As if the line were not hurried. */
  get #now(): number {
    return performance.now() * this.#line.speed;
  }

  get #isOut(): boolean {
    return this.#now < this.#outageEnd;
  }

  get #isSilent(): boolean {
    return this.#isOut && this.#outages % 2 === 0;
  }

  #accept(client: Socket): void {
    client.on("error", () => {});
    if (this.#isOut && !this.#isSilent) return void client.destroy();
    this.#made += 1;
    const server = connect(this.#port, "127.0.0.1");
    const connection: Connection = {
      client,
      server,
      queue: Buffer.alloc(0),
      isOver: false,
      brought: 0,
      takenBefore: this.#line.taken(),
    };
    this.#connections.add(connection);
    client.setNoDelay(true);
    client.on("data", (bytes) => {
      this.#up += bytes.length;
      if (!this.#isSilent) server.write(bytes);
    });
    server.on("error", () => {});
    server.on("data", (bytes) => {
      connection.queue = Buffer.concat([connection.queue, bytes]);
      if (connection.queue.length > AHEAD_BYTES) server.pause();
    });
    server.on("close", () => {
      connection.isOver = true;
    });
    client.on("close", () => {
      server.destroy();
      this.#connections.delete(connection);
    });
  }

  #tick(): void {
    const now = performance.now();
    const { bytesPerS, speed } = this.#line;
    const earned = ((now - this.#last) / 1_000) * bytesPerS * speed;
    this.#last = now;
    this.#spoil();
    // What was not used is gone: a line does not catch up.
    this.#credit = this.#isOut ? 0 : Math.min(earned * 2, this.#credit + earned);
    for (const connection of this.#connections) this.#bring(connection);
  }

  #bring(connection: Connection): void {
    const { client, server, queue } = connection;
    if (this.#isOut) return;
    const taken = this.#line.taken() - connection.takenBefore;
    const most = Math.max(0, taken + BEHIND_BYTES - connection.brought);
    const bytes = queue.subarray(0, Math.min(most, Math.floor(this.#credit)));
    this.#credit -= bytes.length;
    connection.brought += bytes.length;
    this.#down += bytes.length;
    connection.queue = queue.subarray(bytes.length);
    if (bytes.length > 0) client.write(bytes);
    if (connection.queue.length <= AHEAD_BYTES) server.resume();
    if (connection.isOver && connection.queue.length === 0) client.end();
  }

  #spoil(): void {
    const { cutChance, random, outages, payloadBytes } = this.#line;
    if (this.#isOut) return;
    if (this.#outages < outages && this.#down > (payloadBytes * (this.#outages + 0.5)) / outages) {
      this.#outages += 1;
      this.#outageEnd = this.#now + (this.#outages % 2 === 0 ? SILENT_MS : REFUSED_MS);
      if (!this.#isSilent) this.#cutAll();
      return;
    }
    if (this.#now < this.#stretchEnd) return;
    const isCut = this.#stretchEnd > 0 && random.chance(cutChance);
    this.#stretchEnd = this.#now + STRETCH_MS * random.between(0.25, 1);
    if (!isCut || this.#connections.size === 0) return;
    this.#cuts += 1;
    this.#cutAll();
  }

  #cutAll(): void {
    for (const { client, server } of this.#connections) {
      client.destroy();
      server.destroy();
    }
    this.#connections.clear();
  }
}
