import { chmod, lstat, unlink } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { ERRORS, type ErrorCode, GatewayError, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";

/** Answers one call, at once or later; what it throws becomes the error of the answer. */
export type ControlHandler = (method: string, params: unknown) => unknown;

/** Tells the log what befell a client, with the evidence in `fields`. */
export type ControlLog = (text: string, fields: Readonly<Record<string, unknown>>) => void;

/** Owner and group may connect, nobody else. */
const SOCKET_MODE = 0o660;
/** A request longer than this is not one of ours. */
const REQUEST_MAX = 320_000;
/** The most clients at a time; one more is told so and sent away. */
const CLIENTS_MAX = 16;
/** How long a client may take for a request, and to fetch its answer, in milliseconds. */
const PATIENCE_MS = 30_000;
/** The same thing is told once in so many milliseconds, however often it happens. */
const QUIET_MS = 60_000;

/**
 * Serves JSON-RPC 2.0, one JSON text a line, on a Unix socket guarded by its file permission. One
 * call of a client is answered at a time, and the gateway's work goes on between two. A client
 * that sends no calls, too much, too slowly, or does not fetch its answers, is dropped, which `log`
 * is told. Rejects with `control.busy` when another gateway serves the socket, otherwise with
 * `control.unusable`.
 */
export async function serveControl(
  path: string,
  handle: ControlHandler,
  log: ControlLog,
  patienceMs = PATIENCE_MS,
): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const tell = seldom(log);
  // A client may say that it has no more to ask and still wait for its answer, as `nc -N` does.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (sockets.size >= CLIENTS_MAX) return sendAway(socket, tell);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveOne(socket, { handle, tell, patienceMs });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(server, path);
  // Such as no descriptor left to accept with: the gateway goes on.
  server.on("error", (error) => tell("a client was not accepted", messageOf(error)));
  try {
    await chmod(path, SOCKET_MODE);
  } catch (error) {
    await close();
    throw unusable(path, messageOf(error), error);
  }
  return { close };
}

/** A socket file left by a killed gateway refuses connections: then it may be replaced. */
async function listen(server: Server, path: string): Promise<void> {
  try {
    await listenOnce(server, path).catch(async (error) => {
      if (error.code !== "EADDRINUSE") throw error;
      await makeRoom(path, error);
      await listenOnce(server, path);
    });
  } catch (error) {
    throw error instanceof GatewayError ? error : unusable(path, messageOf(error), error);
  }
}

/** Connecting to a plain file is refused as well (connect(2)), and that is nobody's leftover. */
async function makeRoom(path: string, cause: Error): Promise<void> {
  if (!(await lstat(path)).isSocket()) throw unusable(path, "a file is there, no socket", cause);
  if (await isServed(path)) {
    throw new GatewayError("control.busy", `another gateway serves ${path}`, { cause });
  }
  await unlink(path);
}

function unusable(path: string, why: string, cause: unknown): GatewayError {
  return new GatewayError("control.unusable", `cannot listen on ${path}: ${why}`, { cause });
}

function listenOnce(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Whether somebody accepts connections at `path`, or is only too busy to. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"));
  });
}

type Tell = (what: string, why?: string) => void;

type Service = {
  readonly handle: ControlHandler;
  readonly tell: Tell;
  readonly patienceMs: number;
};

/** Serves one client until it leaves or is dropped. */
function serveOne(socket: Socket, { handle, tell, patienceMs }: Service): void {
  let received = "";
  let isAnswering = false;
  /** Whether the client has said that it asks no more. */
  let hasEnded = false;
  const drop = (why: string) => {
    tell(`a client was dropped: ${why}`);
    socket.destroy();
  };
  let patience = setTimeout(() => drop("it sent no request"), patienceMs);
  const expect = (what: string) => {
    clearTimeout(patience);
    if (!socket.destroyed) patience = setTimeout(() => drop(what), patienceMs);
  };
  const leave = () => {
    if (received !== "") tell("a client left amid a request");
    socket.end();
  };
  const next = () => {
    if (socket.destroyed) return;
    const end = received.indexOf("\n");
    isAnswering = end >= 0;
    if ((isAnswering ? end : received.length) > REQUEST_MAX) return drop("its request is too long");
    if (!isAnswering) return hasEnded ? leave() : socket.resume();
    const line = received.slice(0, end);
    received = received.slice(end + 1);
    socket.pause();
    clearTimeout(patience);
    void answer(line, handle, tell).then((text) => {
      if (socket.destroyed) return;
      expect("it does not fetch its answer");
      socket.write(`${text}\n`, () => {
        expect("it sent no further request");
        setImmediate(next);
      });
    });
  };
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    received += text;
    if (!isAnswering) next();
  });
  socket.on("end", () => {
    hasEnded = true;
    if (!isAnswering) leave();
  });
  socket.on("error", (error) => tell("a client is gone", error.message));
  socket.on("close", () => clearTimeout(patience));
}

