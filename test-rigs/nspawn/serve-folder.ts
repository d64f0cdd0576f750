import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";

/** Serves the files below `folder` over HTTP, on a port of its own of 127.0.0.1. */
export async function serveFolder(
  folder: string,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(({ url = "/" }, response) => {
    try {
      const path = normalize(decodeURIComponent(new URL(url, "http://host").pathname));
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
