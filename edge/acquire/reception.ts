import { GatewayError } from "../core/errors.ts";
import type { Link, ListenSettings } from "../core/link.ts";
import { after, type UptimeMs } from "../core/time.ts";
import { Doorbell } from "../doorbell.ts";
import type { World } from "../world.ts";
import { type Caller, describeBytes, describeIdentity, recognise } from "./caller.ts";

/** How long a caller may take to say who it is, in milliseconds. */
const REGISTRATION_MS = 10_000;
/** The most callers of whom it is not known who they are; one more is refused. */
const UNKNOWN_MAX = 32;
/** How often a refused caller is told to the log at most, in milliseconds. */
const TELL_EVERY_MS = 60_000;
/** The longest wait for a ring: none is missed, so this only bounds a sleep. */
const WAIT_MS = 3_600_000;

/** The place of one caller. */
type Seat = {
  readonly caller: Caller;
  bell: Doorbell | null;
  /** Whether its first wait is over. */
  isTried: boolean;
  /** Dialled in and not yet fetched. */
  waiting: Link | null;
  /** The one that was fetched last, while it lives. */
  serving: Link | null;
};

/**
 * A port that serial servers dial in to. Each is known by what it sends first or by its address,
 * and handed to its bus; whoever is not known is hung up on.
 */
export class Reception {
  readonly #world: World;
  readonly #settings: ListenSettings;
  readonly #seats: ReadonlyMap<string, Seat>;
  readonly #unknown = new Set<Link>();
  /** Resolves when the port is open; null while it is closed. */
  #listening: Promise<void> | null = null;
  #refused = 0;
  #toldAt: UptimeMs | null = null;

  constructor(world: World, settings: ListenSettings, callers: readonly Caller[]) {
    this.#world = world;
    this.#settings = settings;
    const seats = callers.map((caller): [string, Seat] => [
      caller.bus,
      { caller, bell: null, isTried: false, waiting: null, serving: null },
    ]);
    this.#seats = new Map(seats);
  }

  /**
   * The connection that the peer of `bus` made last, as soon as it has. The first wait ends after
   * `firstWaitMs` with `link.refused`, so that it is seen that nobody is there; later ones end when
   * the peer has dialled in. Rejects with `link.refused` also where the port cannot be opened, and
   * with the reason of `signal`, which is the same for all buses of the port.
   */
  async next(bus: string, firstWaitMs: number, signal: AbortSignal): Promise<Link> {
    const { clock } = this.#world;
    const seat = this.#seats.get(bus) as Seat;
    seat.bell ??= new Doorbell(clock, signal);
    const end = after(clock.uptime(), seat.isTried ? Number.POSITIVE_INFINITY : firstWaitMs);
    for (;;) {
      await this.#listen(signal);
      if (seat.waiting !== null || clock.uptime() >= end) break;
      await seat.bell.wait(Math.min(WAIT_MS, end - clock.uptime()));
    }
    seat.isTried = true;
    const link = seat.waiting;
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
    for (const link of this.#unknown) link.close();
    for (const { waiting } of this.#seats.values()) waiting?.close();
  }

  #onCall(link: Link, address: string, signal: AbortSignal): void {
    if (signal.aborted) link.close();
    else if (this.#take(link, address, new Uint8Array(0))) return;
    else if (this.#unknown.size < UNKNOWN_MAX) this.#askWho(link, address);
    else this.#refuse(link, address, `${UNKNOWN_MAX} others have not said who they are`);
  }

  /** Listens to `link` until it is known whose it is. */
  #askWho(link: Link, address: string): void {
    this.#unknown.add(link);
    const done = new AbortController();
    let sent = new Uint8Array(0);
    const end = () => {
      this.#unknown.delete(link);
      link.onData = null;
      done.abort();
    };
    link.onData = (bytes) => {
      sent = Uint8Array.of(...sent, ...bytes);
      if (this.#take(link, address, sent)) end();
    };
    void link.closed.then(end);
    this.#world.clock.sleep(REGISTRATION_MS, done.signal).then(
      () => {
        end();
        const said = sent.length === 0 ? "nothing" : `only ${describeBytes(sent)}`;
        this.#refuse(link, address, `it sent ${said} within ${REGISTRATION_MS / 1000} s`);
      },
      // Its end is known.
      () => {},
    );
  }

  /** Seats or refuses the caller; says whether it is known which. */
  #take(link: Link, address: string, sent: Uint8Array): boolean {
    const callers = [...this.#seats.values()].map(({ caller }) => caller);
    const recognised = recognise(callers, address, sent);
    switch (recognised.kind) {
      case "unsure":
        return false;
      case "stranger": {
        const what = sent.length === 0 ? "its address" : `its registration ${describeBytes(sent)}`;
        this.#refuse(link, address, `${what} is not known`);
        return true;
      }
      case "caller":
        this.#seat(this.#seats.get(recognised.bus) as Seat, link, address);
        return true;
    }
  }

  /** A peer that dials in anew has lost its connection, whatever this end knows of it. */
  #seat(seat: Seat, link: Link, address: string): void {
    this.#world.log("info", `the peer of bus ${seat.caller.bus} dialled in`, { from: address });
    seat.waiting?.close();
    seat.serving?.close();
    seat.waiting = link;
    void link.closed.then(() => {
      if (seat.waiting === link) seat.waiting = null;
      if (seat.serving === link) seat.serving = null;
    });
    seat.bell?.ring();
  }

  #refuse(link: Link, address: string, why: string): void {
    link.close();
    this.#refused++;
    const now = this.#world.clock.uptime();
    if (this.#toldAt !== null && now < after(this.#toldAt, TELL_EVERY_MS)) return;
    const fields = { from: address, cause: why, refused: this.#refused };
    this.#world.log("warn", `refused a caller at ${this.#place}`, fields);
    this.#toldAt = now;
    this.#refused = 0;
  }
}
