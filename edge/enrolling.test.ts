import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { type ErrorCode, GatewayError } from "./core/errors.ts";
import type { Duty, IdentityKeeper, IdentityStanding } from "./core/identity.ts";
import type { WallMs } from "./core/time.ts";
import { Enrolling } from "./enrolling.ts";
import type { Turn } from "./gateway-event.ts";

const DAY_MS = 86_400_000;
const NONE: IdentityStanding = {
  ...{ state: "none", current: null, next: null, boundTo: null, hardware: null },
  ...{ secrets: null, unopened: null },
};

/** A gateway whose server answers as `fails` says, and certifies for a hundred days. */
function rig(
  fails: (duty: Duty) => ErrorCode | null,
  state: "synced" | "unsynced" = "synced",
  first = NONE,
) {
  const clock = new SimClock({ state });
  const turns: Turn[] = [];
  const asked: Duty[] = [];
  const at = { standing: first };
  const term = () => ({
    ...{ gateway: "gw", serial: `${asked.length}`, issuer: "ca", fingerprint: "" },
    ...{ validFrom: clock.now(), validTo: (clock.now() + 100 * DAY_MS) as WallMs },
  });
  const ask = (duty: Duty, as: () => IdentityStanding) => {
    asked.push(duty);
    const code = fails(duty);
    if (code !== null) return Promise.reject(new GatewayError(code, "refused"));
    at.standing = as();
    return Promise.resolve();
  };
  const keeper: IdentityKeeper = {
    standing: () => at.standing,
    enrol: () => ask("enrol", () => ({ ...NONE, state: "enrolled", current: term() })),
    renew: () => ask("renew", () => ({ ...at.standing, next: term() })),
  };
  const end = new AbortController();
  const tell = (turn: Turn) => turns.push(turn);
  const handed: string[] = [];
  const onRenewed = (serial: string | null) => handed.push(`${serial}`);
  const parts = { world: { clock, random: () => 0.5 }, gateway: "gw", keeper, tell, onRenewed };
  const enrolling = new Enrolling(parts, end.signal);
  const running = enrolling.run().catch(() => "ended");
  const status = () => enrolling.status();
  return { clock, turns, asked, at, end, running, handed, status };
}

const said = (turns: readonly Turn[]) => turns.map(({ from, to, cause }) => [from, to, cause]);

test("a gateway out of reach of its server asks ever more seldom, and says so once", async (t) => {
  let isThere = false;
  const { clock, turns, asked } = rig(() => (isThere ? null : "enrol.unreachable"));
  await clock.advance(3_600_000);
  t.true(asked.length > 8 && asked.length < 20, `${asked.length} times in an hour`);
  isThere = true;
  await clock.advance(900_000);
  t.deepEqual(said(turns), [
    ["none", "none", "enrol.unreachable"],
    ["none", "enrolled", "enrolled"],
  ]);
});

test("a gateway whose clock is behind is enrolled half a minute after that was put right, however long it was", async (t) => {
  let isBehind = true;
  const { clock, turns, at } = rig(() => (isBehind ? "enrol.clock" : null), "unsynced");
  await clock.advance(6 * 3_600_000);
  t.deepEqual(said(turns), [["none", "none", "enrol.clock"]]);
  isBehind = false;
  await clock.advance(31_000);
  t.is(at.standing.state, "enrolled");
});

test("at half of its life the certificate is renewed once, and waits for a platform to take it", async (t) => {
  const { clock, turns, asked, at } = rig(() => null);
  await clock.advance(49 * DAY_MS);
  t.deepEqual(asked, ["enrol"]);
  await clock.advance(3 * DAY_MS);
  t.deepEqual(asked, ["enrol", "renew"]);
  t.not(at.standing.next, null);
  t.deepEqual(said(turns).at(-1), ["enrolled", "enrolled", "renewed"]);
});

test("without a clock to believe nothing is renewed, and a claim that is refused is asked of seldom", async (t) => {
  const unsynced = rig(() => null, "unsynced");
  await unsynced.clock.advance(80 * DAY_MS);
  t.deepEqual(unsynced.asked, ["enrol"]);
  const refused = rig(() => "enrol.claim");
  await refused.clock.advance(3_600_000);
  t.true(refused.asked.length < 8);
});

test("on a board that is not its own an identity is left alone, and the event says why", async (t) => {
  const copied = { ...NONE, state: "foreign", boundTo: "a", hardware: "b" } as const;
  const { clock, turns, asked, end, running } = rig(() => null, "synced", copied);
  await clock.advance(3_600_000);
  t.deepEqual(asked, []);
  t.deepEqual(said(turns), [["foreign", "foreign", "enrol.foreign"]]);
  end.abort(new Error("over"));
  t.is(await running, "ended");
});

test("a key that does not open is left alone, and the event says what to do", async (t) => {
  const sealed = { ...NONE, state: "sealed", unopened: "TPM key integrity check failed" } as const;
  const { clock, turns, asked, end, running } = rig(() => null, "synced", sealed);
  await clock.advance(3_600_000);
  t.deepEqual(asked, []);
  t.deepEqual(said(turns), [["sealed", "sealed", "enrol.sealed"]]);
  t.regex(JSON.stringify(turns), /integrity check failed.*provision replace/);
  end.abort(new Error("over"));
  t.is(await running, "ended");
});

test("a renewed certificate is handed over at once, and daily to whoever did not take it then", async (t) => {
  const { clock, at, handed } = rig(() => null);
  await clock.advance(49 * DAY_MS);
  t.deepEqual(new Set(handed), new Set(["1"]));
  t.true(handed.length <= 50);
  await clock.advance(DAY_MS + 3_600_000);
  t.deepEqual(handed.slice(-2), ["1", "2"]);
  await clock.advance(DAY_MS);
  t.deepEqual(handed.slice(-3), ["1", "2", "2"]);
  at.standing = { ...at.standing, current: at.standing.next, next: null };
  await clock.advance(120_000);
  t.is(handed.filter((serial) => serial === "2").length, 2, "nothing is newer than it");
});

test("where the identity was ended by hand, those who show it are told", async (t) => {
  const { clock, at, handed, end, turns, status } = rig(
    (duty) => (duty === "enrol" ? "enrol.used" : null),
    "synced",
    {
      ...NONE,
      state: "enrolled",
      current: {
        ...{ gateway: "gw", serial: "9", issuer: "ca", fingerprint: "" },
        ...{ validFrom: 0 as WallMs, validTo: 4e12 as WallMs },
      },
    },
  );
  await clock.advance(1_000);
  t.deepEqual(handed, ["9"]);
  at.standing = NONE;
  await clock.advance(61_000);
  t.deepEqual(handed, ["9", "null"]);
  t.deepEqual(said(turns), [
    ["enrolled", "none", "ended"],
    ["none", "none", "enrol.used"],
  ]);
  t.like(status(), { state: "none", cause: "enrol.used" });
  end.abort(new Error("over"));
});

test("a key that does not open any more is not told as an identity that was ended", async (t) => {
  const { clock, at, turns, end } = rig(() => null);
  await clock.advance(1_000);
  at.standing = { ...at.standing, state: "sealed", unopened: "the chip is gone" };
  await clock.advance(61_000);
  t.deepEqual(said(turns), [
    ["none", "enrolled", "enrolled"],
    ["sealed", "sealed", "enrol.sealed"],
  ]);
  end.abort(new Error("over"));
});
