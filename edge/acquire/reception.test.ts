import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { SimSwitchboard } from "../../test-rigs/sim/switchboard.ts";
import { GatewayError } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import type { World } from "../world.ts";
import type { Caller } from "./caller.ts";
import { Reception } from "./reception.ts";

const LISTEN = { host: "0.0.0.0", port: 9000 };
const PLACE = "0.0.0.0:9000";
const PUMP = registered("pump", "445455");
const WEIR = registered("weir", "fe01");
const PUMP_SAYS = Uint8Array.of(0x44, 0x54, 0x55);
const WEIR_SAYS = Uint8Array.of(0xfe, 1);

/** After so many milliseconds nothing more is expected behind a registration. */
const SETTLED_MS = 500;

function registered(bus: string, hex: string): Caller {
  return { bus, identity: { kind: "registration", hex }, heartbeat: "2a2a" };
}

/** A reception on a simulated network, with what it logs. */
function rig(callers: ConstructorParameters<typeof Reception>[2] = [PUMP, WEIR]) {
  const clock = new SimClock();
  const switchboard = new SimSwitchboard();
  const stop = new AbortController();
  const logged: string[] = [];
  const world: Pick<World, "clock" | "listenTcp" | "log"> = {
    clock,
    listenTcp: async (settings, onCall) => {
      await clock.sleep(1);
      return switchboard.listen(settings, { life: 1, onCall });
    },
    log: (_level, text, fields) => logged.push(`${text} ${JSON.stringify(fields)}`),
  };
  const rivals: string[] = [];
  const reception = new Reception(world as World, LISTEN, callers, (bus, addresses) =>
    rivals.push(`${bus} ${addresses?.join(" ") ?? "over"}`),
  );
  const call = (address = "10.0.0.1") => {
    const made = switchboard.call(PLACE, address);
    if (made === null) throw new Error("nobody listens");
    return made;
  };
  /** What became of the wait for the peer of `bus`: nothing yet, a link or an error. */
  const next = (bus: string, firstWaitMs = 5000) => {
    const got: { link: Link | null; error: unknown } = { link: null, error: null };
    reception.next(bus, firstWaitMs, stop.signal).then(
      (link) => {
        got.link = link;
      },
      (error) => {
        got.error = error;
      },
    );
    return got;
  };
  return { clock, switchboard, stop, logged, rivals, call, next };
}

test("callers of one port are told apart by what they send first, however it is split", async (t) => {
  const { clock, call, next } = rig();
  const [pump, weir] = [next("pump"), next("weir")];
  await clock.advance(10);
  const [first, second] = [call(), call()];
  first.send(WEIR_SAYS.subarray(0, 1));
  second.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
  t.is(weir.link, null);
  first.send(WEIR_SAYS.subarray(1));
  await clock.advance(SETTLED_MS);
  t.truthy(weir.link);
  t.not(weir.link, pump.link);
});

test("a caller is known by its address where it sends nothing", async (t) => {
  const identity = { kind: "peer", address: "10.8.0.9" } as const;
  const fixed = { bus: "pump", identity, heartbeat: null };
  const { clock, call, next } = rig([fixed]);
  const pump = next("pump");
  await clock.advance(10);
  t.false(call("10.8.0.8").isOpen);
  t.true(call("10.8.0.9").isOpen);
  await clock.advance(1);
  t.truthy(pump.link);
});

test("who is not known is hung up on and told, but not more than once a minute", async (t) => {
  const { clock, logged, call, next } = rig();
  next("pump");
  await clock.advance(10);
  for (let n = 0; n < 3; n++) {
    const stranger = call("10.0.0.66");
    stranger.send(Uint8Array.from(Buffer.from("GET")));
    t.false(stranger.isOpen);
  }
  t.is(logged.length, 1);
  t.regex(logged[0] as string, /refused a caller at 0\.0\.0\.0:9000 .*10\.0\.0\.66.*'GET'/);
  await clock.advance(60_000);
  call().send(Uint8Array.of(0));
  t.regex(logged[1] as string, /"refused":3/);
});

