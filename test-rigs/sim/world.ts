import { GatewayError } from "../../edge/core/errors.ts";
import type { Link, SerialSettings } from "../../edge/core/link.ts";
import type { MqttSettings, Uplink } from "../../edge/core/uplink.ts";
import type { LogLevel, World } from "../../edge/world.ts";
import type { SimBroker } from "./broker.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { SimSerialLine } from "./serial-line.ts";
import type { SimLink } from "./sim-link.ts";
import type { Trace } from "./trace.ts";

export type SimWorldParts = {
  readonly clock: SimClock;
  readonly random: Random;
  readonly trace: Trace;
  /** Serial lines by the path of their port. */
  readonly lines: ReadonlyMap<string, SimSerialLine>;
  readonly broker: SimBroker;
};

/** A promise that nobody will ever hear of: what a dead process waits for. */
export const NEVER: Promise<never> = new Promise(() => {});

/** The world of one life of a gateway, from its start to its end. */
export class SimWorld implements World {
  readonly clock: SimClock;
  readonly #parts: SimWorldParts;
  readonly #life: number;
  readonly #links = new Set<SimLink>();
  #isDead = false;

  constructor(parts: SimWorldParts, life: number) {
    this.clock = parts.clock;
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
    if (this.#isDead) return NEVER;
    const line = this.#parts.lines.get(settings.path);
    if (line === undefined) throw new GatewayError("link.refused", `no port ${settings.path}`);
    const link = line.open(settings, this.#life);
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    return link;
  }

  openTcp(): Promise<Link> {
    return Promise.reject(new GatewayError("link.refused", "no network in this world"));
  }

  async connectMqtt(settings: MqttSettings): Promise<Uplink> {
    const uplink = await this.#parts.broker.connect(settings);
    return this.#isDead ? NEVER : uplink;
  }

  log(level: LogLevel, text: string, fields?: Readonly<Record<string, unknown>>): void {
    if (!this.#isDead)
      this.#parts.trace.add(`life ${this.#life}`, `${level} ${text} ${JSON.stringify(fields)}`);
  }

  /** The process is killed: nothing that it still does reaches anything. */
  die(): void {
    this.#isDead = true;
    for (const link of this.#links) link.orphan();
    this.#parts.broker.orphan();
  }
}