function sendAway(socket: Socket, tell: Tell): void {
  const why = `too many clients, the most is ${CLIENTS_MAX}`;
  tell("a client was sent away", why);
  socket.on("error", (error) => tell("a client is gone", error.message));
  socket.end(`${failure(null, SERVER_ERROR, why)}\n`);
  socket.destroySoon();
}

/** Tells the same thing once in a while, with how many times it happened up to then. */
function seldom(log: ControlLog): Tell {
  const last = new Map<string, { readonly at: number; readonly times: number }>();
  return (what, why) => {
    const now = performance.now();
    const { at, times } = last.get(what) ?? { at: -QUIET_MS, times: 0 };
    if (now - at < QUIET_MS) {
      last.set(what, { at, times: times + 1 });
      return;
    }
    last.set(what, { at: now, times: 0 });
    log(`control: ${what}`, { ...(why === undefined ? {} : { why }), times: times + 1 });
  };
}

/** JSON-RPC 2.0, 5.1: not JSON; and what a server may use as it likes. */
const PARSE_ERROR = -32_700;
const SERVER_ERROR = -32_000;

/** The answer to the call in `line` (JSON-RPC 2.0, 5), whatever is in it. */
async function answer(line: string, handle: ControlHandler, tell: Tell): Promise<string> {
  let call: { readonly id?: unknown; readonly method?: unknown; readonly params?: unknown };
  try {
    call = JSON.parse(line) ?? {};
  } catch (error) {
    return failure(null, PARSE_ERROR, messageOf(error));
  }
  const { id = null, method, params } = call;
  if (typeof method !== "string") return failure(id, SERVER_ERROR, "a call needs a method");
  try {
    return toJson({ jsonrpc: "2.0", id, result: (await handle(method, params)) ?? null });
  } catch (error) {
    tell("a call failed", `${method.slice(0, 100)}: ${messageOf(error)}`);
    const data = error instanceof GatewayError ? { code: error.code } : undefined;
    return failure(id, SERVER_ERROR, messageOf(error), data);
  }
}

/** `data` holds the code of the error table where the failure has one (JSON-RPC 2.0, 5.1). */
function failure(
  id: unknown,
  code: number,
  message: string,
  data?: { readonly code: ErrorCode },
): string {
  return toJson({ jsonrpc: "2.0", id, error: { code, message, ...(data && { data }) } });
}

/** How long the gateway may take for the next part of its answer, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * Calls `method` on the gateway that serves `path`. Rejects with `control.unreachable`, also where
 * nothing comes for `answerMs` milliseconds, and with the `GatewayError` that the call ended with.
 */
export function callControl(
  path: string,
  method: string,
  params?: unknown,
  answerMs = ANSWER_MS,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let received = "";
    const fail = (why: string, cause?: Error) => {
      socket.destroy();
      const text = `no gateway on ${path}: ${why}`;
      reject(new GatewayError("control.unreachable", text, { cause }));
    };
    socket.setEncoding("utf8");
    socket.setTimeout(answerMs, () => fail("it does not answer"));
    socket.on("error", (error) => fail(error.message, error));
    socket.on("close", () => fail("it closed the connection"));
    socket.on("data", (text: string) => {
      received += text;
      if (!text.includes("\n")) return;
      socket.destroy();
      try {
        resolve(resultIn(received));
      } catch (error) {
        if (error instanceof SyntaxError) fail(`it answers what is no JSON: ${error.message}`);
        else reject(error);
      }
    });
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`);
  });
}

/**
 * Whether `error` of a call says that no gateway serves the socket. One that is too busy to answer,
 * or that may not be called, does serve it, and its lines are not free.
 */
export function isNobodyThere(error: unknown): boolean {
  const cause = error instanceof GatewayError ? error.cause : undefined;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ECONNREFUSED";
}

/** The result in an answer; throws its error, a `GatewayError` where it has a code that is known. */
function resultIn(answer: string): unknown {
  const { result, error } = JSON.parse(answer) as {
    result?: unknown;
    error?: { message: string; data?: { code?: string } };
  };
  if (error !== undefined) {
    const { message, data: { code = "" } = {} } = error;
    throw Object.hasOwn(ERRORS, code)
      ? new GatewayError(code as ErrorCode, message)
      : new Error(message);
  }
  return result;
}
