import { execFile } from "node:child_process";
import { connect, type Socket } from "node:net";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { SerialPort } from "serialport";
import { testWith } from "../debian/test-with.ts";
import { RTU, tcpFrame } from "./frame.ts";
import type { LineFault } from "./line-fault.ts";
import { type ModbusDevice, modbusDevice } from "./modbus-device.ts";
import { openModbusLine, openModbusTcp } from "./modbus-server.ts";
import { characterMs } from "./wire.ts";

const run = promisify(execFile);

const one = () =>
  modbusDevice(1, [
    { area: "coil", address: 0, type: "bool", valueAt: () => true },
    { area: "discrete", address: 5, type: "bool", valueAt: () => true },
    { area: "input", address: 0, type: "float32", valueAt: () => 12.5 },
    { area: "holding", address: 4, type: "int16", valueAt: () => 1234 },
  ]);
const two = () =>
  modbusDevice(2, [{ area: "holding", address: 4, type: "int16", valueAt: () => 77 }]);
const READ = Uint8Array.of(3, 0, 4, 0, 1);
const ANSWER = Uint8Array.of(3, 2, 0x04, 0xd2);

/** Runs mbpoll once and returns what it says. */
async function mbpoll(...args: string[]): Promise<string> {
  const { stdout } = await run("mbpoll", ["-1", "-0", "-o", "2", ...args]).catch(
    (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }),
  );
  return stdout;
}

function lineOf(t: ExecutionContext, devices: readonly ModbusDevice[], baud = 19_200) {
  const line = openModbusLine({ baud, devices });
  t.teardown(() => line.close());
  return line;
}

/** A client that sends frames and waits for a number of bytes, over either transport. */
type Client = { ask(request: Uint8Array, expected: number): Promise<Buffer> };

async function serialClient(t: ExecutionContext, path: string): Promise<Client> {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
  t.teardown(() => new Promise<void>((resolve) => port.close(() => resolve())));
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error === null ? resolve() : reject(error))),
  );
  return clientOf(port);
}

async function tcpClient(t: ExecutionContext, port: number): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  t.teardown(() => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  return clientOf(socket);
}

function clientOf(stream: SerialPort | Socket): Client {
  let received = Buffer.alloc(0);
  let onBytes = () => {};
  stream.on("data", (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    onBytes();
  });
  return {
    ask(request, expected) {
      stream.write(Buffer.from(request));
      return new Promise((resolve) => {
        onBytes = () => {
          if (received.length < expected) return;
          resolve(received.subarray(0, expected));
          received = received.subarray(expected);
        };
      });
    },
  };
}

testWith("mbpoll")("mbpoll reads every area over a serial line", async (t) => {
  const { path } = lineOf(t, [one(), two()], 9600);
  const rtu = ["-m", "rtu", "-b", "9600", "-P", "none"];
  t.regex(await mbpoll(...rtu, "-a", "1", "-t", "0", "-r", "0", path), /\[0\]:\s+1\b/);
  t.regex(await mbpoll(...rtu, "-a", "1", "-t", "1", "-r", "5", path), /\[5\]:\s+1\b/);
  t.regex(await mbpoll(...rtu, "-a", "1", "-t", "3:float", "-B", "-r", "0", path), /12\.5/);
  t.regex(await mbpoll(...rtu, "-a", "1", "-t", "4", "-r", "4", path), /\[4\]:\s+1234\b/);
  t.regex(await mbpoll(...rtu, "-a", "2", "-t", "4", "-r", "4", path), /\[4\]:\s+77\b/);
  t.regex(await mbpoll(...rtu, "-a", "1", "-t", "4", "-r", "9", path), /Illegal data address/);
});

testWith("mbpoll")("mbpoll reads every area and writes over TCP", async (t) => {
  const server = await openModbusTcp({ devices: [one(), two()] });
  t.teardown(() => server.close());
  const tcp = ["-m", "tcp", "-p", String(server.port)];
  const host = "127.0.0.1";
  t.regex(await mbpoll(...tcp, "-a", "1", "-t", "0", "-r", "0", host), /\[0\]:\s+1\b/);
  t.regex(await mbpoll(...tcp, "-a", "1", "-t", "1", "-r", "5", host), /\[5\]:\s+1\b/);
  t.regex(await mbpoll(...tcp, "-a", "1", "-t", "3:float", "-B", "-r", "0", host), /12\.5/);
  t.regex(await mbpoll(...tcp, "-a", "2", "-t", "4", "-r", "4", host, "88"), /Written 1/);
  t.regex(await mbpoll(...tcp, "-a", "2", "-t", "4", "-r", "4", host), /\[4\]:\s+88\b/);
});

test("an answer is never there before the line could have carried it", async (t) => {
  const baud = 9600;
  const line = lineOf(t, [one()], baud);
  const client = await serialClient(t, line.path);
  const begunMs = performance.now();
  await client.ask(RTU.frame(1, READ), 7);
  t.true(performance.now() - begunMs >= (8 + 7) * characterMs(baud));
});

const FAULTS: readonly [LineFault, Uint8Array][] = [
  [{ kind: "exception", code: 4 }, RTU.frame(1, Uint8Array.of(0x83, 4))],
  [{ kind: "wrong-unit" }, RTU.frame(2, ANSWER)],
  [{ kind: "slow", untilMs: 5 }, RTU.frame(1, ANSWER)],
  [{ kind: "echoing" }, Buffer.concat([RTU.frame(1, READ), RTU.frame(1, ANSWER)])],
];

test("faults of one unit on a line come and go, the other unit stays sound", async (t) => {
  const line = lineOf(t, [one(), two()]);
  const client = await serialClient(t, line.path);
  const sound = RTU.frame(2, Uint8Array.of(3, 2, 0, 77));
  for (const [fault, expected] of FAULTS) {
    line.setFault(1, fault);
    t.deepEqual(await client.ask(RTU.frame(1, READ), expected.length), Buffer.from(expected));
    t.deepEqual(await client.ask(RTU.frame(2, READ), sound.length), Buffer.from(sound));
  }
  line.setFault(1, { kind: "dead" });
  const silenced = line.requestsTo(1);
  const other = client.ask(Buffer.concat([RTU.frame(1, READ), RTU.frame(2, READ)]), sound.length);
  t.deepEqual(await other, Buffer.from(sound));
  t.is(line.requestsTo(1), silenced + 1);
  line.setFault(1, null);
  t.deepEqual(await client.ask(RTU.frame(1, READ), 7), Buffer.from(RTU.frame(1, ANSWER)));
  t.throws(() => line.setFault(9, null), { message: "no unit 9 here" });
});

test("connections over TCP can be dropped, and made again", async (t) => {
  const server = await openModbusTcp({ devices: [one()] });
  t.teardown(() => server.close());
  const of = (pdu: Uint8Array) => tcpFrame({ transaction: 9, unit: 1, pdu });
  for (let round = 0; round < 2; round++) {
    const client = await tcpClient(t, server.port);
    t.deepEqual(await client.ask(of(READ), of(ANSWER).length), Buffer.from(of(ANSWER)));
    server.dropConnections();
  }
});