test("who does not say who it is within ten seconds is hung up on", async (t) => {
  const { clock, logged, call, next } = rig();
  next("pump", 60_000);
  await clock.advance(10);
  const mute = call();
  mute.send(PUMP_SAYS.subarray(0, 2));
  await clock.advance(9_999);
  t.true(mute.isOpen);
  await clock.advance(1);
  t.false(mute.isOpen);
  t.regex(logged[0] as string, /only 'DT' within 10 s/);
});

test("who goes on behind a registration that is known is a stranger, and takes nobody's place", async (t) => {
  const { clock, logged, call, next } = rig();
  const pump = next("pump", 60_000);
  await clock.advance(10);
  const known = call();
  known.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  const [atOnce, later] = [call(), call()];
  atOnce.send(Uint8Array.of(...PUMP_SAYS, 0x32));
  later.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS - 1);
  later.send(Uint8Array.of(0x32));
  await clock.advance(SETTLED_MS);
  t.false(atOnce.isOpen || later.isOpen);
  t.true(known.isOpen);
  t.truthy(pump.link);
  t.regex(logged.join(), /its registration 'DTU2' is not known/);
});

test("heartbeats and line ends behind a registration do not make another of it", async (t) => {
  const { clock, call, next } = rig();
  const [pump, weir] = [next("pump", 60_000), next("weir", 60_000)];
  await clock.advance(10);
  call().send(Uint8Array.of(...PUMP_SAYS, 13, 10, ...PUMP_SAYS, 0x2a, 0x2a));
  const amidBeat = call();
  amidBeat.send(Uint8Array.of(...WEIR_SAYS, 0x2a));
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
  t.is(weir.link, null);
  amidBeat.send(Uint8Array.of(0x2a));
  await clock.advance(1);
  amidBeat.send(Uint8Array.of(0x2a));
  await clock.advance(SETTLED_MS);
  t.is(weir.link, null);
  amidBeat.send(Uint8Array.of(0x2a));
  await clock.advance(0);
  t.truthy(weir.link);
});

test("however many say nothing, a peer that dials in is heard, and the oldest of them go", async (t) => {
  const { clock, call, next } = rig();
  const pump = next("pump", 60_000);
  await clock.advance(10);
  const mute = Array.from({ length: 32 }, (_, n) => call(`10.0.1.${n}`));
  t.true(mute.every(({ isOpen }) => isOpen));
  call().send(PUMP_SAYS);
  t.deepEqual(
    mute.flatMap(({ isOpen }, n) => (isOpen ? [] : n)),
    [0],
  );
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
});

test("one address that says nothing cannot drive the others out", async (t) => {
  const { clock, call, next } = rig();
  const pump = next("pump", 60_000);
  await clock.advance(10);
  const slow = call();
  const mute = Array.from({ length: 100 }, () => call("10.0.0.66"));
  t.is(mute.filter(({ isOpen }) => isOpen).length, 8);
  slow.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
});

test("a peer that dials in over and over is told once a minute, and how often it did", async (t) => {
  const { clock, logged, call, next } = rig();
  next("pump", 60_000);
  await clock.advance(10);
  const dial = async () => {
    call().send(PUMP_SAYS);
    await clock.advance(SETTLED_MS);
  };
  for (let n = 0; n < 5; n++) await dial();
  t.is(logged.length, 1);
  await clock.advance(60_000);
  await dial();
  t.regex(logged[1] as string, /the peer of bus pump dialled in .*"dials":5/);
});

test("a flood in place of a registration is refused in one short line", async (t) => {
  const { clock, logged, call, next } = rig();
  next("pump", 60_000);
  await clock.advance(10);
  const flood = call();
  flood.send(new Uint8Array(65_536).fill(0x41));
  t.false(flood.isOpen);
  t.true((logged[0] as string).length < 300);
});

test("the first wait ends when nobody comes, and says for whom it was", async (t) => {
  const { clock, next } = rig();
  const pump = next("pump", 5000);
  await clock.advance(4999);
  t.is(pump.error, null);
  await clock.advance(2);
  t.true(pump.error instanceof GatewayError);
  t.regex(
    String(pump.error),
    /nobody with the registration 'DTU' has dialled in to 0\.0\.0\.0:9000/,
  );
});

test("a later wait ends only when the peer comes", async (t) => {
  const { clock, call, next } = rig();
  next("pump", 100);
  await clock.advance(200);
  const pump = next("pump", 100);
  await clock.advance(5 * 3_600_000);
  t.deepEqual(pump, { link: null, error: null });
  call().send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
});

