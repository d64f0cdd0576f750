import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import type { Status } from "../control/status.ts";
import type { LoopHealth } from "../core/progress.ts";
import { pageOf } from "./answer.ts";

const pageWith = (path: string, some: Partial<Status>) =>
  pageOf(path, { status: () => aStatus(some), use: () => ({ rssBytes: 9e7, cpuS: 1.5 }) });

const hung = (kind: LoopHealth["kind"], name: string): LoopHealth => {
  return { kind, name, state: "hung", forMs: 99_000 };
};

test("health is 503 where a loop hangs that a restart may heal, and names it", (t) => {
  t.is(pageWith("/health", {})?.status, 200);
  const sick = pageWith("/health", { loops: [hung("bus", "line-a")] });
  t.is(sick?.status, 503);
  t.like(JSON.parse(sick?.body ?? ""), { healthy: false, loops: [{ name: "line-a" }] });
  t.is(pageWith("/health", { loops: [hung("buffer", "buffer")] })?.status, 200);
});

test("a gateway whose buffer takes nothing is not ready, and says why", (t) => {
  t.is(pageWith("/ready", {})?.status, 200);
  const { buffer } = aStatus();
  const failing = pageWith("/ready", { buffer: { ...buffer, failing: "buffer.full" } });
  t.is(failing?.status, 503);
  t.deepEqual(JSON.parse(failing?.body ?? ""), { ready: false, failing: "buffer.full" });
});

test("the figures tell what the status does, with names that say their units", (t) => {
  const body = pageWith("/metrics", { loops: [hung("bus", "line-a")] })?.body ?? "";
  t.regex(
    body,
    /^lifeline_info\{gateway="gw-0001",release="0\.1\.0",configuration="sha256:0"\} 1$/m,
  );
  t.regex(body, /^lifeline_loop_hung\{loop="bus",name="line-a"\} 1$/m);
  t.regex(body, /^lifeline_uptime_seconds 7500$/m);
  t.regex(body, /^lifeline_buffer_size_bytes 1310720$/m);
  t.regex(body, /^lifeline_resident_memory_bytes 90000000$/m);
  t.regex(body, /^lifeline_cpu_seconds_total 1\.5$/m);
});

test("what is not there is no page", (t) => {
  t.is(pageWith("/", {}), null);
  t.is(pageWith("/metrics/", {}), null);
});
