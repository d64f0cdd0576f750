import { GatewayError } from "../../edge/core/errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../edge/core/http.ts";
import { type BrokerFaults, type Delivery, NO_BROKER_FAULTS } from "./broker.ts";
import type { SimClock } from "./clock.ts";
import type { Random } from "./random.ts";
import type { Trace } from "./trace.ts";

/**
 * A platform that takes POSTs, as a gateway sees it: it can be away, answer that it takes nothing now
 * though it is there, break off what is under way, and lose its answer to what it took.
 */
export class SimServer {
  readonly deliveries: Delivery[] = [];
  faults: BrokerFaults = NO_BROKER_FAULTS;
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #trace: Trace;
  #state: "up" | "away" | "unwilling" = "up";
  /** Counts the breaks: what was under way before one gets no answer. */
  #breaks = 0;

  constructor(clock: SimClock, random: Random, trace: Trace) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
  }

  open(): HttpClient {
    let isOpen = true;
    return {
      send: (request) => this.#send(request, () => isOpen),
      renew: () => Promise.resolve(),
      close: () => {
        isOpen = false;
      },
    };
  }

  /** Is away from now on, or is there and takes nothing. */
  goAway(): void {
    this.#state = this.#random.pick(["away", "unwilling"] as const);
    this.dropSession();
  }

  comeBack(): void {
    this.#state = "up";
  }

  /** What is under way is broken off. */
  dropSession(): void {
    this.#breaks++;
  }

  async #send(request: HttpRequest, isOpen: () => boolean): Promise<HttpAnswer> {
    const breaks = this.#breaks;
    const { carryMs, slowMs, ackLost } = this.faults;
    const broken = () => this.#state === "away" || breaks !== this.#breaks || !isOpen();
    await this.#clock.sleep(this.#random.between(0.5, carryMs));
    if (broken()) throw new GatewayError("uplink.refused", "the simulated server is away");
    const isTaken = request.method === "POST" && this.#state === "up";
    if (isTaken) this.#take(request);
    const status = request.method === "POST" && !isTaken ? 503 : 204;
    const isLost = this.#random.chance(ackLost);
    await this.#clock.sleep(this.#random.between(0.5, slowMs));
    if (isLost || broken()) throw new GatewayError("uplink.refused", "an answer was lost");
    return { status, retryAfterMs: null, said: "" };
  }

  #take({ headers, body }: HttpRequest): void {
    const topic = headers["Lifeline-Topic"] ?? "";
    const payload = typeof body === "string" ? body : new TextDecoder().decode(body);
    this.#trace.add("server", `${topic} ${payload}`);
    const [at, uptime] = [this.#clock.now(), this.#clock.uptime()];
    this.deliveries.push({ topic, payload, retain: false, at, uptime });
  }
}
