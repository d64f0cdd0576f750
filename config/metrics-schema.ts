import { LISTEN } from "./bus-schema.ts";
import { duration, section, textLike } from "./fields.ts";

/** How often figures are pushed, left to itself. */
const PUSH_EVERY = "60s";

const otlp = section({
  url: textLike("web-url", /^\S{1,1000}$/).describe(
    "Where a collector takes metrics over HTTP, as in http://127.0.0.1:4318/v1/metrics. May hold references.",
  ),
  every: duration("5s", "1d").prefault(PUSH_EVERY).describe("How often they are pushed."),
}).meta({ title: "otlp" });

/** Figures for whoever watches many gateways. */
export const metricsSchema = section({
  listen: textLike("listen", LISTEN)
    .optional()
    .describe(
      "Address and port to serve /metrics (Prometheus), /health and /ready on, as in 127.0.0.1:9464. Whoever reaches it reads them: another address than this machine's own is warned of.",
    ),
  otlp: otlp.optional().describe("A collector to push them to (OpenTelemetry, OTLP over HTTP)."),
}).meta({ title: "metrics" });
