import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createConnection } from "node:net";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { testAsRoot } from "../../test-rigs/debian/test-with.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { GatewayError } from "../core/errors.ts";
import { CallerProof, type Challenge, ProofRoom, proveTo } from "./caller-proof.ts";
import type { ControlHandler } from "./control-rpc.ts";
import { type ControlOptions, callControl, serveControl } from "./control-socket.ts";

const quiet = () => {};
const SELF = userInfo().username;
/** `nobody` and its group have these numbers on Debian. */
const NOBODY = 65_534;
const run = promisify(execFile);

/** Answers who calls, and does as if that had changed something. */
const changing: ControlHandler = async (_, params, who) => ({ who: await who(), params });

async function served(t: ExecutionContext, options?: ControlOptions) {
  const path = join(tempDir("proof"), "control.sock");
  const server = await serveControl(path, changing, quiet, options);
  t.teardown(() => server.close());
  return path;
}

type Answer = {
  readonly result?: { readonly who: string };
  readonly error?: { readonly data?: { readonly code: string; readonly challenge: Challenge } };
};

/** A connection that says what it likes. */
function client(t: ExecutionContext, path: string) {
  const socket = createConnection(path);
  t.teardown(() => socket.destroy());
  const lines = createInterface({ input: socket });
  const call = async (): Promise<Answer> => {
    const line = once(lines, "line");
    socket.write('{"method":"write","params":{"who":"root"}}\n');
    return JSON.parse((await line)[0] as string);
  };
  /** What the first call is refused with. */
  const challenged = async (): Promise<Challenge> => {
    const { error } = await call();
    t.is(error?.data?.code, "control.who");
    return error?.data?.challenge as Challenge;
  };
  return { call, challenged };
}

/** The text that proves something in the directory of `challenge`. */
function textFor({ nonce, directory }: Challenge): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return `${nonce} ${dev}:${ino}`;
}

test("a caller is who the operating system says, whatever it claims", async (t) => {
  const path = await served(t);
  const params = { who: "somebody else" };
  t.deepEqual(await callControl(path, "write", params), { who: SELF, params });
  t.deepEqual(readdirSync(`${path}.who`), [], "nothing is left of the proof");
});

test("a connection proves itself once, and is known from then on", async (t) => {
  const path = await served(t);
  const { call, challenged } = client(t, path);
  await proveTo(path, await challenged());
  t.is((await call()).result?.who, SELF);
  t.is((await call()).result?.who, SELF);
});

test("what proved one caller proves no other, nor the same one later", async (t) => {
  const path = await served(t);
  const [one, other] = [client(t, path), client(t, path)];
  const [first, second] = [await one.challenged(), await other.challenged()];
  t.not(first.nonce, second.nonce);
  await proveTo(path, first);
  t.is((await other.call()).error?.data?.code, "control.who", "the link was for another");
  t.is((await one.call()).result?.who, SELF);
  const late = client(t, path);
  await late.challenged();
  await proveTo(path, first);
  t.is((await late.call()).error?.data?.code, "control.who", "the nonce was used before");
});

test("a wrong try costs the nonce", async (t) => {
  const path = await served(t);
  const { call, challenged } = client(t, path);
  const challenge = await challenged();
  t.not((await call()).error?.data?.challenge.nonce, challenge.nonce);
  await proveTo(path, challenge);
  t.is((await call()).error?.data?.code, "control.who");
});

test("a nonce that is too old proves nothing", async (t) => {
  const room = new ProofRoom(join(tempDir("proof"), "control.sock"), null);
  t.teardown(() => room.close());
  const proof = new CallerProof(room, 0);
  await t.throwsAsync(proof.who(), { instanceOf: GatewayError });
  const { nonce, directory } = proof.challenge as Challenge;
  symlinkSync(textFor({ nonce, directory }), join(directory, nonce));
  await t.throwsAsync(proof.who(), { message: /proves nothing/ });
});

