import { type DestinationContext, follow } from "./destination-keys.ts";
import type { MetricsConfig } from "./gateway-config.ts";
import { isLoopback, listenAt } from "./listen-at.ts";
import type { DraftInput } from "./schema.ts";

/** Where figures are served and pushed to; null where they are not asked for. */
export function resolveMetrics(
  { metrics }: DraftInput,
  context: DestinationContext,
): MetricsConfig | null {
  if (metrics === undefined) return null;
  const { listen: text, otlp: asked } = metrics;
  const listen = text === undefined ? null : listenAt(text);
  if (listen !== null && !isLoopback(listen)) {
    context.findings.add("served-openly", { host: listen.host }, ["metrics", "listen"]);
  }
  if (asked === undefined) return { listen, otlp: null };
  const path = ["metrics", "otlp", "url"];
  const url = follow(asked.url, path, context);
  const parsed = URL.parse(url ?? "");
  const isHttp = /^https?:$/.test(parsed?.protocol ?? "");
  if (url !== null && !isHttp) context.findings.add("url-not-http", null, path);
  if (parsed?.username || parsed?.password) context.findings.add("secret-in-url", null, path);
  return { listen, otlp: { url: url ?? "", everyMs: asked.every } };
}
