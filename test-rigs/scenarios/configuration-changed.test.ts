import test from "ava";
import { Reader } from "../../buffer/reader.ts";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { fileIn } from "../sim/buffer-rig.ts";
import { messagesOf } from "../sim/received.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

/** Every row of both streams in the buffer of `config`, as it stands in the file. */
function rowsIn({ buffer }: GatewayConfig) {
  const reader = new Reader(fileIn(buffer.dir));
  const rowsOf = (kind: "readings" | "events") => reader.rows(kind, reader.span(kind));
  const rows = { readings: rowsOf("readings"), events: rowsOf("events") };
  reader.close();
  return rows;
}

/** What a site was told at its first start. */
const configOf = (site: Site) => site.gateway.lives[0]?.config as GatewayConfig;

test("points renamed, removed and in another unit leave what is stored as it was measured", async (t) => {
  const site = await Site.open(t, {
    devices: { gas: {}, level: {}, old: {} },
    alarms: { "gas-high": { setpoint: 50 } },
  });
  const config = configOf(site);
  await site.pass(MINUTE);
  site.broker.goAway();
  site.setLevel("gas", 60);
  await site.pass(5 * MINUTE);
  await site.gateway.kill();
  const before = rowsIn(config);
  t.true(before.readings.length > 300);

  const points = config.points.flatMap((point) => {
    if (point.device === "old") return [];
    return point.device === "gas" ? { ...point, unit: "[ppm]" } : { ...point, id: "level.depth" };
  });
  await site.gateway.start({ ...config, points, alarms: [], fingerprint: "sha256:1" });
  await site.pass(MINUTE);
  await site.gateway.kill();
  const after = rowsIn(config);
  t.deepEqual(after.readings.slice(0, before.readings.length), before.readings);
  t.deepEqual(after.events.slice(0, before.events.length), before.events);

  site.broker.comeBack();
  await site.gateway.start();
  await site.pass(10 * MINUTE);
  t.is(site.owed?.readings, 0);
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }], events: [{ gaps: 0 }] });
  const series = messagesOf(site.broker.deliveries, "readings").flatMap(
    ({ message }) => message.series ?? [],
  );
  const names = new Set(series.map(({ point, unit }) => `${point} ${unit}`));
  t.deepEqual([...names].toSorted(), [
    "gas.level %[LEL]",
    "gas.level [ppm]",
    "level.depth %[LEL]",
    "level.level %[LEL]",
    "old.level %[LEL]",
  ]);
  t.true(site.longestGapMs("old") < 1.5 * SECOND, "what is not read any more still arrives");
  t.deepEqual(site.course("gas-high"), ["normal", "unacknowledged", "normal"]);
});

test("a destination that is taken away and comes back goes on where it was, and a new one gets all", async (t) => {
  const site = await Site.open(t);
  const config = configOf(site);
  const [centre] = config.destinations as [GatewayConfig["destinations"][number]];
  await site.pass(5 * MINUTE);
  await site.gateway.kill();
  const before = rowsIn(config);

  const delivered = site.broker.deliveries.length;
  await site.gateway.start({ ...config, destinations: [{ ...centre, name: "other" }] });
  await site.pass(5 * MINUTE);
  await site.gateway.kill();
  const again = site.broker.deliveries.slice(delivered);
  const seqs = new Set(messagesOf(again, "readings").map(({ message }) => message.seq));
  t.true(
    before.readings.every(({ seq }) => seqs.has(seq)),
    "the new one gets what is stored",
  );
  t.deepEqual(rowsIn(config).readings.slice(0, before.readings.length), before.readings);

  const sent = site.broker.deliveries.length;
  await site.gateway.start(config);
  await site.pass(5 * MINUTE);
  const back = messagesOf(site.broker.deliveries.slice(sent), "readings");
  const repeated = back.filter(({ message }) => message.seq <= before.readings.length);
  t.true(repeated.length <= 3, `what it has had does not come again: ${repeated.length}`);
  t.is(site.owed?.readings, 0);
  t.like(site.audit(), { readings: [{ gaps: 0, conflicts: 0 }], events: [{ gaps: 0 }] });
});
