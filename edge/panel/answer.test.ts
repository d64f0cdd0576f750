import test from "ava";
import { aPointStatus, aStatus } from "../../test-rigs/sim/a-status.ts";
import { anAlarm } from "../../test-rigs/sim/an-alarm.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { WebRequest } from "../world/web-exchange.ts";
import { answerOf } from "./answer.ts";
import { Desk } from "./desk.ts";
import { Examination } from "./examination.ts";
import { pageFiles } from "./files.ts";
import { Snapshot } from "./snapshot.ts";
import { Trends } from "./trends.ts";

const files = await pageFiles();

/** A page over a gateway that counts how often it is asked; answers requests to it. */
function aPage() {
  const clock = new SimClock();
  const counts = { status: 0, doctor: 0 };
  const status = () => {
    counts.status++;
    return aStatus({
      points: [
        aPointStatus(),
        aPointStatus({ point: "gas-2.gas", quality: "bad:timeout", value: null }),
      ],
      alarms: [anAlarm({ state: "unacknowledged", active: true })],
    });
  };
  const site = { alarms: [{ name: "gas-high" }], timeZone: "Asia/Shanghai" };
  const examine = (lang: string) => {
    counts.doctor++;
    return Promise.resolve(JSON.stringify({ v: 1, findings: [], lang }));
  };
  const parts = {
    files,
    snapshot: new Snapshot(clock, site, status),
    trends: new Trends(),
    examination: new Examination(clock, examine),
    desk: new Desk({
      clock,
      pin: () => Promise.resolve("482916"),
      act: () => Promise.resolve("done"),
      tell: () => {},
      onFailure: () => {},
    }),
  };
  const ask = (path: string, some: Partial<WebRequest> = {}) => {
    const [bare = "", query = ""] = path.split("?");
    const headers = { host: "192.168.4.1:8080", ...some.headers };
    const plain = { method: "GET", path: bare, address: "192.168.4.20", body: "" };
    return answerOf({ ...plain, ...some, query: new URLSearchParams(query), headers }, parts);
  };
  const order = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", "x-lifeline-panel": "1", ...headers },
    });
  return { ask, order, counts, clock, trends: parts.trends };
}

const jsonOf = ({ body }: { body: string | Uint8Array }) => JSON.parse(String(body));

test("the page is served with a policy that lets it load nothing from elsewhere", async (t) => {
  const { ask } = aPage();
  for (const path of ["/", "/panel.js", "/base.css", "/favicon.svg"]) {
    const { status, headers } = await ask(path);
    t.is(status, 200, path);
    t.regex(headers["content-security-policy"] ?? "", /^default-src 'none'; script-src 'self';/);
    t.notRegex(headers["content-security-policy"] ?? "", /unsafe|\*|https?:/);
    t.is(headers["x-content-type-options"], "nosniff");
  }
  t.is((await ask("/")).headers["content-type"], "text/html; charset=utf-8");
  t.is((await ask("/panel.js")).headers["content-type"], "text/javascript; charset=utf-8");
});

test("a file that the browser has is not sent again", async (t) => {
  const { ask } = aPage();
  const { etag = "" } = (await ask("/panel.js")).headers;
  const again = await ask("/panel.js", { headers: { "if-none-match": etag } });
  t.is(again.status, 304);
  t.is(again.body, "");
});

test("what is not there is not there, whatever the path tries", async (t) => {
  const { ask } = aPage();
  for (const path of [
    "/../serve.ts",
    "/%2e%2e/serve.ts",
    "//etc/passwd",
    "/api/",
    "/api/state/x",
  ]) {
    t.is((await ask(path)).status, 404, path);
  }
  for (const method of ["POST", "PUT", "OPTIONS", "TRACE"]) {
    t.is((await ask("/", { method })).status, 405, method);
  }
});

test("a name that somebody on the internet may own is not answered", async (t) => {
  const { ask } = aPage();
  for (const host of ["evil.example", "192.168.4.1.nip.io:8080", "a.local.evil.com", ""]) {
    t.is((await ask("/api/state", { headers: { host } })).status, 421, host);
  }
  for (const host of ["192.168.4.1", "[fe80::1]:8080", "gateway.local", "gateway:80"]) {
    t.is((await ask("/api/state", { headers: { host } })).status, 200, host);
  }
});

