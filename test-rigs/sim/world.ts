import type { BoardLink, BoardSettings, LineSettings } from "../../edge/core/board.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { HttpClient, HttpSettings } from "../../edge/core/http.ts";
import type {
  Link,
  Listener,
  ListenSettings,
  SerialSettings,
  TcpSettings,
  UdpSettings,
} from "../../edge/core/link.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { MqttSettings, Uplink } from "../../edge/core/uplink.ts";
import type { LogLevel, UsbRebinding, World } from "../../edge/world.ts";
import type { SimBoard } from "./board.ts";
import type { SimBroker } from "./broker.ts";
import type { SimCentreEndpoint } from "./centre-endpoint.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { SimSerialLine } from "./serial-line.ts";
import type { SimServer } from "./server.ts";
import type { SimLink } from "./sim-link.ts";
import type { SimSwitchboard } from "./switchboard.ts";
import type { SimTalkerLine } from "./talker-line.ts";
import type { SimTcpEndpoint } from "./tcp-endpoint.ts";
import type { Trace } from "./trace.ts";
import type { SimUdpEndpoint } from "./udp-endpoint.ts";

export type SimWorldParts = {
  readonly clock: SimClock;
  readonly random: Random;
  readonly trace: Trace;
  /** Serial lines by the path of their port. */
  readonly lines: ReadonlyMap<string, SimSerialLine | SimTalkerLine>;
  /** Modbus TCP endpoints and centres by their `host:port`. */
  readonly endpoints: ReadonlyMap<string, SimTcpEndpoint | SimCentreEndpoint>;
  /** Boards by the path of their port. */
  readonly boards: ReadonlyMap<string, SimBoard>;
  /** Endpoints that are spoken to over UDP, by their `host:port`. */
  readonly udpEndpoints: ReadonlyMap<string, SimUdpEndpoint>;
  /** Where devices call that dial in. */
  readonly switchboard: SimSwitchboard;
  readonly broker: SimBroker;
  /** Servers by their urls; left out where there are none. */
  readonly servers?: ReadonlyMap<string, SimServer>;
};

/**
 * A promise that nobody will ever hear of: what a dead process waits for. Always another one, so
 * that what waits for it can be forgotten.
 */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/** The world of one life of a gateway, from its start to its end. */
export class SimWorld implements World {
  readonly clock: Clock;
  readonly #parts: SimWorldParts;
  readonly #life: number;
  readonly #links = new Set<SimLink>();
  readonly #boards = new Set<BoardLink>();
  readonly #listeners = new Set<Listener>();
  #isDead = false;

  constructor(parts: SimWorldParts, life: number) {
    this.clock = parts.clock.ofMachine();
    this.#parts = parts;
    this.#life = life;
  }

  /** Whether the process that lived in this world was killed. */
  get isDead(): boolean {
    return this.#isDead;
  }

  random(): number {
    return this.#parts.random.next();
  }

  async openSerial(settings: SerialSettings): Promise<Link> {
    await this.clock.sleep(this.#parts.random.between(1, 10));
    if (this.#isDead) return never();
    const line = this.#parts.lines.get(settings.path);
    if (line === undefined) throw new GatewayError("link.refused", `no port ${settings.path}`);
    return this.#hold(line.open(settings, this.#life));
  }

  /** An endpoint that is not there at all does not even refuse: connecting times out. */
  async openTcp(settings: TcpSettings): Promise<Link> {
    const { host, port, connectTimeoutMs } = settings;
    const endpoint = this.#parts.endpoints.get(`${host}:${port}`);
    const waitMs = this.#parts.random.between(1, 10);
    await this.clock.sleep(endpoint === undefined ? connectTimeoutMs : waitMs);
    if (this.#isDead) return never();
    if (endpoint === undefined) {
      const text = `cannot connect to ${host}:${port}: no answer within ${connectTimeoutMs} ms`;
      throw new GatewayError("link.refused", text);
    }
    return this.#hold(endpoint.open(settings, this.#life));
  }

  /** A host without an endpoint is one whose name is not known. */
  async openUdp({ host, port }: UdpSettings): Promise<Link> {
    await this.clock.sleep(this.#parts.random.between(1, 10));
    if (this.#isDead) return never();
    const endpoint = this.#parts.udpEndpoints.get(`${host}:${port}`);
    if (endpoint === undefined) throw new GatewayError("link.refused", `no host ${host}`);
    return this.#hold(endpoint.open(this.#life));
  }

  async listenTcp(
    settings: ListenSettings,
    onCall: (link: Link, address: string) => void,
    signal: AbortSignal,
  ): Promise<Listener> {
    await this.clock.sleep(this.#parts.random.between(1, 10));
    if (this.#isDead || signal.aborted) return never();
    const listener = this.#parts.switchboard.listen(settings, {
      life: this.#life,
      onCall: (link, address) => onCall(this.#hold(link), address),
    });
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => listener.close(), { once: true });
    return listener;
  }

  openBoard(settings: BoardSettings): Promise<BoardLink> {
    return this.#openBoard(settings.path, settings, this.#parts.random.between(500, 3000));
  }

  openLines(settings: LineSettings): Promise<BoardLink> {
    return this.#openBoard(settings.chip, settings, this.#parts.random.between(5, 30));
  }

  async #openBoard(
    path: string,
    settings: Pick<BoardSettings, "tasks">,
    tookMs: number,
  ): Promise<BoardLink> {
    await this.clock.sleep(tookMs);
    if (this.#isDead) return never();
    const board = this.#parts.boards.get(path);
    if (board === undefined) throw new GatewayError("link.refused", `no port ${path}`);
    const link = board.open(settings);
    this.#boards.add(link);
    void link.closed.then(() => this.#boards.delete(link));
    return link;
  }

  /** Simulated lines hang on no USB. */
  usbOf(): Promise<null> {
    return Promise.resolve(null);
  }

  rebindUsb(): Promise<UsbRebinding> {
    return Promise.resolve({ kind: "failed", why: "there is no USB" });
  }

  giveBackUsb(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  async connectMqtt(settings: MqttSettings, signal: AbortSignal): Promise<Uplink> {
    const uplink = await this.#parts.broker.connect(settings, signal);
    return this.#isDead ? never() : uplink;
  }

  openHttp({ url }: HttpSettings): Promise<HttpClient> {
    const client = this.#parts.servers?.get(url)?.open();
    if (client === undefined) {
      return Promise.reject(new GatewayError("uplink.refused", "no server is simulated"));
    }
    const send: HttpClient["send"] = (request) =>
      client.send(request).then(
        (answer) => (this.#isDead ? never() : answer),
        (error) => (this.#isDead ? never() : Promise.reject(error)),
      );
    return Promise.resolve({ ...client, send });
  }

  residentBytes(): number {
    return 100_000_000;
  }

  log(level: LogLevel, text: string, fields?: Readonly<Record<string, unknown>>): void {
    if (!this.#isDead)
      this.#parts.trace.add(`life ${this.#life}`, `${level} ${text} ${JSON.stringify(fields)}`);
  }

  /** Remembers an open link, which dies with the process. */
  #hold(link: SimLink): SimLink {
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    return link;
  }

  /** The process is killed: nothing that it still does reaches anything. */
  die(): void {
    this.#isDead = true;
    for (const link of this.#links) link.orphan();
    for (const board of this.#boards) {
      board.onNews = null;
      board.close();
    }
    for (const listener of this.#listeners) listener.close();
    this.#parts.broker.orphan();
  }
}
