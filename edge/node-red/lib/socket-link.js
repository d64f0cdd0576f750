import { backoffMs, pause } from "./backoff.js";
import { CallError, ControlConnection } from "./control-connection.js";
import { Link } from "./link.js";

/** The gateway answers when there is something, or after so long, in milliseconds. */
const WAIT_MS = 10_000;
/** What comes together is told together, in milliseconds. */
const GATHER_MS = 50;
/** Beyond its wait the gateway has so long to answer, in milliseconds. */
const PATIENCE_MS = 10_000;
/** A connection that lived for so long worked: the next is tried at once, in milliseconds. */
const LIVED_MS = 30_000;
/** A connection over which nothing is asked is closed after so long, in milliseconds. */
const IDLE_MS = 10_000;

/** A gateway on this machine, by its control socket. */
export class SocketLink extends Link {
  #path;
  #over = new AbortController();
  /** By method: a write that takes its time holds up no value that a flow tells, and no answer. */
  #calls = new Map();
  /** The patterns of each node that wants readings. */
  #wanted = new Map();
  /** Ends the following of readings; null while nobody wants any. */
  #following = null;
  /** Begins to follow what was wanted last. */
  #refollowing = null;
  /** What was told last of each kind: `since` when it was numbered, the `next` number. */
  #seen = { events: null, readings: null };

  constructor(path) {
    super();
    this.#path = path;
    void this.#forever((connection) => this.#events(connection), this.#over.signal);
  }

  /** Has readings of `patterns` told, from now on, until the function that it gives is called. */
  want(patterns) {
    const key = Symbol("a node");
    this.#wanted.set(key, patterns);
    if (this.#following === null) this.#follow();
    // Those of one deploy together: else what a later node wants waits for the answer under way.
    else this.#refollowing ??= setTimeout(() => this.#follow(), GATHER_MS);
    return () => {
      this.#wanted.delete(key);
      if (this.#wanted.size === 0) this.#unfollow();
    };
  }

  /** Everything that the gateway says of itself. Rejects with a `CallError`, as all here do. */
  status() {
    return this.#call("status", {});
  }

  /** Writes `value` to `point`; resolves with what came of it. */
  write(point, value) {
    return this.#call("write", { point, value: String(value) }, 60_000);
  }

  /** Acknowledges `alarm`; resolves with what became of it, `done` where it was. */
  acknowledge(alarm) {
    return this.#call("acknowledge", { alarm });
  }

  /** Tells values of points on a bus of kind local. */
  tell(readings) {
    return this.#call("tell", { readings });
  }

  close() {
    this.#over.abort();
    this.#unfollow();
    for (const { connection, idle } of this.#calls.values()) {
      clearTimeout(idle);
      connection.close();
    }
  }

  /** Follows readings, going on where they were told last. */
  #follow() {
    clearTimeout(this.#refollowing);
    this.#refollowing = null;
    this.#following?.abort();
    this.#following = new AbortController();
    const { signal } = this.#following;
    void this.#forever((connection) => this.#readings(connection, signal), signal);
  }

  #unfollow() {
    clearTimeout(this.#refollowing);
    this.#refollowing = null;
    this.#following?.abort();
    this.#following = null;
    this.#seen.readings = null;
  }

  async #call(method, params, answerMs) {
    if (this.#over.signal.aborted) throw new CallError("unreachable", "the flow was stopped");
    let calls = this.#calls.get(method);
    if (calls === undefined || calls.connection.isClosed) {
      calls = { connection: new ControlConnection(this.#path), underWay: 0, idle: null };
      this.#calls.set(method, calls);
    }
    const { connection } = calls;
    clearTimeout(calls.idle);
    calls.underWay++;
    try {
      return await connection.call(method, params, answerMs);
    } finally {
      calls.underWay--;
      // The gateway tells of clients that keep a connection and ask nothing.
      if (calls.underWay === 0) calls.idle = setTimeout(() => connection.close(), IDLE_MS).unref();
    }
  }

  /** Follows over one connection after the other, until `signal` aborts. */
  async #forever(follow, signal) {
    for (let failures = 0; !signal.aborted; ) {
      const connection = new ControlConnection(this.#path);
      const close = () => connection.close();
      const begun = performance.now();
      signal.addEventListener("abort", close, { once: true });
      try {
        await follow(connection);
      } catch (error) {
        // Whatever it is: an answer that is none must not end the flows.
        if (!signal.aborted) this.turned(false, error.message);
      }
      signal.removeEventListener("abort", close);
      connection.close();
      failures = performance.now() - begun > LIVED_MS ? 1 : failures + 1;
      await pause(backoffMs(failures), signal);
    }
  }

  async #events(connection) {
    while (!this.#over.signal.aborted) {
      const isFirst = !this.state.isConnected;
      // At first it is only asked where events stand, so that it is known at once who is there.
      const page = await this.#page("events", connection, { waitMs: isFirst ? 0 : WAIT_MS });
      if (isFirst) this.turned(true);
      for (const event of page.events) this.emit("event", event);
      if (isFirst) this.emit("status", await connection.call("status", {}));
    }
  }

  async #readings(connection, signal) {
    while (!signal.aborted) {
      const points = [...new Set([...this.#wanted.values()].flat())];
      // The gateway takes 64 patterns: beyond that all is asked for, and picked out here.
      const order = {
        waitMs: WAIT_MS,
        gatherMs: GATHER_MS,
        ...(points.length <= 64 && { points }),
      };
      const page = await this.#page("readings", connection, order);
      if (page.readings.length > 0) this.emit("readings", page.readings);
    }
  }

  /**
   * What comes after what was told. A gateway that was started anew numbers from 0: all that it has
   * done since is told, and that something of before is missed.
   */
  async #page(kind, connection, order) {
    const before = this.#seen[kind];
    const ask = (more) => connection.call(kind, { ...order, ...more }, WAIT_MS + PATIENCE_MS);
    let page = await ask({ from: before?.next ?? null });
    const isAnew = before !== null && before.since !== page.since;
    if (isAnew) page = await ask({ from: 0, waitMs: 0 });
    this.#seen[kind] = { since: page.since, next: page.next };
    if (isAnew) this.emit("missed", null);
    else if (page.missed > 0) this.emit("missed", page.missed);
    return page;
  }
}