test("the state is in the language asked for, and names what a reading is good for in it", async (t) => {
  const { ask } = aPage();
  const zh = jsonOf(await ask("/api/state?lang=zh-CN"));
  t.is(zh.session, "closed");
  t.is(zh.view.points[1].qualityText, "超时无应答");
  t.is(zh.view.alarms[0].stateText, "报警，未确认");
  const en = jsonOf(await ask("/api/state?lang=en"));
  t.like(en.view.points[1], { level: "bad", qualityText: "timeout", value: null });
  t.like(en.view.alarms[0], { isUnanswered: true, needsSomebody: true, limitText: "≥ 50" });
  t.is(jsonOf(await ask("/api/words?lang=zh-CN")).words.acknowledge, "确认");
  t.is(jsonOf(await ask("/api/words?lang=xx")).lang, "en");
});

test("however many ask, the gateway is asked once a second, and the doctor every half a minute", async (t) => {
  const { ask, counts, clock } = aPage();
  for (let i = 0; i < 50; i++) {
    await Promise.all([ask("/api/state?lang=en"), ask("/api/state?lang=zh-CN")]);
    await Promise.all([ask("/api/doctor?lang=en"), ask("/api/doctor?lang=en")]);
  }
  t.deepEqual(counts, { status: 1, doctor: 1 });
  await clock.advance(1_000);
  await Promise.all([ask("/api/state"), ask("/api/doctor?lang=en")]);
  t.deepEqual(counts, { status: 2, doctor: 1 });
  await clock.advance(30_000);
  await ask("/api/doctor?lang=en");
  t.is(counts.doctor, 2);
});

test("an order without what only the own page sends is refused", async (t) => {
  const { order, ask } = aPage();
  const pin = { pin: "482916" };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  t.is((await order("/api/session", pin, form)).status, 403);
  t.is((await order("/api/session", pin, { "x-lifeline-panel": "" })).status, 403);
  t.is((await order("/api/session", pin, { origin: "http://evil.example" })).status, 403);
  t.is((await order("/api/session", pin, { "sec-fetch-site": "cross-site" })).status, 403);
  const own = { origin: "http://192.168.4.1:8080", "sec-fetch-site": "same-origin" };
  const answer = await order("/api/session", pin, own);
  t.is(answer.status, 200);
  const [cookie = ""] = (answer.headers["set-cookie"] ?? "").split(";");
  t.is(jsonOf(await ask("/api/state", { headers: { cookie } })).session, "open");
  const done = await order("/api/alarms", { kind: "acknowledge", alarm: "gas-high" }, { cookie });
  t.deepEqual(jsonOf(done), { outcome: "done" });
});

test("what was done is seen at once", async (t) => {
  const { order, ask, counts } = aPage();
  await ask("/api/state");
  await order("/api/session", { pin: "482916" });
  await ask("/api/state");
  t.is(counts.status, 2);
});

test("an order that is no JSON is refused like any other, not thrown", async (t) => {
  const { ask } = aPage();
  const headers = { "content-type": "application/json", "x-lifeline-panel": "1" };
  for (const body of ["", "{", "null", "[1]", '"text"']) {
    t.is((await ask("/api/session", { method: "POST", body, headers })).status, 400, body);
    t.is((await ask("/api/alarms", { method: "POST", body, headers })).status, 401, body);
  }
});

test("courses are handed out from where the page has them", async (t) => {
  const { ask, trends } = aPage();
  for (const value of [1, 2.000004, null, true, "text"]) trends.add([{ point: "a.b", value }]);
  const page = jsonOf(await ask("/api/trends?from=1"));
  t.deepEqual(page.rows, [[2], [null], [1], [null]]);
  t.like(page, { from: 1, next: 5, everyMs: 5_000 });
  t.deepEqual(jsonOf(await ask("/api/trends?from=5")).rows, []);
  // Numbers of a run before, or none at all, give everything.
  for (const from of ["99", "x", "-1"]) {
    t.is(jsonOf(await ask(`/api/trends?from=${from}`)).rows.length, 5, from);
  }
  for (let i = 0; i < 500; i++) trends.add([{ point: "a.b", value: i }]);
  t.is(jsonOf(await ask("/api/trends")).rows.length, 120);
});
