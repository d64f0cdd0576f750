import { GatewayError } from "../core/errors.ts";
import type { Link, ListenSettings } from "../core/link.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import {
  type Caller,
  describeBytes,
  describeIdentity,
  type Recognised,
  recognise,
} from "./caller.ts";
import { Rivals } from "./rivals.ts";

/** How long a caller may take to say who it is, in milliseconds. */
const REGISTRATION_MS = 10_000;
/** After a registration what else comes within so many milliseconds tells whose it is. */
const SETTLE_MS = 500;
/** What is longer than this many bytes is no registration. */
const SENT_MAX = 1024;
/** The most callers of whom it is not known who they are; for one more the oldest has to go. */
const UNKNOWN_MAX = 32;
/** As many of them may come from one address. */
const UNKNOWN_PER_ADDRESS = 8;
/** How often callers, and the dialling in of one peer, are told to the log, in milliseconds. */
const TELL_EVERY_MS = 60_000;
/** The longest wait for a ring: none is missed, so this only bounds a sleep. */
const WAIT_MS = 3_600_000;

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
  readonly dials: Seldom;
  readonly rivals: Rivals;
  /** Where its peer dialled in from last; null before the first time. */
  address: string | null;
};

/** Peers of `bus` began to displace each other, the last from `addresses`; null when it is over. */
export type OnRivals = (bus: string, addresses: readonly string[] | null) => void;

/** What is told now and then, with how often it has happened since. */
type Seldom = { toldAt: UptimeMs | null; times: number };

/** A connection of which it is not known yet whose it is. */
type Unknown = {
  readonly link: Link;
  readonly address: string;
  readonly refuse: (why: string) => void;
};

/**
 * A port that serial servers dial in to. Each is known by what it sends first or by its address,
 * and handed to its bus; whoever is not known is hung up on.
 */
export class Reception {
  readonly #world: World;
  readonly #settings: ListenSettings;
  readonly #onRivals: OnRivals;
  readonly #seats: ReadonlyMap<string, Seat>;
  /** Who has waited longest stands first. */
  readonly #unknown = new Set<Unknown>();
  /** Resolves when the port is open; null while it is closed. */
  #listening: Promise<void> | null = null;
  readonly #refusals: Seldom = { toldAt: null, times: 0 };

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
        dials: { toldAt: null, times: 0 },
        rivals: new Rivals(),
        address: null,
      },
    ]);
    this.#seats = new Map(seats);
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
      await seat.bell.wait(Math.min(WAIT_MS, end - clock.uptime()));
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
    for (const { link } of this.#unknown) link.close();
    for (const { waiting } of this.#seats.values()) waiting?.close();
  }

  #onCall(link: Link, address: string, signal: AbortSignal): void {
    if (signal.aborted) {
      link.close();
      return;
    }
    const nothing = new Uint8Array(0);
    const whose = this.#whose(address, nothing);
    if (whose.kind !== "unsure") this.#decide(whose, { link, address, sent: nothing }, signal);
    else {
      this.#makeRoom(address);
      this.#askWho(link, address, signal);
    }
  }

  /** Who says nothing must not keep those out who would: the one that has waited longest goes. */
  #makeRoom(address: string): void {
    const all = [...this.#unknown];
    const alike = all.filter((unknown) => unknown.address === address);
    const why = "more have called since, and it has not said who it is";
    if (alike.length >= UNKNOWN_PER_ADDRESS) alike[0]?.refuse(why);
    else if (all.length >= UNKNOWN_MAX) all[0]?.refuse(why);
  }

  /** Listens to `link` until it is known whose it is. */
  #askWho(link: Link, address: string, signal: AbortSignal): void {
    const { clock } = this.#world;
    const done = new AbortController();
    let sent = new Uint8Array(0);
    let state: "unheard" | "settling" | "settled" = "unheard";
    const end = () => {
      this.#unknown.delete(unknown);
      link.onData = null;
      done.abort();
    };
    const refuse = (why: string) => {
      end();
      this.#refuse(link, address, why);
    };
    const heed = () => {
      if (sent.length > SENT_MAX) return refuse(`it sent ${describeBytes(sent)}`);
      const whose = this.#whose(address, sent);
      if (whose.kind === "unsure") return;
      if (whose.kind === "caller" && state !== "settled") return settle();
      end();
      this.#decide(whose, { link, address, sent }, signal);
    };
    const settle = () => {
      if (state === "settling") return;
      state = "settling";
      clock.sleep(SETTLE_MS, done.signal).then(
        () => {
          state = "settled";
          heed();
        },
        // Its end is known.
        () => {},
      );
    };
    const unknown = { link, address, refuse };
    this.#unknown.add(unknown);
    link.onData = (bytes) => {
      sent = Uint8Array.of(...sent, ...bytes);
      heed();
    };
    void link.closed.then(end);
    clock.sleep(REGISTRATION_MS, done.signal).then(
      () => {
        const said = sent.length === 0 ? "nothing" : `only ${describeBytes(sent)}`;
        refuse(`it sent ${said} within ${REGISTRATION_MS / 1000} s`);
      },
      () => {},
    );
  }

  #whose(address: string, sent: Uint8Array): Recognised {
    const callers = [...this.#seats.values()].map(({ caller }) => caller);
    return recognise(callers, address, sent);
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
    this.#tell(seat.dials, (dials) =>
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
    this.#tell(this.#refusals, (refused) =>
      this.#world.log("warn", `refused a caller at ${this.#place}`, {
        from: address,
        cause,
        refused,
      }),
    );
  }

  /** Tells now and then, with how often it has happened since. */
  #tell(seldom: Seldom, log: (times: number) => void): void {
    seldom.times++;
    const now = this.#world.clock.uptime();
    if (seldom.toldAt !== null && now < after(seldom.toldAt, TELL_EVERY_MS)) return;
    log(seldom.times);
    seldom.toldAt = now;
    seldom.times = 0;
  }
}
