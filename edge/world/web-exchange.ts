import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebHandler } from "./web.ts";

/** A body that is longer is not read on. */
const BODY_MAX = 4_096;

/** A request as plain data, read to its end. */
export type WebRequest = {
  readonly method: string;
  /** Without what is asked for behind `?`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The IP address that it comes from. */
  readonly address: string;
  readonly body: string;
};

export type WebAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/**
 * Answers each request with what `answer` makes of it. A body of more than 4 kB is refused (413),
 * and what `answer` fails with is handed to `onFailure` and answered with 500: a page that is at
 * fault must not end a gateway that is not.
 */
export function exchanging(
  answer: (request: WebRequest) => Promise<WebAnswer>,
  onFailure: (error: unknown) => void,
): WebHandler {
  return (request, response) => {
    exchange(request, response, answer).catch((error) => {
      onFailure(error);
      if (response.headersSent) response.destroy();
      else send(response, request.method, PLAIN(500));
    });
  };
}

const PLAIN = (status: number): WebAnswer => ({ status, headers: {}, body: "" });

async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: WebRequest) => Promise<WebAnswer>,
): Promise<void> {
  const { method = "GET", url = "/", headers, socket } = request;
  const body = await bodyOf(request);
  if (body === "gone") return;
  if (body === null) {
    response.shouldKeepAlive = false;
    send(response, method, PLAIN(413));
    return;
  }
  const [path = "/", query = ""] = url.split("?", 2);
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const asked = {
    ...{ method, path, query: new URLSearchParams(query) },
    headers: Object.fromEntries(plain),
    address: (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, ""),
    body: body.text,
  };
  send(response, method, await answer(asked));
}

function send(response: ServerResponse, method: string | undefined, answer: WebAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(method === "HEAD" ? undefined : answer.body);
}

/** What came with a request; null where it is too long, `gone` where the peer went meanwhile. */
async function bodyOf(request: IncomingMessage): Promise<{ text: string } | null | "gone"> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      size += part.length;
      if (size > BODY_MAX) return null;
      parts.push(part);
    }
  } catch {
    // Nobody is left to be answered.
    return "gone";
  }
  return { text: Buffer.concat(parts).toString("utf8") };
}
