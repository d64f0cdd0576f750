import { performance } from "node:perf_hooks";
import type { Batch } from "../../edge/core/batch.ts";
import { NOTHING_DROPPED } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { Forwarder } from "../../edge/forward/forwarder.ts";
import { realWorld } from "../../edge/world/real.ts";
import { testWith } from "../debian/test-with.ts";
import { openAuthority } from "../processes/certificates.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { FakeLedger } from "../sim/fake-ledger.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";
import { until } from "./rig.ts";

const batch = (seq: number): Batch => ({
  at: seq as WallMs,
  clock: "synced",
  series: [{ point: "a.b", unit: null, t: [0], v: [seq / 10], q: null }],
});

testWith("mosquitto", "openssl")(
  "a dead first broker is stood in for, and returned to, without a gap or a repetition",
  async (t) => {
    t.timeout(90_000);
    const authority = openAuthority();
    const first = await startMosquitto();
    const tls = authority.issue({ name: "localhost" });
    const second = await startMosquitto({ tls });
    t.teardown(() => Promise.all([first.close(), second.close()]));
    const centres = [
      await openReceiver(first.url),
      await openReceiver(second.url, { ca: authority.cert }),
    ];
    t.teardown(() => Promise.all(centres.map((centre) => centre.close())));
    const seen: number[] = [];
    for (const centre of centres) {
      centre.onMessage = (verdict) => {
        if ("message" in verdict && "seq" in verdict.message) seen.push(verdict.message.seq);
      };
    }
    const world = realWorld(
      () => true,
      ({ text }) => text,
    );
    const ledger = new FakeLedger(world.clock, 1);
    const stop = new AbortController();
    const turns: string[] = [];
    const forwarder = new Forwarder(
      {
        world,
        ledger,
        destination: {
          ...DESTINATION,
          urls: [first.url, second.url],
          returnAfterMs: 1500,
          tls: { ca: authority.cert },
          encoding: "cbor",
          compression: "zstd",
          batch: { ageMs: 200, bytes: 4000 },
        },
        gateway: "gw",
        release: "0",
        fingerprint: "sha256:0",
        ledgerState: await ledger.state(),
        upTo: () => Infinity,
        onDelivered: () => {},
        onCertificate: () => {},
        tell: () => {},
        onLost: () => t.fail("nothing is lost"),
        onTurn: (to) => turns.push(to),
        onHold: () => {},
        onDrain: () => {},
      },
      stop.signal,
    );
    const running = forwarder.run();
    const commitUntil = async (what: string, done: () => boolean) => {
      const begun = performance.now();
      while (!done()) {
        if (performance.now() - begun > 20_000)
          throw new Error(`no ${what}: ${JSON.stringify(forwarder.status())}`);
        const seq = ledger.batches.length + 1;
        ledger.batches.push({ seq, batch: batch(seq) });
        forwarder.onRecorded({
          batches: ledger.batches.slice(-1),
          events: [],
          dropped: NOTHING_DROPPED,
          spared: [],
        });
        await world.clock.sleep(20);
      }
    };
    const isAt = (url: string) => () => forwarder.status().broker === url && seen.length > 5;
    await commitUntil("first session", isAt(first.url));
    await first.kill();
    await commitUntil("second session", isAt(second.url));
    await first.start();
    await until("the centre is back", 10_000, () => centres[0]?.isConnected() === true);
    const before = seen.length;
    await commitUntil("return", () => isAt(first.url)() && seen.length > before + 20);
    forwarder.finish(5000);
    await running;
    const count = ledger.batches.length;
    await until("all of it", 10_000, () => new Set(seen).size === count);
    t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
    // Only what the dead broker had taken and not answered may have come twice.
    t.true(seen.length - count <= DESTINATION.window, `${seen.length - count} came twice`);
    t.deepEqual(turns.slice(0, 3), ["connected", "disconnected", "connected"]);
    t.is(turns.filter((turn) => turn === "connected").length, 2);
  },
);
