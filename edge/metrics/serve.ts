import type { MetricsConfig } from "../../config/gateway-config.ts";
import { messageOf } from "../core/errors.ts";
import type { HttpClient } from "../core/http.ts";
import { serveWeb, type WebHandler, type WebServer } from "../world/web.ts";
import type { World } from "../world.ts";
import { pageOf, type Watched } from "./answer.ts";
import { familiesOf } from "./families.ts";
import { otlpMetrics } from "./otlp.ts";

/** How long a collector may take for a push, in milliseconds. */
const PUSH_MS = 10_000;

export type MetricsParts = Watched & {
  readonly config: MetricsConfig;
  readonly world: World;
};

/**
 * Serves figures, and pushes them, as `config` says, until `signal` aborts. An address that cannot
 * be listened on, or a collector that takes nothing, is told in the log and is no reason to stop.
 */
export async function serveMetrics(parts: MetricsParts, signal: AbortSignal): Promise<void> {
  const { listen } = parts.config;
  const server = listen === null ? null : await opened(parts, listen);
  try {
    await pushed(parts, signal);
  } finally {
    await server?.close();
  }
}

async function opened(
  parts: MetricsParts,
  listen: NonNullable<MetricsConfig["listen"]>,
): Promise<WebServer | null> {
  const { world } = parts;
  try {
    const server = await serveWeb(listen, answering(parts));
    world.log("info", "metrics are served", { host: listen.host, port: server.port });
    return server;
  } catch (error) {
    world.log("error", messageOf(error), { code: "web.unusable" });
    return null;
  }
}

function answering(parts: Watched): WebHandler {
  return ({ method, url = "/" }, response) => {
    const isRead = method === "GET" || method === "HEAD";
    const page = isRead ? pageOf(url.split("?")[0] ?? url, parts) : null;
    const status = isRead ? (page?.status ?? 404) : 405;
    response.writeHead(status, {
      "content-type": page?.type ?? "text/plain; charset=utf-8",
      "cache-control": "no-store",
    });
    response.end(method === "HEAD" ? undefined : (page?.body ?? "/metrics /health /ready\n"));
  };
}

/** Pushes to the collector again and again, until `signal` aborts. */
async function pushed(parts: MetricsParts, signal: AbortSignal): Promise<void> {
  const { world, config } = parts;
  const { otlp } = config;
  let client: HttpClient | null = null;
  let failing: string | null = null;
  try {
    for (;;) {
      await world.clock.sleep(otlp?.everyMs ?? Number.POSITIVE_INFINITY, signal);
      if (otlp === null) continue;
      const settings = { url: otlp.url, headers: {}, tls: {}, timeoutMs: PUSH_MS };
      client ??= await world.openHttp(settings);
      const why = await push(client, parts);
      if (why !== null && why !== failing) world.log("warn", "figures are not taken", { why });
      if (why === null && failing !== null) world.log("info", "figures are taken again");
      failing = why;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    client?.close();
  }
}

/** Why the collector did not take it; null where it did. */
async function push(client: HttpClient, { status, use }: Watched): Promise<string | null> {
  const told = status();
  const { gateway, release, since, at } = told;
  const body = otlpMetrics(familiesOf(told, use()), { gateway, release, since, at });
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await client.send({ method: "POST", headers, body });
    const isTaken = answer.status >= 200 && answer.status < 300;
    return isTaken ? null : `HTTP ${answer.status}: ${answer.said}`;
  } catch (error) {
    return messageOf(error);
  }
}
