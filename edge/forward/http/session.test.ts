import test from "ava";
import { SimClock } from "../../../test-rigs/sim/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../core/http.ts";
import { classOf, HttpSessions, headerText } from "./session.ts";

const OK: HttpAnswer = { status: 200, retryAfterMs: null, said: "" };
const MESSAGE = { topic: "t", payload: "{}", retain: false, key: "gw/R/7" };

/** A server that answers as `answer` says, and notes what it was sent. */
class Server {
  answer: HttpAnswer | "nothing" = OK;
  readonly requests: HttpRequest[] = [];
  readonly refusals: number[] = [];
  open = 0;
  renewed = 0;
  readonly clock = new SimClock();
  readonly sessions = new HttpSessions({
    clock: this.clock,
    open: () => Promise.resolve(this.#client()),
    onRefused: (status) => this.refusals.push(status),
  });

  connect() {
    return this.sessions.connect(new AbortController().signal);
  }

  #client(): HttpClient {
    this.open++;
    let isOpen = true;
    return {
      send: (request) => {
        this.requests.push(request);
        if (this.answer !== "nothing") return Promise.resolve(this.answer);
        return Promise.reject(new GatewayError("uplink.refused", "no answer"));
      },
      renew: () => {
        this.renewed++;
        return Promise.resolve();
      },
      close: () => {
        if (isOpen) this.open--;
        isOpen = false;
      },
    };
  }
}

test("a message is a POST with its topic, and its key for whoever has it already", async (t) => {
  const server = new Server();
  const uplink = await server.connect();
  t.is(await uplink.publish(MESSAGE), "accepted");
  t.is(await uplink.publish({ topic: "s", payload: "{}", retain: true }), "accepted");
  t.deepEqual(
    server.requests.map(({ method, headers }) => [method, headers["Idempotency-Key"]]),
    [
      ["HEAD", undefined],
      ["POST", '"gw/R/7"'],
      ["POST", undefined],
    ],
  );
  t.is(server.requests[1]?.headers["Lifeline-Topic"], "t");
});

for (const [status, expected] of [
  ...[200, 201, 202, 204].map((status) => [status, "accepted"] as const),
  ...[408, 409, 425, 429, 500, 502, 503, 504].map((status) => [status, "later"] as const),
  ...[301, 400, 401, 403, 404, 413, 422, 501, 505].map((status) => [status, "refused"] as const),
] as const) {
  test(`status ${status} means ${expected}`, (t) => {
    t.is(classOf(status), expected);
  });
}

test("a message that is refused does not end the session, and is told with its status", async (t) => {
  const server = new Server();
  const uplink = await server.connect();
  server.answer = { ...OK, status: 422, said: "no such point" };
  t.is(await uplink.publish(MESSAGE), "failed");
  t.deepEqual(server.refusals, [422]);
  server.answer = OK;
  t.is(await uplink.publish(MESSAGE), "accepted");
});

test("a server that asks to wait is left alone for so long, over sessions", async (t) => {
  const server = new Server();
  const uplink = await server.connect();
  server.answer = { ...OK, status: 503, retryAfterMs: 30_000, said: "" };
  t.is(await uplink.publish(MESSAGE), "failed");
  t.regex(await uplink.closed, /answers 503, and asks to wait 30 s/);
  t.is(server.open, 0, "no connection is left behind");
  server.answer = OK;
  const again = server.connect();
  await server.clock.advance(29_000);
  t.is(server.requests.length, 2, "nobody asked meanwhile");
  await server.clock.advance(2_000);
  t.is(await (await again).publish(MESSAGE), "accepted");
});

test("one that is not there ends the session, and none begins", async (t) => {
  const server = new Server();
  const uplink = await server.connect();
  server.answer = "nothing";
  t.is(await uplink.publish(MESSAGE), "failed");
  t.is(await uplink.closed, "no answer");
  await t.throwsAsync(server.connect(), { message: "no answer" });
  server.answer = { ...OK, status: 502 };
  await t.throwsAsync(server.connect(), { message: "the server answers 502" });
  t.is(server.open, 0);
});

test("whoever knows no HEAD is there all the same", async (t) => {
  const server = new Server();
  server.answer = { ...OK, status: 405 };
  await t.notThrowsAsync(server.connect());
});

test("who stops while the server is left alone does not wait for it", async (t) => {
  const server = new Server();
  server.answer = { ...OK, status: 429, retryAfterMs: 600_000 };
  await t.throwsAsync(server.connect());
  const stop = new AbortController();
  const connecting = server.sessions.connect(stop.signal);
  stop.abort(new Error("stopped"));
  await t.throwsAsync(connecting, { message: "stopped" });
});

test("a topic of any characters has a form that a header can carry", (t) => {
  t.is(headerText("city/gw-1:a"), "city/gw-1:a");
  t.is(headerText("城市/a b%\n"), "%E5%9F%8E%E5%B8%82/a%20b%25%0A");
  t.notThrows(() => headerText("\ud800"));
});

test("whoever is denied reads the token again, and goes on in the same session", async (t) => {
  const server = new Server();
  const uplink = await server.connect();
  server.answer = { ...OK, status: 401 };
  t.is(await uplink.publish(MESSAGE), "failed");
  server.answer = { ...OK, status: 422 };
  t.is(await uplink.publish(MESSAGE), "failed");
  t.is(server.renewed, 1);
  server.answer = OK;
  t.is(await uplink.publish(MESSAGE), "accepted");
});
