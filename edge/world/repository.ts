import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { RepositoryFile, RepositoryTransport } from "../core/repository.ts";
import { shownUrl } from "../core/shown-url.ts";
import { openHttp } from "./repository-http.ts";

/** So much of a file in a folder is read at once. */
const PART_BYTES = 65_536;

/** Repositories at `http://`, `https://` and, as on a USB stick, `file://` addresses. */
export class RealRepositoryTransport implements RepositoryTransport {
  readonly #ca: string | undefined;

  /** `ca`: PEM of the authorities to trust; where it is left out, the system's. */
  constructor(ca?: string) {
    this.#ca = ca;
  }

  async open(
    url: string,
    from: number,
    signal: AbortSignal,
    tag?: string,
  ): Promise<RepositoryFile | null> {
    const at = new URL(url);
    try {
      if (at.protocol === "file:") return await openFile(at, from);
      const file = await openHttp(at, { from, tag, ca: this.#ca, signal });
      return file === null ? null : { ...file, parts: told(file.parts, at) };
    } catch (error) {
      throw error instanceof GatewayError ? error : unreachable(at, error);
    }
  }
}

async function openFile(url: URL, from: number): Promise<RepositoryFile | null> {
  try {
    // Not waiting: a pipe that somebody put there would hold whoever opens it.
    const handle = await open(fileURLToPath(url), constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return { from, parts: partsOfFile(handle, from, url) };
    await handle.close();
    throw new Error("it is no file");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function* partsOfFile(
  file: Awaited<ReturnType<typeof open>>,
  from: number,
  url: URL,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = from; ; ) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PART_BYTES), 0, PART_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    // The stick was pulled.
    throw unreachable(url, error);
  } finally {
    await file.close();
  }
}

/** `parts`, whose failures are those of the line. */
async function* told(parts: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* parts;
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: URL, cause: unknown): GatewayError {
  const why = `cannot read ${shownUrl(url.href)}: ${messageOf(cause)}`;
  return new GatewayError("ota.unreachable", why, { cause });
}
