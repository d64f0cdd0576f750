import { once } from "node:events";
import { createConnection } from "node:net";
import test from "ava";
import { GatewayError } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import { listenTcp } from "./listen.ts";

/** A listener on 127.0.0.1, with who called. */
async function rig(host = "127.0.0.1") {
  const stop = new AbortController();
  const calls: { link: Link; address: string }[] = [];
  let ring = () => {};
  const onCall = (link: Link, address: string) => {
    calls.push({ link, address });
    ring();
  };
  const listener = await listenTcp({ host, port: 0 }, onCall, stop.signal);
  const called = async () => {
    while (calls.length === 0) {
      await new Promise<void>((resolve) => {
        ring = resolve;
      });
    }
    return calls.shift() as { link: Link; address: string };
  };
  return { listener, stop, called };
}

test("a caller is handed over with its address, and bytes go both ways", async (t) => {
  const { listener, stop, called } = await rig();
  const socket = createConnection({ host: "127.0.0.1", port: listener.port });
  const { link, address } = await called();
  t.is(address, "127.0.0.1");
  const got = new Promise<Uint8Array>((resolve) => {
    link.onData = resolve;
  });
  socket.write(Uint8Array.of(1, 2));
  t.deepEqual([...(await got)], [1, 2]);
  link.write(Uint8Array.of(3));
  t.deepEqual([...(await once(socket, "data"))[0]], [3]);
  socket.end();
  t.is(await link.closed, "the peer closed the connection");
  link.close();
  stop.abort();
});

test("an IPv4 caller of a listener for both families has an IPv4 address", async (t) => {
  const { listener, stop, called } = await rig("::");
  const socket = createConnection({ host: "127.0.0.1", port: listener.port });
  const { link, address } = await called();
  t.is(address, "127.0.0.1");
  link.close();
  socket.destroy();
  stop.abort();
});

test("a port that is taken is told with its place", async (t) => {
  const { listener, stop } = await rig();
  const { port } = listener;
  const settings = { host: "127.0.0.1", port };
  const error = await t.throwsAsync(
    listenTcp(settings, () => {}, stop.signal),
    {
      instanceOf: GatewayError,
    },
  );
  t.is(error?.code, "link.refused");
  t.regex(error?.message ?? "", new RegExp(`127.0.0.1:${port}.*EADDRINUSE`));
  stop.abort();
});

test("when the gateway stops no more callers are taken, and the port is free", async (t) => {
  const { listener, stop, called } = await rig();
  const { port } = listener;
  const first = createConnection({ host: "127.0.0.1", port });
  const { link } = await called();
  stop.abort();
  t.is(await listener.closed, "closed by the gateway");
  const second = createConnection({ host: "127.0.0.1", port });
  const [error] = await once(second, "error");
  t.regex(String(error), /ECONNREFUSED/);
  listener.close();
  link.close();
  first.destroy();
});
