import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { isRestartDue } from "../core/progress.ts";
import { familiesOf, type ProcessUse } from "./families.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus.ts";

/** What is answered to a GET. */
export type Page = { readonly status: number; readonly type: string; readonly body: string };

/** What an answer is made of. */
export type Watched = {
  readonly status: () => Omit<Status, "pid">;
  readonly use: () => ProcessUse;
};

const JSON_TYPE = "application/json; charset=utf-8";

/**
 * What is served under `path`; null for what is not there.
 *
 * - `/metrics`: the figures, for Prometheus
 * - `/health`: 200 while every loop goes on, 503 where one hangs that a restart may heal
 * - `/ready`: 200 while the buffer takes what is read
 */
export function pageOf(path: string, { status, use }: Watched): Page | null {
  switch (path) {
    case "/metrics": {
      const body = prometheusText(familiesOf(status(), use()));
      return { status: 200, type: PROMETHEUS_TYPE, body };
    }
    case "/health": {
      const { loops } = status();
      const isHealthy = !isRestartDue(loops);
      return verdict(isHealthy, { healthy: isHealthy, loops });
    }
    case "/ready": {
      const { failing } = status().buffer;
      return verdict(failing === null, { ready: failing === null, failing });
    }
    default:
      return null;
  }
}

function verdict(isWell: boolean, body: Readonly<Record<string, unknown>>): Page {
  return { status: isWell ? 200 : 503, type: JSON_TYPE, body: `${toJson(body)}\n` };
}
