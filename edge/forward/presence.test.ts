import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { UptimeMs } from "../core/time.ts";
import type { Outgoing, Uplink } from "../core/uplink.ts";
import { Presence } from "./presence.ts";

/** A presence that proves its version by `proof`, and what was published of it. */
function aPresence(proof: () => string | null) {
  const said: { readonly state: string; readonly proof?: string }[] = [];
  const read = ({ payload }: Outgoing) => JSON.parse(String(payload));
  const uplink = {
    publish: (message: Outgoing) => {
      said.push(read(message));
      return Promise.resolve("delivered");
    },
    close: () => Promise.resolve(),
    abandon: () => {},
  } as unknown as Uplink;
  const parts = { gateway: "gw", release: "1", fingerprint: "sha256:0", isTold: true, proof };
  const presence = new Presence({ clock: new SimClock(), ...parts });
  presence.restart();
  return { presence, uplink, said, read };
}

test("the version is proven while the gateway is online, and by no will or farewell", async (t) => {
  const { presence, uplink, said, read } = aPresence(() => "h.b.s");
  await presence.sayOnline(uplink);
  await presence.sayGoodbye(uplink, 1_000 as UptimeMs);
  t.deepEqual(
    said.map((each) => [each.state, each.proof]),
    [
      ["online", "h.b.s"],
      ["offline", undefined],
    ],
  );
  const will = presence.will();
  t.is(will === null ? null : read(will).proof, undefined);
});

test("where nothing can be proven nothing is said of it", async (t) => {
  const { presence, uplink, said } = aPresence(() => null);
  await presence.sayOnline(uplink);
  t.false("proof" in (said[0] ?? {}));
});

test("what has changed is owed again, with the proof of now", async (t) => {
  let trial = true;
  const { presence, uplink, said } = aPresence(() => `trial-${trial}`);
  await presence.sayOnline(uplink);
  t.false(presence.isOwed);
  trial = false;
  presence.restate();
  t.true(presence.isOwed);
  await presence.sayOnline(uplink);
  t.deepEqual(
    said.map(({ proof }) => proof),
    ["trial-true", "trial-false"],
  );
});
