import { LANGUAGES } from "../cli/language.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { WebAnswer, WebRequest } from "../world/web-exchange.ts";
import type { Desk, Done } from "./desk.ts";
import type { Examination } from "./examination.ts";
import type { PageFile } from "./files.ts";
import { GUARD_HEADERS, isOwnHost, isOwnOrder } from "./guarded.ts";
import type { Snapshot } from "./snapshot.ts";
import { wordsIn } from "./text.ts";
import type { Trends } from "./trends.ts";

/** What answers are made of. */
export type PanelParts = {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly snapshot: Snapshot;
  readonly trends: Trends;
  readonly examination: Examination;
  readonly desk: Desk;
};

/**
 * Answers one request.
 *
 * - `GET /` and the files of the page
 * - `GET /api/words`, `/api/state`, `/api/doctor`, each with `?lang=`, and `/api/trends?from=`
 * - `POST /api/session` with the PIN, `DELETE /api/session`
 * - `POST /api/alarms` with what is to be done, in a session
 */
export async function answerOf(request: WebRequest, parts: PanelParts): Promise<WebAnswer> {
  const { method, path, headers } = request;
  if (!isOwnHost(headers.host)) return refused(421, "host");
  if (method === "GET" || method === "HEAD") {
    const file = parts.files.get(path);
    return file === undefined ? await looked(request, parts) : fileAnswer(file, request);
  }
  if (!path.startsWith("/api/")) return refused(405, "method");
  if (!isOwnOrder(request)) return refused(403, "origin");
  const done = await ordered(request, parts.desk);
  if (done === null) return refused(405, "method");
  parts.snapshot.forget();
  const { status, cookie, ...told } = done;
  return json(status, toJson(told), cookie === undefined ? {} : { "set-cookie": cookie });
}

async function looked(
  { path, query, headers, address }: WebRequest,
  parts: PanelParts,
): Promise<WebAnswer> {
  const lang = langOf(query.get("lang"));
  switch (path) {
    case "/api/words":
      return json(200, toJson({ lang, words: wordsIn(lang) }));
    case "/api/state": {
      const session = parts.desk.session(headers.cookie, address);
      // The view is made once for all who look; only this differs.
      return json(200, `{"session":"${session}","view":${parts.snapshot.text(lang)}}`);
    }
    case "/api/trends":
      return json(200, toJson(parts.trends.page(Math.max(0, Number(query.get("from")) || 0))));
    case "/api/doctor":
      return json(200, await parts.examination.text(lang));
    default:
      return refused(404, "path");
  }
}

async function ordered(request: WebRequest, desk: Desk): Promise<Done | null> {
  const { method, path, address, headers } = request;
  const given = bodyOf(request);
  if (path === "/api/session" && method === "POST") return await desk.signIn(given.pin, address);
  if (path === "/api/session" && method === "DELETE") return desk.signOut(headers.cookie);
  if (path === "/api/alarms" && method === "POST") {
    return await desk.act(given, headers.cookie, address);
  }
  return null;
}

/** What an order says; nothing where that is no JSON object. */
function bodyOf({ body }: WebRequest): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(body);
    return given !== null && typeof given === "object" ? { ...given } : {};
  } catch {
    return {};
  }
}

function fileAnswer({ type, tag, body }: PageFile, { headers }: WebRequest): WebAnswer {
  const own = { ...GUARD_HEADERS, "cache-control": "no-cache", etag: tag };
  if (headers["if-none-match"] === tag) return { status: 304, headers: own, body: "" };
  return { status: 200, headers: { ...own, "content-type": type }, body };
}

function refused(status: number, why: string): WebAnswer {
  return json(status, toJson({ why }));
}

function json(status: number, body: string, more: Readonly<Record<string, string>> = {}) {
  const type = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  return { status, headers: { ...GUARD_HEADERS, ...type, ...more }, body };
}

function langOf(asked: string | null): Lang {
  return LANGUAGES.find((lang) => lang === asked) ?? "en";
}
