/**
 * Fetches one file as a gateway does, over a clock that is hurried as the line is, until it is whole:
 *
 *     fetcher.ts URL CA_FILE FOLDER LENGTH SHA256 SPEED
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Clock, UptimeMs } from "../../edge/core/time.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { RealRepositoryTransport } from "../../edge/world/repository.ts";
import { downloadTarget } from "../../ota/trust/download.ts";
import { LEAST_PACE } from "../../ota/trust/pace.ts";

const [url = "", ca = "", folder = "", length = "", sha256 = "", factor = ""] =
  process.argv.slice(2);
const speed = Number(factor);
const system = new SystemClock();
const clock: Clock = {
  boot: system.boot,
  now: () => system.now(),
  uptime: () => (system.uptime() * speed) as UptimeMs,
  state: () => system.state(),
  isStateKnown: () => system.isStateKnown(),
  sleep: (ms, signal) => system.sleep(ms / speed, signal),
};
const transport = new RealRepositoryTransport(readFileSync(ca, "utf8"));
const target = {
  path: "release.tar.zst",
  length: Number(length),
  hashes: { sha256 },
  custom: {},
  file: "release.tar.zst",
};
const download = {
  reader: { transport, clock, pace: LEAST_PACE },
  random: Math.random,
  patience: { backoff: { firstMs: 1_000, maxMs: 60_000 }, triesMax: 6 },
  urls: [url],
  target,
  folder,
  onBytes: () => {},
};

const { signal } = new AbortController();
for (;;) {
  try {
    const file = await downloadTarget(download, signal);
    console.log(`whole ${file}`);
    process.exit(0);
  } catch (error) {
    // As the next run of the timer would go on.
    if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
    console.log(`${error.code}: ${error.message}`);
    await clock.sleep(10_000);
  }
}
