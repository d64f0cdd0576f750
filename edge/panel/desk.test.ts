import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { AlarmOrder } from "../alarm/alarm-order.ts";
import { Desk } from "./desk.ts";
import { LOCK_MS } from "./pin-guard.ts";

const PIN = "482916";
const PHONE = "192.168.4.20";

/** A desk, what it told and had done, and its clock. */
function aDesk(pin: (() => Promise<string>) | null = () => Promise.resolve(PIN)) {
  const clock = new SimClock();
  const told: (readonly [string, object])[] = [];
  const acts: (readonly [string, AlarmOrder])[] = [];
  const failures: string[] = [];
  const desk = new Desk({
    clock,
    pin,
    act: (alarm, order) => {
      acts.push([alarm, order]);
      return Promise.resolve(alarm === "gas-high" ? "done" : "unknown");
    },
    tell: (cause, detail) => told.push([cause, detail]),
    onFailure: (why) => failures.push(why),
  });
  /** Signs in; the cookie as a browser sends it back. */
  const signedIn = async (address = PHONE) => {
    const { cookie = "" } = await desk.signIn(PIN, address);
    return cookie.split(";")[0] ?? "";
  };
  return { desk, clock, told, acts, failures, signedIn };
}

const ACK = { kind: "acknowledge", alarm: "gas-high" };

test("whoever types the PIN may acknowledge and shelve, in the name of their address", async (t) => {
  const { desk, told, acts, signedIn } = aDesk();
  t.is(desk.session(undefined, PHONE), "closed");
  t.like(await desk.act(ACK, undefined, PHONE), { status: 401, why: "session" });
  const cookie = await signedIn();
  t.is(desk.session(cookie, PHONE), "open");
  t.deepEqual(told, [["panel-opened", { who: `panel:${PHONE}` }]]);
  // A name in what is asked for counts for nothing.
  const claimed = { ...ACK, who: "somebody else" };
  t.like(await desk.act(claimed, cookie, PHONE), { status: 200, outcome: "done" });
  const shelf = { kind: "shelve", alarm: "gas-high", reason: "washed", forMs: 60_000 };
  t.like(await desk.act(shelf, cookie, PHONE), { status: 200, outcome: "done" });
  const who = `panel:${PHONE}`;
  t.deepEqual(acts, [
    ["gas-high", { kind: "acknowledge", who }],
    ["gas-high", { kind: "shelve", who, reason: "washed", forMs: 60_000 }],
  ]);
});

test("what the page does not offer, and an order without a reason, is refused", async (t) => {
  const { desk, acts, signedIn } = aDesk();
  const cookie = await signedIn();
  for (const kind of ["remove", "return", "reset", "unshelve", "constructor", undefined]) {
    t.like(await desk.act({ ...ACK, kind }, cookie, PHONE), { status: 400, why: "kind" });
  }
  const bare = { kind: "shelve", alarm: "gas-high" };
  t.like(await desk.act(bare, cookie, PHONE), { status: 400, why: "order" });
  t.deepEqual(acts, []);
  const other = { kind: "acknowledge", alarm: "no-such" };
  t.like(await desk.act(other, cookie, PHONE), { status: 409, outcome: "unknown" });
});

test("a fifth wrong PIN locks an address for a quarter of an hour, which one event tells", async (t) => {
  const { desk, clock, told } = aDesk();
  for (let i = 0; i < 4; i++) t.like(await desk.signIn("000000", PHONE), { status: 403 });
  t.deepEqual(told, []);
  t.like(await desk.signIn("000000", PHONE), { status: 429, why: "locked", forMs: LOCK_MS });
  t.deepEqual(told, [["panel-locked", { who: `panel:${PHONE}`, minutes: 15 }]]);
  // Not even the right one is looked at, and nothing more is told.
  t.like(await desk.signIn(PIN, PHONE), { status: 429 });
  t.is(told.length, 1);
  t.like(await desk.signIn(PIN, "192.168.4.21"), { status: 200 });
  await clock.advance(LOCK_MS);
  t.like(await desk.signIn(PIN, PHONE), { status: 200 });
});

test("many attempts at once are as many attempts", async (t) => {
  const { desk } = aDesk();
  const all = await Promise.all(Array.from({ length: 40 }, () => desk.signIn("000000", PHONE)));
  t.is(all.filter(({ status }) => status === 403).length, 4);
});

test("changing addresses does not help beyond thirty attempts", async (t) => {
  const { desk } = aDesk();
  const tried: number[] = [];
  for (let i = 0; i < 40; i++) {
    const { status } = await desk.signIn("000000", `fe80::${i}`);
    tried.push(status);
  }
  t.is(tried.indexOf(429), 29);
  t.like(await desk.signIn(PIN, "fe80::ffff"), { status: 429 });
});

test("a PIN mistyped now and then locks nobody out", async (t) => {
  const { desk, clock } = aDesk();
  for (let visit = 0; visit < 60; visit++) {
    for (let i = 0; i < 3; i++) await desk.signIn("000000", PHONE);
    t.like(await desk.signIn(PIN, PHONE), { status: 200 });
    await clock.advance(3_600_000);
  }
});

test("a session is one browser's at one address, and ends after a quarter of an hour of rest", async (t) => {
  const { desk, clock, signedIn } = aDesk();
  const cookie = await signedIn();
  t.is(desk.session(cookie, "192.168.4.99"), "closed");
  t.is(desk.session("lifeline-panel=guessed", PHONE), "closed");
  await clock.advance(14 * 60_000);
  t.like(await desk.act(ACK, cookie, PHONE), { status: 200 });
  await clock.advance(14 * 60_000);
  // Looking alone does not keep it open.
  t.is(desk.session(cookie, PHONE), "open");
  await clock.advance(2 * 60_000);
  t.is(desk.session(cookie, PHONE), "closed");
  t.like(await desk.act(ACK, cookie, PHONE), { status: 401 });
});

test("a session that is left is over, and its cookie is of this site alone and of no script", async (t) => {
  const { desk, signedIn } = aDesk();
  const { cookie } = await desk.signIn(PIN, PHONE);
  t.regex(cookie ?? "", /^lifeline-panel=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const other = await signedIn();
  t.regex(desk.signOut(other).cookie ?? "", /Max-Age=0/);
  t.is(desk.session(other, PHONE), "closed");
});

test("more sessions than eight end the oldest", async (t) => {
  const { desk, signedIn } = aDesk();
  const first = await signedIn();
  for (let i = 0; i < 8; i++) await signedIn();
  t.is(desk.session(first, PHONE), "closed");
});

test("without a PIN nobody may act, and one that cannot be read is told and counts against nobody", async (t) => {
  const none = aDesk(null);
  t.is(none.desk.session(undefined, PHONE), "none");
  t.like(await none.desk.signIn(PIN, PHONE), { status: 403, why: "no-pin" });
  const broken = aDesk(() => Promise.reject(new Error("no such file")));
  for (let i = 0; i < 9; i++) {
    t.like(await broken.desk.signIn(PIN, PHONE), { status: 503, why: "pin-unreadable" });
  }
  t.is(broken.failures[0], "no such file");
});

test("what is no PIN is no attempt", async (t) => {
  const { desk } = aDesk();
  for (const pin of [undefined, "", 482916, null, {}]) {
    t.like(await desk.signIn(pin, PHONE), { status: 400 });
  }
});
