import type { PanelConfig } from "../../config/gateway-config.ts";
import type { AlarmOrder } from "../alarm/alarm-order.ts";
import type { Status } from "../control/status.ts";
import { messageOf } from "../core/errors.ts";
import type { AlarmActionOutcome } from "../running-gateway.ts";
import { readSecret } from "../world/secret-text.ts";
import { serveWeb, type WebServer } from "../world/web.ts";
import { exchanging } from "../world/web-exchange.ts";
import type { World } from "../world.ts";
import { answerOf } from "./answer.ts";
import { Desk, type PanelCause } from "./desk.ts";
import { Examination, type Examine } from "./examination.ts";
import { pageFiles } from "./files.ts";
import { Pace } from "./pace.ts";
import { Snapshot } from "./snapshot.ts";
import { TREND_EVERY_MS, Trends } from "./trends.ts";
import type { Site } from "./view.ts";

/** An address that is not there yet, as that of a Wi-Fi that begins, is tried again so soon. */
const AGAIN_MS = 15_000;

const FAILED = "the page failed at a request";

const TOO_MANY = { status: 429, headers: { "retry-after": "2" }, body: "" } as const;

export type ServeParts = {
  readonly world: Pick<World, "clock" | "log">;
  readonly config: PanelConfig;
  readonly site: Site;
  readonly status: () => Omit<Status, "pid">;
  readonly act: (alarm: string, order: AlarmOrder) => Promise<AlarmActionOutcome>;
  readonly tell: (cause: PanelCause, detail: Readonly<Record<string, string | number>>) => void;
  readonly examine: Examine;
};

/**
 * Serves the local page until `signal` aborts. An address that cannot be listened on is told in the
 * log once and tried again and again: it is no reason to stop.
 */
export async function servePanel(parts: ServeParts, signal: AbortSignal): Promise<void> {
  const { world, config } = parts;
  const snapshot = new Snapshot(world.clock, parts.site, parts.status);
  const trends = new Trends();
  const { pin } = config;
  const desk = new Desk({
    clock: world.clock,
    pin: pin === null ? null : () => readSecret(pin),
    act: parts.act,
    tell: parts.tell,
    onFailure: (why) => world.log("error", "the PIN of the page cannot be read", { why }),
  });
  const examination = new Examination(world.clock, parts.examine);
  const files = await pageFiles();
  const all = { files, snapshot, trends, examination, desk };
  const pace = new Pace(world.clock);
  const handle = exchanging(
    async (request) => ((await pace.turn(signal)) ? await answerOf(request, all) : TOO_MANY),
    (error) => {
      if (!signal.aborted) world.log("error", FAILED, { error: messageOf(error) });
    },
  );
  let server: WebServer | null = null;
  try {
    server = await opened(() => serveWeb(config.listen, handle), world, signal);
    world.log("info", "the local page is served", { host: config.listen.host, port: server.port });
    for (;;) {
      trends.add(snapshot.status().points);
      await world.clock.sleep(TREND_EVERY_MS, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await server?.close();
  }
}

/** What `open` opens, as soon as it can; rejects when `signal` aborts. */
async function opened(
  open: () => Promise<WebServer>,
  { log, clock }: ServeParts["world"],
  signal: AbortSignal,
): Promise<WebServer> {
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    try {
      return await open();
    } catch (error) {
      if (isFirst) log("error", messageOf(error), { code: "web.unusable", againMs: AGAIN_MS });
    }
    await clock.sleep(AGAIN_MS, signal);
  }
}
