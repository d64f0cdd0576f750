import { chmod, unlink } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { GatewayError, messageOf } from "../core/errors.ts";

import { toJson } from "../core/json.ts";

/** Answers one call, or promises to; what it throws becomes the error of the answer. */
export type ControlHandler = (method: string, params: unknown) => unknown;

/** Owner and group may connect, nobody else. */
const SOCKET_MODE = 0o660;
/** A request longer than this is not one of ours. */
const MAX_REQUEST_BYTES = 1_000_000;

/**
 * Serves JSON-RPC 2.0, one JSON text a line, on a Unix socket guarded by its file permission.
 * Rejects with `control.busy` when another gateway serves it.
 */
export async function serveControl(
  path: string,
  handle: ControlHandler,
): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveOne(socket, handle);
  });
  await listen(server, path);
  await chmod(path, SOCKET_MODE);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A socket file left by a killed gateway refuses connections: then it may be replaced. */
async function listen(server: Server, path: string): Promise<void> {
  try {
    await listenOnce(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw unusable(path, error);
    if (await answers(path)) {
      throw new GatewayError("control.busy", `another gateway serves ${path}`, { cause: error });
    }
    await unlink(path);
    await listenOnce(server, path);
  }
}

function unusable(path: string, error: unknown): GatewayError {
  const text = `cannot listen on ${path}: ${messageOf(error)}`;
  return new GatewayError("control.unusable", text, { cause: error });
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

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function serveOne(socket: Socket, handle: ControlHandler): void {
  let received = 0;
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    received += bytes.length;
    if (received > MAX_REQUEST_BYTES) socket.destroy();
  });
  linesOf(socket).on("line", (line) => {
    received = 0;
    void answer(line, handle).then((reply) => socket.write(`${toJson(reply)}\n`));
  });
}

/** The lines of `socket`; its errors are told by the socket alone. */
function linesOf(socket: Socket) {
  return createInterface({ input: socket }).on("error", () => {});
}

/** JSON-RPC 2.0, 5 and 5.1. */
async function answer(line: string, handle: ControlHandler): Promise<object> {
  let id: unknown = null;
  try {
    const request = JSON.parse(line) as { id?: unknown; method?: unknown; params?: unknown };
    id = request.id ?? null;
    if (typeof request.method !== "string") throw new Error("a call needs a method");
    const result = (await handle(request.method, request.params)) ?? null;
    return { jsonrpc: "2.0", id, result };
  } catch (error) {
    return { jsonrpc: "2.0", id, error: { code: -32000, message: messageOf(error) } };
  }
}

/**
 * Calls `method` on the gateway that serves `path`. Rejects with `control.unreachable`, also where
 * no answer comes within `answerMs` milliseconds.
 */
export function callControl(
  path: string,
  method: string,
  params?: unknown,
  answerMs = 5_000,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.setTimeout(answerMs, () => fail("it does not answer"));
    const fail = (why: string) => {
      socket.destroy();
      reject(new GatewayError("control.unreachable", `no gateway on ${path}: ${why}`));
    };
    socket.once("error", (error) => fail(error.message));
    socket.once("close", () => fail("it closed the connection"));
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })}\n`);
    linesOf(socket).once("line", (line) => {
      socket.destroy();
      const { result, error } = JSON.parse(line) as {
        result?: unknown;
        error?: { message: string };
      };
      if (error === undefined) resolve(result);
      else reject(new Error(error.message));
    });
  });
}
