import process from "node:process";
import modbusSerial from "modbus-serial";
import { aRequest } from "../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { openSerial } from "../../edge/world/serial.ts";

/**
 * Reads holding registers of unit 1 as fast as it goes: `node bus-client.ts WHO PORT BAUD REGISTERS
 * SECONDS`, with bare modbus-serial where WHO is that, and else with the gateway's driver. Prints a
 * line of JSON: transactions, failures, and processor time in milliseconds.
 */
const [who, path = "", ...numbers] = process.argv.slice(2);
const [baud = 0, registers = 0, seconds = 0] = numbers.map(Number);

const TIMEOUT_MS = 3000;
/** So many reads go before: until then the code is not compiled. */
const WARM_UP = 3;

/** A read of all registers; says whether it gave them. */
type Read = () => Promise<boolean>;

async function driverReads(): Promise<Read> {
  const never = new AbortController().signal;
  const serial = { path, baud, format: "8E1" } as const;
  const link = await openSerial(serial, never);
  const bus = { kind: "modbus-rtu", serial, timeoutMs: TIMEOUT_MS, graceMs: 0 } as const;
  const session = openModbus(link, new SystemClock(), bus);
  const request = aRequest({ count: registers });
  return async () => (await session.read(request, never)).kind === "values";
}

async function modbusSerialReads(): Promise<Read> {
  const client = new modbusSerial.default();
  await client.connectRTUBuffered(path, { baudRate: baud, parity: "even" });
  client.setID(1);
  client.setTimeout(TIMEOUT_MS);
  return async () => {
    const answer = await client.readHoldingRegisters(0, registers).catch(() => null);
    return answer?.data.length === registers;
  };
}

const read = await (who === "modbus-serial" ? modbusSerialReads() : driverReads());
for (let n = 0; n < WARM_UP; n++) await read();
const before = process.cpuUsage();
const end = performance.now() + seconds * 1000;
let transactions = 0;
let failures = 0;
while (performance.now() < end) {
  transactions++;
  if (!(await read())) failures++;
}
const { user, system } = process.cpuUsage(before);
const cpuMs = (user + system) / 1000;
process.stdout.write(`${JSON.stringify({ transactions, failures, cpuMs })}\n`);
process.exit(0);
