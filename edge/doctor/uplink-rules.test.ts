import test from "ava";
import { aStatus } from "../../test-rigs/sim/a-status.ts";
import { aMachine, anUplink, DAY, someFacts } from "../../test-rigs/sim/some-facts.ts";
import type { WallMs } from "../core/time.ts";
import type { CertificateTerm } from "../world/key-file.ts";
import type { Reach, ReachStep } from "../world/reach.ts";
import type { Facts } from "./facts.ts";
import { diagnose } from "./rules.ts";

const AT = someFacts().at;

function failed(step: ReachStep, code: string, reason: number | null = null) {
  return { step, code, text: `as it was said: ${code}`, reason };
}

/** What is found where the way to the centre ended so, and how sure. */
function found(failure: Reach["failed"], more: Partial<Reach> = {}, facts: Partial<Facts> = {}) {
  const told = diagnose(someFacts({ uplinks: [anUplink(failure, more)], ...facts }));
  return told.map(({ code, subject, sure }) => `${subject} ${code} ${sure}`);
}

const NETWORK = aMachine().network;

test("a host that refuses, one that is off, and a firewall are told apart", (t) => {
  t.deepEqual(found(failed("connect", "ECONNREFUSED")), ["centre uplink.refused certain"]);
  t.deepEqual(found(failed("connect", "EHOSTUNREACH")), ["centre uplink.host-down certain"]);
  const late = failed("connect", "ETIMEDOUT");
  t.deepEqual(found(late, { answersPing: true }), ["centre uplink.filtered likely"]);
  t.deepEqual(found(late, { answersPing: false }), ["centre uplink.silent likely"]);
  t.deepEqual(found(late, { answersPing: null }), ["centre uplink.silent likely"]);
  const neighbours = [{ address: "198.51.100.7", answers: false }];
  const machine = aMachine({ network: { ...NETWORK, neighbours } });
  t.deepEqual(found(late, {}, { machine }), ["centre uplink.host-down certain"]);
});

test("a machine without a network is one finding, whatever is not reached because of it", (t) => {
  const [link] = NETWORK.links;
  if (link === undefined) throw new Error("no link");
  const without = (some: Partial<typeof link>) => {
    const network = { ...NETWORK, links: [{ ...link, ...some }], defaultRoutes: [] };
    return { machine: aMachine({ network }) };
  };
  const away = failed("name", "EAI_AGAIN");
  t.deepEqual(found(away, {}, without({ hasCarrier: false })), ["network network.no-link certain"]);
  t.deepEqual(found(away, {}, without({ addresses: [] })), ["network network.no-address certain"]);
  t.deepEqual(found(away, {}, without({})), ["network network.no-route certain"]);
});

test("a name server that is silent is told once, a name that does not exist of its destination", (t) => {
  t.deepEqual(found(failed("name", "EAI_AGAIN")), ["DNS network.dns-down certain"]);
  t.deepEqual(found(failed("name", "ENOTFOUND")), ["centre uplink.name-unknown certain"]);
});

test("a refused login is surely the password only where the broker says so", (t) => {
  t.deepEqual(found(failed("login", "uplink.login", 0x86)), ["centre uplink.login certain"]);
  t.deepEqual(found(failed("login", "uplink.login", 0x87)), ["centre uplink.login likely"]);
  t.deepEqual(found(failed("login", "uplink.refused")), ["centre uplink.mute likely"]);
});

function term(fromMs: number, toMs: number): CertificateTerm {
  const [validFrom, validTo] = [(AT + fromMs) as WallMs, (AT + toMs) as WallMs];
  return { subject: "broker.example", issuer: "Root", validFrom, validTo, fingerprint: "00" };
}

const UNSYNCED = { status: aStatus({ clock: "unsynced" }) };

test("a certificate that is not valid yet is the platform's fault only by a clock that is right", (t) => {
  const early = failed("encryption", "uplink.certificate-early");
  const chain = [term(3 * DAY, 90 * DAY)];
  t.deepEqual(found(early, { chain }), ["centre uplink.certificate-early certain"]);
  t.true(found(early, { chain }, UNSYNCED).includes("centre uplink.certificate-clock likely"));
  const proof = { at: (AT + 20 * DAY) as WallMs, file: "lifeline.db" };
  const behind = found(early, { chain }, { ...UNSYNCED, machine: aMachine({ proof }) });
  t.deepEqual(behind, ["clock clock.behind certain"]);
});

test("a certificate is over for certain by a right clock, or by what has certainly been", (t) => {
  const expired = failed("encryption", "uplink.certificate-expired");
  const chain = [term(-90 * DAY, -2 * DAY)];
  t.deepEqual(found(expired, { chain }), ["centre uplink.certificate-expired certain"]);
  const unproven = aMachine({ proof: null });
  const doubted = found(expired, { chain }, { ...UNSYNCED, machine: unproven });
  t.true(doubted.includes("centre uplink.certificate-expired likely"));
  // What was written yesterday was written after its end.
  const proof = { at: (AT - DAY) as WallMs, file: "lifeline.db" };
  const proven = found(expired, { chain }, { ...UNSYNCED, machine: aMachine({ proof }) });
  t.true(proven.includes("centre uplink.certificate-expired certain"));
});

test("a certificate that ends within two weeks is told of while all works, and not by a doubtful clock", (t) => {
  const chain = [term(-90 * DAY, 90 * DAY), term(-90 * DAY, 9.5 * DAY)];
  t.deepEqual(found(null, { chain }), ["centre uplink.certificate-ending certain"]);
  t.false(found(null, { chain }, UNSYNCED).join().includes("ending"));
  t.deepEqual(found(null, { chain: [term(-90 * DAY, 15 * DAY)] }), []);
});
