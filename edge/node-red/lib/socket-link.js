import { backoffMs, pause } from "./backoff.js";
import { ControlConnection } from "./control-connection.js";
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
  #calls = null;
  /** The patterns of each node that wants readings. */
  #wanted = new Map();
  /** Ends the following of readings; null while nobody wants any. */
  #following = null;
  /** Closes a connection over which nothing more was asked. */
  #idle = null;
  #underWay = 0;

  constructor(path) {
    super();
    this.#path = path;
    void this.#forever((connection) => this.#events(connection), this.#over.signal);
  }

  /** Has readings of `patterns` told, from now on, until the function that it gives is called. */
  want(patterns) {
    const key = Symbol("a node");
    this.#wanted.set(key, patterns);
    if (this.#following === null) {
      this.#following = new AbortController();
      const { signal } = this.#following;
      void this.#forever((connection) => this.#readings(connection, signal), signal);
    }
    return () => {
      this.#wanted.delete(key);
      if (this.#wanted.size === 0) this.#unfollow();
    };
  }

  /** Everything that the gateway says of itself. Rejects with a `CallError`, as all here do. */
  async status() {
    const status = await this.#call("status", {});
    this.emit("status", status);
    return status;
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
    clearTimeout(this.#idle);
    this.#calls?.close();
  }

  #unfollow() {
    this.#following?.abort();
    this.#following = null;
    this.#seen.readings = null;
  }

  async #call(method, params, answerMs) {
    clearTimeout(this.#idle);
    if (this.#calls === null || this.#calls.isClosed) {
      this.#calls = new ControlConnection(this.#path);
    }
    const calls = this.#calls;
    this.#underWay++;
    try {
      return await calls.call(method, params, answerMs);
    } finally {
      this.#underWay--;
      // The gateway tells of clients that keep a connection and ask nothing.
      if (this.#underWay === 0) this.#idle = setTimeout(() => calls.close(), IDLE_MS).unref();
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
    const params = () => ({ from: this.#seen.events?.next ?? null, waitMs: WAIT_MS });
    while (!this.#over.signal.aborted) {
      const isFirst = !this.state.isConnected;
      // At first it is only asked where events stand, so that it is known at once who is there.
      const asked = isFirst ? { ...params(), waitMs: 0 } : params();
      const page = await connection.call("events", asked, WAIT_MS + PATIENCE_MS);
      if (isFirst) {
        this.turned(true);
        this.emit("status", await connection.call("status", {}));
      }
      this.#note("events", page);
      for (const event of page.events) this.emit("event", event);
    }
  }

  async #readings(connection, signal) {
    while (!signal.aborted) {
      const points = [...new Set([...this.#wanted.values()].flat())];
      const from = this.#seen.readings?.next ?? null;
      // The gateway takes 64 patterns: beyond that all is asked for, and picked out here.
      const order = {
        from,
        waitMs: WAIT_MS,
        gatherMs: GATHER_MS,
        ...(points.length <= 64 && { points }),
      };
      const page = await connection.call("readings", order, WAIT_MS + PATIENCE_MS);
      this.#note("readings", page);
      if (page.readings.length > 0) this.emit("readings", page.readings);
    }
  }

  #seen = { events: null, readings: null };

  /** Notes how far was told, and tells what was not. */
  #note(kind, { since, next, missed }) {
    const before = this.#seen[kind];
    this.#seen[kind] = { since, next };
    if (before !== null && before.since !== since) this.emit("missed", null);
    else if (missed > 0) this.emit("missed", missed);
  }
}
