import test from "ava";
import { loadConfig } from "./load.ts";
import { hexOf } from "./resolve-dial-in.ts";

/** The bus `dtu` with these keys, and the codes of what is wrong. */
function load(keys: string, others = "") {
  const text = `gateway: { id: a }
buses:
  dtu: { kind: modbus-dial-in, ${keys} }
${others}
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
  const readFile = () => "";
  const { config, problems } = loadConfig(text, {
    profiles: new Map(),
    readFile,
    env: () => undefined,
  });
  const codes = problems.map(({ code }) => code).filter((code) => code !== "no-devices");
  return { bus: config?.buses[0], codes };
}

const PORT = "listen: 0.0.0.0:9000";

test("a bus that listens has the framing of a serial line and time for a mobile network", (t) => {
  t.deepEqual(load(`${PORT}, registration: DTU-1`).bus, {
    kind: "modbus-dial-in",
    name: "dtu",
    timeoutMs: 3000,
    graceMs: 6000,
    turnaroundMs: 5,
    deadBudget: 0.1,
    listen: { host: "0.0.0.0", port: 9000 },
    caller: { kind: "registration", hex: "4454552d31" },
    framing: "rtu",
    behind: { baud: 9600, format: "8N1", isAssumed: true },
    heartbeat: null,
    connectTimeoutMs: 10_000,
  });
});

test("the line behind who dials in is as it is said, its speed assumed where it is not", (t) => {
  const behind = (more: string) => load(`${PORT}, registration: A, framing: tcp${more}`).bus;
  t.like(behind(', format: "8E1"'), { behind: { baud: 9600, format: "8E1", isAssumed: true } });
  t.like(behind(", baud: 2400"), { behind: { baud: 2400, format: "8N1", isAssumed: false } });
});

test("packets are written as text, with escapes, or in hexadecimal", (t) => {
  t.is(hexOf("beat\r\n", undefined), "626561740d0a");
  t.is(hexOf("井", undefined), "e4ba95");
  t.is(hexOf(undefined, "FE 0a"), "fe0a");
  t.is(hexOf(undefined, undefined), null);
  t.like(load(`${PORT}, registrationHex: "FE 01", heartbeat: "\\0"`).bus, {
    caller: { kind: "registration", hex: "fe01" },
    heartbeat: "00",
  });
});

test("an address of either family can be listened on and waited for", (t) => {
  t.like(load(`listen: "[FD00::1]:9000", peer: "FD00::9"`).bus, {
    listen: { host: "fd00::1", port: 9000 },
    caller: { kind: "peer", address: "fd00::9" },
  });
});

test("buses share a port where their callers can be told apart", (t) => {
  const other = (keys: string) => `  other: { kind: modbus-dial-in, ${PORT}, ${keys} }`;
  const codes = (own: string, others: string) => load(`${PORT}, ${own}`, other(others)).codes;
  t.deepEqual(codes("registration: DTU-1", "registration: DTU-2"), []);
  t.deepEqual(codes("registration: DTU-1", "registration: DTU-12"), ["same-registration"]);
  t.deepEqual(codes("registration: DTU-12", "registration: DTU-1"), ["same-registration"]);
  t.deepEqual(codes("peer: 10.0.0.1", "peer: 10.0.0.2"), []);
  t.deepEqual(codes("peer: 10.0.0.1", "peer: 10.0.0.1"), ["same-peer"]);
  t.deepEqual(codes("peer: 10.0.0.1", "registration: DTU-1"), ["dial-in-mixed"]);
});

test("a port is one listener's, unless both name single addresses", (t) => {
  const codes = (here: string, there: string) =>
    load(
      `listen: "${here}:9000", registration: a`,
      `  other: { kind: modbus-dial-in, listen: "${there}:9000", registration: b }`,
    ).codes;
  t.deepEqual(codes("0.0.0.0", "10.0.0.1"), ["listen-clash"]);
  t.deepEqual(codes("10.0.0.1", "[::]"), ["listen-clash"]);
  t.deepEqual(codes("10.0.0.2", "10.0.0.1"), []);
});

test("a misfit of the key that says who dials in is told once", (t) => {
  t.deepEqual(load(`${PORT}, registration: 860123456789012`).codes, ["needs-quotes"]);
});
