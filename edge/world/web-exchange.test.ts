import test from "ava";
import { serveWeb } from "./web.ts";
import { exchanging, type WebRequest } from "./web-exchange.ts";

/** A server that answers with `answer`, what failed, and the way to it. */
async function served(answer: (request: WebRequest) => { body: string }) {
  const failures: unknown[] = [];
  const handle = exchanging(
    async (request) => await Promise.resolve({ status: 200, headers: {}, ...answer(request) }),
    (error) => failures.push(error),
  );
  const server = await serveWeb({ host: "127.0.0.1", port: 0 }, handle);
  return { server, failures, url: `http://127.0.0.1:${server.port}` };
}

test("a request comes as plain data, with the address that it is from", async (t) => {
  const { server, url } = await served(({ method, path, query, address, body }) => {
    return { body: JSON.stringify([method, path, query.get("a"), address, body]) };
  });
  t.teardown(() => server.close());
  const answer = await fetch(`${url}/some/path?a=%C3%A9&b`, { method: "POST", body: "told" });
  t.deepEqual(await answer.json(), ["POST", "/some/path", "é", "127.0.0.1", "told"]);
});

test("a body of any length is not read on, and the next request is answered", async (t) => {
  const { server, url } = await served(({ body }) => ({ body: String(body.length) }));
  t.teardown(() => server.close());
  const long = await fetch(url, { method: "POST", body: "x".repeat(5_000) });
  t.is(long.status, 413);
  const short = await fetch(url, { method: "POST", body: "x".repeat(4_000) });
  t.is(await short.text(), "4000");
});

test("an error in what answers is told and answered with 500, and ends nothing", async (t) => {
  const { server, url, failures } = await served(({ path }) => {
    if (path === "/bad") throw new Error("oops");
    return { body: "fine" };
  });
  t.teardown(() => server.close());
  t.is((await fetch(`${url}/bad`)).status, 500);
  t.is((failures[0] as Error).message, "oops");
  t.is(await (await fetch(url)).text(), "fine");
});
