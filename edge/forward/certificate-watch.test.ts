import test from "ava";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import { forwarderRig } from "../../test-rigs/sim/forwarder-rig.ts";
import type { WallMs } from "../core/time.ts";

const DAY = 86_400_000;

test("a certificate that expires while it is used is told before and then, and cuts nothing", async (t) => {
  const { clock, broker, certificates, turns, start, commit, stop } = forwarderRig();
  const validTo = (SIM_EPOCH + 20 * DAY) as WallMs;
  const later = (SIM_EPOCH + 400 * DAY) as WallMs;
  broker.certificates = [
    { whose: "broker", subject: "centre.example", validTo },
    { whose: "gateway", subject: "gw", validTo: later },
  ];
  const { forwarder } = await start();
  await clock.advance(5 * DAY);
  t.deepEqual(certificates, []);
  await clock.advance(2 * DAY);
  const about = { whose: "broker", subject: "centre.example", validTo };
  t.deepEqual(certificates, [{ ...about, state: "ending" }]);
  await clock.advance(14 * DAY);
  t.deepEqual(certificates.slice(1), [{ ...about, state: "ended" }]);
  await commit(forwarder, "reading");
  await clock.advance(100);
  t.is(broker.received.at(-1), "readings 1");
  t.deepEqual(turns, ["connected"]);
  stop.abort();
});

test("a renewed certificate is told of anew, the same one in a new session is not", async (t) => {
  const { clock, broker, certificates, start, stop } = forwarderRig();
  const validTo = (SIM_EPOCH + DAY) as WallMs;
  broker.certificates = [{ whose: "gateway", subject: "gw", validTo }];
  await start();
  await clock.advance(1000);
  for (const next of [validTo, (validTo + 30 * DAY) as WallMs]) {
    broker.certificates = [{ whose: "gateway", subject: "gw", validTo: next }];
    broker.drop();
    broker.up = true;
    await clock.advance(10_000);
    t.is(certificates.length, 1);
  }
  await clock.advance(20 * DAY);
  t.is(certificates.length, 2);
  stop.abort();
});
