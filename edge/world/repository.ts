import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { fileURLToPath } from "node:url";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { RepositoryFile, RepositoryTransport } from "../core/repository.ts";
import { shownUrl } from "../core/shown-url.ts";

/** What is read beyond the end of a file. */
const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {
    // Ends at once.
  },
};

/** So much of a file in a folder is read at once. */
const PART_BYTES = 65_536;

/** Repositories at `http://`, `https://` and, as on a USB stick, `file://` addresses. */
export class RealRepositoryTransport implements RepositoryTransport {
  async open(url: string, from: number, signal: AbortSignal): Promise<RepositoryFile | null> {
    const at = new URL(url);
    try {
      return await (at.protocol === "file:" ? openFile(at, from) : openHttp(at, from, signal));
    } catch (error) {
      throw unreachable(at, error);
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

async function openHttp(
  url: URL,
  from: number,
  signal: AbortSignal,
): Promise<RepositoryFile | null> {
  const answer = await answerTo(url, from, signal);
  const { statusCode: status = 0, headers } = answer;
  if (status === 200) return { from: 0, parts: partsOfAnswer(answer, url) };
  if (status === 206)
    return { from: firstByte(headers["content-range"]), parts: partsOfAnswer(answer, url) };
  answer.destroy();
  // It ends before that byte: nothing more is to come (RFC 9110, 15.5.17).
  if (status === 416) return { from, parts: NOTHING };
  if (status === 404 || status === 403 || status === 410) return null;
  throw new Error(`the server answers ${status}`);
}

function answerTo(url: URL, from: number, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? tlsRequest : plainRequest;
  const headers = from > 0 ? { Range: `bytes=${from}-` } : {};
  return new Promise((resolve, reject) => {
    // Each file on a connection of its own: a server of one thread is not held by an idle one.
    const sent = send(url, { agent: false, headers, signal });
    sent.on("error", reject);
    sent.on("response", resolve);
    sent.end();
  });
}

/** RFC 9110, 14.4. Throws where the header is none that can be understood. */
function firstByte(range: string | undefined): number {
  const [, from] = /^bytes (\d+)-/.exec(range ?? "") ?? [];
  if (from === undefined) throw new Error("the server does not say which bytes it sends");
  return Number(from);
}

async function* partsOfAnswer(answer: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of answer) yield part as Buffer;
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: URL, cause: unknown): GatewayError {
  const why = `cannot read ${shownUrl(url.href)}: ${messageOf(cause)}`;
  return new GatewayError("ota.unreachable", why, { cause });
}
