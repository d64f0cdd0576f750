import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import { RepositoryBusy, type RepositoryFile } from "../core/repository.ts";
import { RealRepositoryTransport } from "./repository.ts";

const TEXT = "0123456789".repeat(20_000);
const transport = new RealRepositoryTransport();
const { signal } = new AbortController();

/** The address of a server that answers by `listener` until the test ends. */
async function serving(t: ExecutionContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

async function textOf(file: RepositoryFile | null): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of file!.parts) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Answers as a server that knows ranges (RFC 9110, 14). */
const ranged: RequestListener = (request, answer) => {
  const [, first = "0"] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const from = Number(first);
  if (from >= TEXT.length) return void answer.writeHead(416).end();
  const range = `bytes ${from}-${TEXT.length - 1}/${TEXT.length}`;
  answer.writeHead(from > 0 ? 206 : 200, from > 0 ? { "Content-Range": range } : {});
  answer.end(TEXT.slice(from));
};

test("a file is read over HTTP, whole and from a later byte on", async (t) => {
  const url = await serving(t, ranged);
  t.is(await textOf(await transport.open(url, 0, signal)), TEXT);
  const rest = await transport.open(url, 150_000, signal);
  t.is(rest?.from, 150_000);
  t.is(await textOf(rest), TEXT.slice(150_000));
});

test("beyond the end of a file nothing more comes", async (t) => {
  const url = await serving(t, ranged);
  t.is(await textOf(await transport.open(url, TEXT.length, signal)), "");
});

test("a server that knows no ranges is told from one that does", async (t) => {
  const url = await serving(t, (_, answer) => void answer.end(TEXT));
  const file = await transport.open(url, 5, signal);
  t.is(file?.from, 0);
  t.is(await textOf(file), TEXT);
});

test("what is not there is null, and any other refusal an error", async (t) => {
  for (const status of [403, 404, 410]) {
    const url = await serving(t, (_, answer) => void answer.writeHead(status).end());
    t.is(await transport.open(url, 0, signal), null);
  }
  for (const status of [301, 401, 500, 502]) {
    const url = await serving(t, (_, answer) => void answer.writeHead(status).end());
    await t.throwsAsync(transport.open(url, 0, signal), { code: "ota.unreachable" });
  }
});

test("a server that is busy says until when, or is left alone for a minute; a day at the most", async (t) => {
  const soon = new Date(Date.now() + 600_000).toUTCString();
  for (const [status, after, leastMs, mostMs] of [
    [503, "7", 7_000, 7_000],
    [429, undefined, 60_000, 60_000],
    [503, "soon", 60_000, 60_000],
    [503, "99999999", 86_400_000, 86_400_000],
    [503, soon, 500_000, 600_000],
    [503, "Thu, 01 Jan 1970 00:00:00 GMT", 0, 0],
  ] as const) {
    const url = await serving(t, (_, answer) => {
      answer.writeHead(status, after === undefined ? {} : { "Retry-After": after }).end();
    });
    const busy = await t.throwsAsync(transport.open(url, 0, signal), {
      instanceOf: RepositoryBusy,
    });
    t.is(busy.code, "ota.busy");
    t.true(busy.waitMs >= leastMs && busy.waitMs <= mostMs, `${after}: ${busy.waitMs}`);
  }
});

test("a later byte is asked for only of the file as it was, by its strong tag", async (t) => {
  let tag = '"one"';
  const asked: (string | undefined)[] = [];
  const url = await serving(t, (request, answer) => {
    asked.push(request.headers["if-range"] as string | undefined);
    const isSame = request.headers["if-range"] === tag;
    const range = `bytes 5-${TEXT.length - 1}/${TEXT.length}`;
    answer.writeHead(isSame ? 206 : 200, { ETag: tag, ...(isSame && { "Content-Range": range }) });
    answer.end(TEXT.slice(isSame ? 5 : 0));
  });
  t.is((await transport.open(url, 0, signal))?.tag, '"one"');
  t.like(await transport.open(url, 5, signal, '"one"'), { from: 5, tag: '"one"', length: 200_000 });
  tag = '"two"';
  t.like(await transport.open(url, 5, signal, '"one"'), { from: 0, tag: '"two"' });
  tag = 'W/"weak"';
  t.is((await transport.open(url, 0, signal))?.tag, undefined);
  t.deepEqual(asked, [undefined, '"one"', '"one"', undefined]);
});

test("one is sent on by a server on its own host, a few times, and not to other hosts in the clear", async (t) => {
  const end = await serving(t, ranged);
  const onwards = (to: () => string) =>
    serving(t, (_, answer) => void answer.writeHead(302, { Location: to() }).end());
  t.is(await textOf(await transport.open(await onwards(() => end), 0, signal)), TEXT);
  let circle = "";
  circle = await onwards(() => circle);
  for (const to of [
    circle,
    end.replace("127.0.0.1", "localhost"),
    "file:///etc/hostname",
    "",
    "//",
  ]) {
    const url = to === circle ? circle : await onwards(() => to);
    await t.throwsAsync(transport.open(url, 0, signal), { code: "ota.unreachable" }, to);
  }
});

test("a line that is cut amid a file, and one on which nobody answers, are errors", async (t) => {
  const url = await serving(t, (request, answer) => {
    answer.writeHead(200, { "Content-Length": TEXT.length });
    answer.write(TEXT.slice(0, 1_000), () => request.socket.destroy());
  });
  const file = await transport.open(url, 0, signal);
  await t.throwsAsync(textOf(file), { code: "ota.unreachable" });
  const nobody = "http://127.0.0.1:1/file";
  await t.throwsAsync(transport.open(nobody, 0, signal), { code: "ota.unreachable" });
});

test("a server that says nothing is broken off by the signal", async (t) => {
  const stop = new AbortController();
  const url = await serving(t, () => stop.abort(new Error("stopped")));
  await t.throwsAsync(transport.open(url, 0, stop.signal), { code: "ota.unreachable" });
});

test("a file in a folder, as on a stick, is read like one over the network", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-stick-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "file"), TEXT);
  const url = pathToFileURL(join(folder, "file")).href;
  t.is(await textOf(await transport.open(url, 0, signal)), TEXT);
  t.is(await textOf(await transport.open(url, 199_995, signal)), "56789");
  t.is(await textOf(await transport.open(url, 300_000, signal)), "");
  t.is(await transport.open(`${url}-not`, 0, signal), null);
});

test("a folder, a device and a pipe in the place of a file are refused", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-stick-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  symlinkSync("/dev/zero", join(folder, "device"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const name of ["", "device", "pipe"]) {
    const url = pathToFileURL(join(folder, name)).href;
    await t.throwsAsync(transport.open(url, 0, signal), { code: "ota.unreachable" }, name);
  }
});
