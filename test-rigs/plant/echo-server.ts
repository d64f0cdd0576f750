import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A server that repeats what it is told. */
export type EchoServer = { readonly port: number; close(): Promise<void> };

/**
 * A server on this machine that refuses every POST and repeats what came with it, secrets too, in
 * their own form and in the clear, as careless ones do; a GET gets `answer`.
 */
export async function openEcho(
  answer = "",
  tls: { readonly cert: string; readonly key: string } | null = null,
): Promise<EchoServer> {
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const { authorization = "" } = request.headers;
    const meant = Buffer.from(authorization.replace(/^\S+ /, ""), "base64").toString();
    request.resume().on("end", () => {
      if (request.method === "GET") response.end(answer);
      else response.writeHead(400).end(`you came with ${authorization}, which is ${meant}`);
    });
  };
  const server = tls === null ? createPlain(serve) : createServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