const FORGERIES: Readonly<Record<string, (challenge: Challenge, file: string) => void>> = {
  "a file, which another may have left open to be written": (challenge, file) =>
    writeFileSync(file, textFor(challenge)),
  "a directory": (_, file) => mkdirSync(file),
  "a link to a file of another": (_, file) => symlinkSync("/etc/passwd", file),
  "a second name of a link": (challenge, file) => {
    symlinkSync(textFor(challenge), `${file}-made`);
    linkSync(`${file}-made`, file);
  },
  "a link that was made for another directory and moved here": ({ nonce, directory }, file) => {
    const elsewhere = join(dirname(directory), "rogue.who");
    mkdirSync(elsewhere);
    symlinkSync(textFor({ nonce, directory: elsewhere }), join(elsewhere, nonce));
    renameSync(join(elsewhere, nonce), file);
  },
};

for (const [what, forge] of Object.entries(FORGERIES)) {
  test(`nobody is known by ${what}`, async (t) => {
    const { call, challenged } = client(t, await served(t));
    const challenge = await challenged();
    forge(challenge, join(challenge.directory, challenge.nonce));
    t.is((await call()).error?.data?.code, "control.who");
  });
}

test("a caller makes no link where whoever serves the socket has no room of its own", async (t) => {
  const dir = tempDir("rogue");
  const path = join(dir, "control.sock");
  writeFileSync(path, "");
  mkdirSync(join(dir, "room"));
  symlinkSync("room", join(dir, "linked"));
  const nonce = "0".repeat(32);
  for (const directory of [join(dir, "linked"), join(dir, "none"), path]) {
    const error = await t.throwsAsync(proveTo(path, { nonce, directory }));
    t.is((error as GatewayError).code, "control.who");
  }
  await t.throwsAsync(proveTo(path, { nonce: "../x", directory: join(dir, "room") }));
  t.deepEqual(readdirSync(join(dir, "room")), []);
});

test("where no link can be made beside the socket, one in memory does", async (t) => {
  const path = join(tempDir("proof"), "control.sock");
  writeFileSync(`${path}.who`, "");
  const server = await serveControl(path, changing, quiet);
  t.teardown(() => server.close());
  t.like(await callControl(path, "write"), { who: SELF });
});

test("a group that is not there is told, and nothing is served", async (t) => {
  const path = join(tempDir("proof"), "control.sock");
  const error = await t.throwsAsync(serveControl(path, changing, quiet, { group: "no-such" }), {
    instanceOf: GatewayError,
    message: /no group no-such/,
  });
  t.is(error?.code, "control.group");
  await t.throwsAsync(callControl(path, "status"), { message: /ENOENT/ });
});

/** What user `nobody`, of its own group, gets for a call on `path`. */
async function asNobody(path: string): Promise<string> {
  const module = fileURLToPath(new URL("control-socket.ts", import.meta.url));
  const script = `import { callControl } from ${JSON.stringify(module)};
    const said = callControl(${JSON.stringify(path)}, "write", { who: "root" });
    process.stdout.write(await said.then(({ who }) => who, ({ code }) => code));`;
  const args = ["--input-type=module", "--eval", script];
  const who = { uid: NOBODY, gid: NOBODY, cwd: "/" };
  return (await run(process.execPath, args, who)).stdout;
}

testAsRoot("members of the group may call, each in the own name, and others may not", async (t) => {
  const open = await served(t, { group: "nogroup" });
  const shut = await served(t);
  for (const path of [open, shut]) chmodSync(dirname(path), 0o755);
  t.is(statSync(open).gid, NOBODY);
  t.is(await asNobody(open), "nobody");
  t.is(await asNobody(shut), "control.unreachable");
});

testAsRoot("a room that another has made is not used", async (t) => {
  const path = join(tempDir("proof"), "control.sock");
  mkdirSync(`${path}.who`);
  chownSync(`${path}.who`, NOBODY, NOBODY);
  const server = await serveControl(path, changing, quiet);
  t.teardown(() => server.close());
  t.like(await callControl(path, "write"), { who: SELF });
  t.deepEqual(readdirSync(`${path}.who`), []);
});
