import { chmod, chown, lstat, unlink } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { GatewayError, messageOf } from "../core/errors.ts";
import { CallerProof, groupId, ProofRoom, proveTo } from "./caller-proof.ts";
import {
  type Answer,
  type Answering,
  answer,
  CONTROL_VERSION,
  type ControlHandler,
  failureOf,
  resultOf,
  type Tell,
} from "./control-rpc.ts";

export type ControlOptions = {
  /** The group that may connect beside the owner; null: the process's own. */
  readonly group?: string | null;
  readonly patienceMs?: number;
};

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
 * is told. Rejects with `control.busy` when another gateway serves the socket, `control.group` where
 * its group is not there or not to be had, otherwise with `control.unusable`.
 */
export async function serveControl(
  path: string,
  handle: ControlHandler,
  log: ControlLog,
  { group = null, patienceMs = PATIENCE_MS }: ControlOptions = {},
): Promise<{ close(): Promise<void> }> {
  const gid = group === null ? null : await existingGroup(group);
  const room = new ProofRoom(path, gid);
  const sockets = new Set<Socket>();
  const tell = seldom(log);
  // A client may say that it has no more to ask and still wait for its answer, as `nc -N` does.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (sockets.size >= CLIENTS_MAX) return sendAway(socket, tell);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveOne(socket, { handle, tell, patienceMs, proof: new CallerProof(room) });
  });
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    await room.close();
  };
  await listen(server, path);
  // Such as no descriptor left to accept with: the gateway goes on.
  server.on("error", (error) => tell("a client was not accepted", messageOf(error)));
  try {
    if (gid !== null) await give(path, gid, group ?? "");
    await chmod(path, SOCKET_MODE);
  } catch (error) {
    await close();
    throw error instanceof GatewayError ? error : unusable(path, messageOf(error), error);
  }
  return { close };
}

async function existingGroup(name: string): Promise<number> {
  const gid = await groupId(name);
  if (gid !== null) return gid;
  throw new GatewayError("control.group", `there is no group ${name}`);
}

/** Only a member of a group, or root, gives it anything (chown(2)). */
async function give(path: string, gid: number, group: string): Promise<void> {
  await chown(path, -1, gid).catch((cause) => {
    const why = `${path} cannot be given to the group ${group}: ${messageOf(cause)}`;
    throw new GatewayError("control.group", why, { cause });
  });
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

type Service = Answering & { readonly patienceMs: number };

/** Serves one client until it leaves or is dropped. */
function serveOne(socket: Socket, service: Service): void {
  const { tell, patienceMs } = service;
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
    void answer(line, service).then((text) => {
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
  socket.end(`${failureOf(why)}\n`);
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

/** How long the gateway may take for the next part of its answer, in milliseconds. */
const ANSWER_MS = 5_000;

/**
 * Calls `method` on the gateway that serves `path`, proving who calls where the gateway asks for it.
 * Rejects with `control.unreachable`, with `control.silent` where nothing comes for `answerMs`
 * milliseconds or, whatever that is, where the gateway answers nothing at all, with
 * `control.version` where the gateway's calls are others, and with the `GatewayError` that the call
 * ended with.
 */
export async function callControl(
  path: string,
  method: string,
  params?: unknown,
  answerMs = ANSWER_MS,
): Promise<unknown> {
  const socket = createConnection(path);
  try {
    // What may take a minute shows only then that the gateway hangs: it is greeted first.
    if (answerMs > ANSWER_MS) await ask(socket, path, { method: "version", params: {} }, ANSWER_MS);
    const first = await ask(socket, path, { method, params }, answerMs);
    const { code, challenge } = first.error?.data ?? {};
    if (code !== "control.who" || challenge === undefined) return resultOf(first);
    await proveTo(path, challenge);
    return resultOf(await ask(socket, path, { method, params }, answerMs));
  } finally {
    socket.destroy();
  }
}

type Call = { readonly method: string; readonly params: unknown };

/** Sends one call and resolves with its answer. */
function ask(socket: Socket, path: string, call: Call, answerMs: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let received = "";
  const fail = (why: string, cause?: Error) =>
    reject(new GatewayError("control.unreachable", `no gateway on ${path}: ${why}`, { cause }));
  const listeners = {
    timeout: () => reject(new GatewayError("control.silent", `nothing came from ${path}`)),
    error: (error: Error) => fail(error.message, error),
    close: () => fail("it closed the connection"),
    data: (text: string) => {
      received += text;
      if (!text.includes("\n")) return;
      try {
        resolve(JSON.parse(received));
      } catch (error) {
        fail(`it answers what is no JSON: ${messageOf(error)}`);
      }
    },
  };
  for (const [event, heed] of Object.entries(listeners)) socket.on(event, heed);
  socket.setEncoding("utf8").setTimeout(answerMs);
  socket.write(`${JSON.stringify({ jsonrpc: "2.0", v: CONTROL_VERSION, id: 1, ...call })}\n`);
  return promise.finally(() => {
    for (const [event, heed] of Object.entries(listeners)) socket.off(event, heed);
    // What breaks once it has answered is of no interest.
    socket.on("error", () => {});
  });
}

/** Whether `error` of a call says that no answer came: what was asked for may be done or not. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  return error.code === "control.unreachable" || error.code === "control.silent";
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
