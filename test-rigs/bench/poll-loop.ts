import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import modbusSerial from "modbus-serial";

/**
 * Polls devices as a plain program does, with bare modbus-serial, one after the other, each round
 * on its grid or at once where it is late: `node poll-loop.ts PORT BAUD DEVICES REGISTERS EVERY_MS
 * TIMEOUT_MS`.
 */
const [path = "", ...numbers] = process.argv.slice(2);
const [baud = 0, devices = 0, registers = 0, everyMs = 0, timeoutMs = 0] = numbers.map(Number);

const client = new modbusSerial.default();
await client.connectRTUBuffered(path, { baudRate: baud, parity: "even" });
client.setTimeout(timeoutMs);
process.stdout.write("polling\n");
for (let due = performance.now(); ; due = Math.max(due + everyMs, performance.now())) {
  await sleep(Math.max(0, due - performance.now()));
  for (let unit = 1; unit <= devices; unit++) {
    client.setID(unit);
    await client.readHoldingRegisters(0, registers).catch(() => {});
  }
}
