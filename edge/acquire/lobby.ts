import type { Link } from "../core/link.ts";
import type { Clock } from "../core/time.ts";
import { describeBytes, type Recognised } from "./caller.ts";

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

/** Whom a caller is taken for that comes from `address` and has sent these bytes so far. */
export type Recognise = (address: string, sent: Uint8Array) => Recognised;

/** What becomes of a caller, one of the two, once. It is not listened to any more then. */
export type Entry = {
  /** It is known whose it is, or that it is nobody's, by what it `sent`. */
  readonly onKnown: (whose: Recognised, sent: Uint8Array) => void;
  /** It did not say who it is, and is to be hung up on. */
  readonly onRefused: (why: string) => void;
};

/** A connection of which it is not known yet whose it is. */
type Unknown = {
  readonly link: Link;
  readonly address: string;
  readonly refuse: (why: string) => void;
};

/** Where callers wait of whom it is not known yet who they are, few at a time and not for long. */
export class Lobby {
  readonly #clock: Clock;
  readonly #recognise: Recognise;
  /** Who has waited longest stands first. */
  readonly #unknown = new Set<Unknown>();

  constructor(clock: Clock, recognise: Recognise) {
    this.#clock = clock;
    this.#recognise = recognise;
  }

  /** Takes in a caller: who is known by its address does not wait. */
  enter(link: Link, address: string, entry: Entry): void {
    const nothing = new Uint8Array(0);
    const whose = this.#recognise(address, nothing);
    if (whose.kind !== "unsure") entry.onKnown(whose, nothing);
    else {
      this.#makeRoom(address);
      this.#askWho(link, address, entry);
    }
  }

  /** Ends every connection that waits here. */
  close(): void {
    for (const { link } of this.#unknown) link.close();
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
  #askWho(link: Link, address: string, { onKnown, onRefused }: Entry): void {
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
      onRefused(why);
    };
    const heed = () => {
      if (sent.length > SENT_MAX) return refuse(`it sent ${describeBytes(sent)}`);
      const whose = this.#recognise(address, sent);
      if (whose.kind === "unsure") return;
      if (whose.kind === "caller" && state !== "settled") return settle();
      end();
      onKnown(whose, sent);
    };
    const settle = () => {
      if (state === "settling") return;
      state = "settling";
      this.#clock.sleep(SETTLE_MS, done.signal).then(
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
    this.#clock.sleep(REGISTRATION_MS, done.signal).then(
      () => {
        const said = sent.length === 0 ? "nothing" : `only ${describeBytes(sent)}`;
        refuse(`it sent ${said} within ${REGISTRATION_MS / 1000} s`);
      },
      () => {},
    );
  }
}
