import { GatewayError } from "../core/errors.ts";
import type { Link, ListenSettings } from "../core/link.ts";
import { after } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import {
  type Caller,
  describeBytes,
  describeIdentity,
  type Recognised,
  recognise,
} from "./caller.ts";
import { Lobby } from "./lobby.ts";
import { Rivals } from "./rivals.ts";
import { Seldom } from "./seldom.ts";

/** The place of one caller. */
type Seat = {
  readonly caller: Caller;
  bell: Doorbell | null;
  /** Whether nobody came while it was last waited for. */
  isMissed: boolean;
  /** Dialled in and not yet fetched. */
  waiting: Link | null;
  /** The one that was fetched last, while it lives. */
  serving: Link | null;
  /** Tells how often its peer dialled in. */
  readonly dials: Seldom;
  readonly rivals: Rivals;
  /** Where its peer dialled in from last; null before the first time. */
  address: string | null;
};

/** Peers of `bus` began to displace each other, the last from `addresses`; null when it is over. */
export type OnRivals = (bus: string, addresses: readonly string[] | null) => void;

/**
 * A port that serial servers dial in to. Each is known by what it sends first or by its address,
 * and handed to its bus; whoever is not known is hung up on.
 */
export class Reception {
  readonly #world: World;
  readonly #settings: ListenSettings;
  readonly #onRivals: OnRivals;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #lobby: Lobby;
  /** Resolves when the port is open; null while it is closed. */
  #listening: Promise<void> | null = null;
  readonly #refusals: Seldom;

  constructor(
    world: World,
    settings: ListenSettings,
    callers: readonly Caller[],
    onRivals: OnRivals,
  ) {
    this.#world = world;
    this.#onRivals = onRivals;
    this.#settings = settings;
    const seats = callers.map((caller): [string, Seat] => [
      caller.bus,
      {
        caller,
        bell: null,
        isMissed: false,
        waiting: null,
        serving: null,
        dials: new Seldom(world.clock),
        rivals: new Rivals(),
        address: null,
      },
    ]);
    this.#seats = new Map(seats);
    this.#refusals = new Seldom(world.clock);
    this.#lobby = new Lobby(world.clock, (address, sent) => recognise(callers, address, sent));
  }

  /**
   * The connection that the peer of `bus` made last, as soon as it has. The first wait after a start,
   * and after each connection, ends after `firstWaitMs` with `link.refused`, so that it is seen that
   * nobody is there; those behind it end when the peer has dialled in. Rejects with `link.refused` also where the port cannot be opened, and
   * with the reason of `signal`, which is the same for all buses of the port.
   */
  async next(bus: string, firstWaitMs: number, signal: AbortSignal): Promise<Link> {
    const { clock } = this.#world;
    const seat = this.#seats.get(bus) as Seat;
    seat.bell ??= new Doorbell(clock, signal);
    const end = after(clock.uptime(), seat.isMissed ? Number.POSITIVE_INFINITY : firstWaitMs);
    for (;;) {
      await this.#listen(signal);
      if (seat.waiting !== null || clock.uptime() >= end) break;
      await seat.bell.wait(end - clock.uptime());
    }
    const link = seat.waiting;
    seat.isMissed = link === null;
    if (link === null) throw this.#nobody(seat.caller);
    seat.waiting = null;
    seat.serving = link;
    return link;
  }

  #nobody({ identity }: Caller): GatewayError {
    const who = describeIdentity(identity);
    return new GatewayError("link.refused", `nobody with ${who} has dialled in to ${this.#place}`);
  }

  get #place(): string {
    const { host, port } = this.#settings;
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  /** Opens the port where it is closed. */
  async #listen(signal: AbortSignal): Promise<void> {
    this.#listening ??= this.#open(signal);
    try {
      await this.#listening;
    } catch (error) {
      this.#listening = null;
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    const onCall = (link: Link, address: string) => this.#onCall(link, address, signal);
    const listener = await this.#world.listenTcp(this.#settings, onCall, signal);
    signal.addEventListener("abort", () => this.#hangUp(), { once: true });
    void listener.closed.then((why) => {
      this.#listening = null;
      if (signal.aborted) return;
      this.#world.log("error", `${this.#place} takes no more calls`, { cause: why });
      for (const { bell } of this.#seats.values()) bell?.ring();
    });
  }

  /** Ends every connection that no bus has. */
  #hangUp(): void {
    this.#lobby.close();
    for (const { waiting } of this.#seats.values()) waiting?.close();
  }

  #onCall(link: Link, address: string, signal: AbortSignal): void {
    if (signal.aborted) {
      link.close();
      return;
    }
    this.#lobby.enter(link, address, {
      onKnown: (whose, sent) => this.#decide(whose, { link, address, sent }, signal),
      onRefused: (why) => this.#refuse(link, address, why),
    });
  }

  /** Seats the caller, or refuses it where it is nobody's. */
  #decide(
    whose: Recognised,
    {
      link,
      address,
      sent,
    }: { readonly link: Link; readonly address: string; readonly sent: Uint8Array },
    signal: AbortSignal,
  ): void {
    if (whose.kind === "caller") {
      this.#seat(this.#seats.get(whose.bus) as Seat, link, address, signal);
      return;
    }
    const what = sent.length === 0 ? "its address" : `its registration ${describeBytes(sent)}`;
    this.#refuse(link, address, `${what} is not known`);
  }

  /** A peer that dials in anew has lost its connection, whatever this end knows of it. */
  #seat(seat: Seat, link: Link, address: string, signal: AbortSignal): void {
    seat.dials.tell((dials) =>
      this.#world.log("info", `the peer of bus ${seat.caller.bus} dialled in`, {
        from: address,
        dials,
      }),
    );
    if (seat.waiting !== null || seat.serving !== null) this.#displace(seat, address, signal);
    seat.address = address;
    seat.waiting?.close();
    seat.serving?.close();
    seat.waiting = link;
    void link.closed.then(() => {
      if (seat.waiting === link) seat.waiting = null;
      if (seat.serving === link) seat.serving = null;
    });
    seat.bell?.ring();
  }

  /** Tells when peers begin to displace each other, and when it is over. */
  #displace({ caller, rivals, address: last }: Seat, address: string, signal: AbortSignal): void {
    const { clock } = this.#world;
    if (!rivals.displaced(clock.uptime())) return;
    this.#onRivals(caller.bus, [...new Set([last ?? address, address])]);
    const wait = async () => {
      while (clock.uptime() < rivals.overAt) {
        await clock.sleep(rivals.overAt - clock.uptime(), signal);
      }
      rivals.end();
      this.#onRivals(caller.bus, null);
    };
    // It ends with the gateway, which nobody needs to be told.
    wait().catch((error) => {
      if (!signal.aborted) throw error;
    });
  }

  #refuse(link: Link, address: string, cause: string): void {
    link.close();
    this.#refusals.tell((refused) =>
      this.#world.log("warn", `refused a caller at ${this.#place}`, {
        from: address,
        cause,
        refused,
      }),
    );
  }
}
