import { lstat, stat, symlink } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";

/** The version of the gateway's calls that these nodes make. */
const VERSION = 1;
/** The longest answer that is taken, in characters: one whole status of 10,000 points is 4 MB. */
const ANSWER_MAX = 32_000_000;

/** Why a call came to nothing: `code` as the gateway says it, or `unreachable` or `silent`. */
export class CallError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** One connection to the control socket of a gateway: one call after the other. */
export class ControlConnection {
  #socket;
  #path;
  #received = "";
  #pending = null;
  #last = Promise.resolve();
  #isClosed = false;

  /** Connects to the socket at `path`; what fails shows at the first call. */
  constructor(path) {
    this.#path = path;
    this.#socket = createConnection(path);
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (text) => this.#take(text));
    this.#socket.on("error", (error) => this.#fail(error.message));
    this.#socket.on("close", () => this.#fail("it closed the connection"));
  }

  get isClosed() {
    return this.#isClosed;
  }

  /**
   * The result of `method` with `params`, proving who calls where the gateway asks for it. Rejects
   * with a `CallError`; after `unreachable` and `silent` the connection is of no more use, and
   * whether the gateway did what it was asked to is not known.
   */
  call(method, params, answerMs = 10_000) {
    const result = this.#last.then(() => this.#called(method, params, answerMs));
    this.#last = result.catch(() => {});
    return result;
  }

  close() {
    this.#socket.destroy();
    this.#fail("it was closed here");
  }

  async #called(method, params, answerMs) {
    const first = await this.#ask(method, params, answerMs);
    if (first.error?.data?.code !== "control.who") return resultOf(first);
    await this.#prove(first.error.data.challenge);
    return resultOf(await this.#ask(method, params, answerMs));
  }

  #ask(method, params, answerMs) {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new CallError("unreachable", "the connection is closed"));
      const timer = setTimeout(() => {
        this.#pending = null;
        reject(new CallError("silent", `nothing came within ${answerMs} ms`));
        this.close();
      }, answerMs);
      this.#pending = { resolve, reject, timer };
      const call = { jsonrpc: "2.0", v: VERSION, id: 1, method, params };
      this.#socket.write(`${JSON.stringify(call)}\n`);
    });
  }

  #take(text) {
    this.#received += text;
    if (this.#received.length > ANSWER_MAX) return this.close();
    if (!text.includes("\n")) return;
    const line = this.#received;
    this.#received = "";
    const pending = this.#pending;
    if (pending === null) return;
    this.#pending = null;
    clearTimeout(pending.timer);
    try {
      pending.resolve(JSON.parse(line));
    } catch {
      pending.reject(new CallError("unreachable", "it answers what is no JSON"));
      this.close();
    }
  }

  #fail(why) {
    this.#isClosed = true;
    const pending = this.#pending;
    if (pending === null) return;
    this.#pending = null;
    clearTimeout(pending.timer);
    pending.reject(new CallError("unreachable", `no gateway on ${this.#path}: ${why}`));
  }

  /**
   * Shows the gateway who calls: a symbolic link in a directory of its own, whose owner the system
   * knows. Only where that directory belongs to whoever serves the socket.
   */
  async #prove({ nonce = "", directory = "" } = {}) {
    try {
      if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error("it asks for no proof that is known here");
      const [room, socket] = [await lstat(directory, { bigint: true }), await stat(this.#path)];
      if (!room.isDirectory() || Number(room.uid) !== socket.uid) {
        throw new Error(`${directory} does not belong to who serves ${this.#path}`);
      }
      await symlink(`${nonce} ${room.dev}:${room.ino}`, join(directory, nonce));
    } catch (error) {
      throw new CallError("control.who", error.message);
    }
  }
}

function resultOf({ v, result, error }) {
  if (error !== undefined) throw new CallError(error.data?.code ?? "refused", error.message);
  if (v === VERSION) return result;
  throw new CallError("control.version", `the gateway answers version ${v}, not ${VERSION}`);
}
