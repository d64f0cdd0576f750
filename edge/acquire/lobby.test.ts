import test from "ava";
import { FakeLink } from "../../drivers/modbus/fake-link.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { recognise } from "./caller.ts";
import { Lobby } from "./lobby.ts";

const DTU = Uint8Array.of(0x44, 0x54, 0x55);
const CALLERS = [
  { bus: "pump", identity: { kind: "registration", hex: "445455" }, heartbeat: null },
  { bus: "weir", identity: { kind: "peer", address: "10.0.0.9" }, heartbeat: null },
] as const;

function rig() {
  const clock = new SimClock();
  const lobby = new Lobby(clock, (address, sent) => recognise(CALLERS, address, sent));
  const told: string[] = [];
  const enter = (address: string) => {
    const link = new FakeLink();
    lobby.enter(link, address, {
      onKnown: (whose) => told.push(whose.kind === "caller" ? whose.bus : whose.kind),
      onRefused: (why) => told.push(`${address}: ${why}`),
    });
    return link;
  };
  return { clock, lobby, told, enter };
}

test("who is known by its address does not wait, who registers is known when it has said all", async (t) => {
  const { clock, told, enter } = rig();
  enter("10.0.0.9");
  t.deepEqual(told, ["weir"]);
  const link = enter("10.0.0.1");
  link.send(DTU.subarray(0, 2));
  link.send(DTU.subarray(2));
  await clock.advance(499);
  t.is(told.length, 1);
  await clock.advance(2);
  t.deepEqual(told, ["weir", "pump"]);
  t.is(link.onData, null);
});

test("who goes on as somebody else, or says nothing, is not taken for the one it began as", async (t) => {
  const { clock, told, enter } = rig();
  const link = enter("10.0.0.1");
  link.send(DTU);
  await clock.advance(100);
  link.send(Uint8Array.of(0x37));
  t.deepEqual(told, ["stranger"]);
  enter("10.0.0.2");
  await clock.advance(10_001);
  t.deepEqual(told.slice(1), ["10.0.0.2: it sent nothing within 10 s"]);
});

test("a ninth that waits from one address sends away the one that has waited longest", (t) => {
  const { told, enter } = rig();
  enter("10.0.0.1");
  for (let n = 0; n < 8; n++) enter("10.0.0.2");
  t.deepEqual(told, []);
  enter("10.0.0.2");
  t.is(told.length, 1);
  t.regex(told[0] ?? "", /^10\.0\.0\.2: more have called since/);
});

test("when the port closes all that wait are hung up on", async (t) => {
  const { lobby, enter } = rig();
  const links = [enter("10.0.0.1"), enter("10.0.0.2")];
  lobby.close();
  t.deepEqual(await Promise.all(links.map(({ closed }) => closed)), ["closed", "closed"]);
});