test("a peer that does not come back is told to be missing once, and then waited for", async (t) => {
  const { clock, call, next } = rig();
  next("pump", 100);
  await clock.advance(200);
  next("pump", 100);
  call().send(PUMP_SAYS);
  await clock.advance(60_000);
  const again = next("pump", 100);
  await clock.advance(101);
  t.true(again.error instanceof GatewayError);
  const later = next("pump", 100);
  await clock.advance(5 * 3_600_000);
  t.deepEqual(later, { link: null, error: null });
});

test("a peer that came while nobody waited for it is there at once", async (t) => {
  const { clock, call, next } = rig();
  next("weir");
  await clock.advance(10);
  call().send(PUMP_SAYS);
  await clock.advance(1000);
  const pump = next("pump");
  await clock.advance(0);
  t.truthy(pump.link);
});

test("a peer that came and went is not handed over", async (t) => {
  const { clock, call, next } = rig();
  next("weir");
  await clock.advance(10);
  const gone = call();
  gone.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  gone.hangUp();
  await clock.advance(10);
  const pump = next("pump", 1000);
  await clock.advance(500);
  t.is(pump.link, null);
  await clock.advance(502);
  t.true(pump.error instanceof GatewayError);
});

test("a peer that dials in again ends its connection before, which it has lost", async (t) => {
  const { clock, call, next } = rig();
  const before = next("pump");
  await clock.advance(10);
  call().send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  const again = call();
  again.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.is(await before.link?.closed, "closed by the gateway");
  const after = next("pump");
  await clock.advance(1);
  t.truthy(after.link);
  t.true(again.isOpen);
});

test("what comes before the connection is fetched is not kept for the bus", async (t) => {
  const { clock, call, next } = rig();
  next("weir");
  await clock.advance(10);
  const early = call();
  early.send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.false(early.send(Uint8Array.of(1, 2, 3)));
});

test("a port that is taken is told to every bus, and tried again", async (t) => {
  const { clock, switchboard, call, next } = rig();
  const other = switchboard.listen(LISTEN, { life: 0, onCall: () => {} });
  const refused = [next("pump"), next("weir")];
  await clock.advance(10);
  for (const { error } of refused) t.regex(String(error), /address in use/);
  other.close();
  const pump = next("pump");
  await clock.advance(10);
  call().send(PUMP_SAYS);
  await clock.advance(SETTLED_MS);
  t.truthy(pump.link);
});

test("when the gateway stops, waits end with its reason and callers are hung up on", async (t) => {
  const { clock, stop, call, next } = rig();
  const pump = next("pump");
  await clock.advance(10);
  const [mute, weir] = [call(), call()];
  weir.send(WEIR_SAYS);
  await clock.advance(SETTLED_MS);
  const reason = new Error("the gateway stops");
  stop.abort(reason);
  await clock.advance(10);
  t.is(pump.error, reason);
  t.false(mute.isOpen || weir.isOpen);
  t.false(call().isOpen);
});

test("two peers with one registration are told once while they displace each other, and when it is over", async (t) => {
  const { clock, rivals, call, next } = rig();
  const dialIn = async (address: string) => {
    next("pump");
    call(address).send(PUMP_SAYS);
    await clock.advance(5000);
  };
  next("pump");
  await clock.advance(10);
  for (let n = 0; n < 10; n++) await dialIn(`10.0.0.${1 + (n % 2)}`);
  t.deepEqual(rivals, ["pump 10.0.0.2 10.0.0.1"]);
  await clock.advance(290_000);
  await dialIn("10.0.0.1");
  await clock.advance(290_000);
  t.is(rivals.length, 1);
  await clock.advance(10_000);
  t.deepEqual(rivals.slice(1), ["pump over"]);
});

test("a peer that hangs up before it dials in again has no rival", async (t) => {
  const { clock, rivals, call, next } = rig();
  next("pump");
  await clock.advance(10);
  for (let n = 0; n < 10; n++) {
    next("pump");
    const made = call();
    made.send(PUMP_SAYS);
    await clock.advance(2000);
    made.hangUp();
    await clock.advance(2000);
  }
  t.deepEqual(rivals, []);
});
