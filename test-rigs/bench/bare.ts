import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import modbusSerial from "modbus-serial";
import { connectAsync } from "mqtt";

/**
 * What is to be compared with: modbus-serial and mqtt.js with nothing between them, no buffer, no
 * alarms, no quality: `node bare.ts URL REGISTERS EVERY_MS ALARM PORT…`. With ALARM above 0 it
 * publishes one event when register 0 rises to it; otherwise one message a read. As `bare.c`.
 */
const [url = "", registers, everyMs, alarm, ...ports] = process.argv.slice(2);
const count = Number(registers);
const period = Number(everyMs);
const setpoint = Number(alarm);
/** The most registers of one request. */
const CHUNK = 125;

const client = await connectAsync(url);
const { default: ModbusRTU } = modbusSerial;

async function poll(port: number, index: number): Promise<never> {
  const modbus = new ModbusRTU();
  await modbus.connectTCP("127.0.0.1", { port });
  modbus.setID(1);
  modbus.setTimeout(1000);
  let wasHigh = false;
  for (let due = performance.now(); ; due += period) {
    await sleep(Math.max(0, due - performance.now()));
    for (let from = 0; from < count; from += CHUNK) {
      const { data } = await modbus.readHoldingRegisters(from, Math.min(CHUNK, count - from));
      const at = Date.now();
      if (setpoint > 0) {
        const isHigh = (data[0] ?? 0) >= setpoint;
        if (isHigh && !wasHigh) client.publish(`peer/events/${index}`, `${at}`, { qos: 1 });
        wasHigh = isHigh;
      } else {
        client.publish("peer/readings", JSON.stringify({ at, index, from, v: data }), { qos: 1 });
      }
    }
  }
}

process.stdout.write("peer runs\n");
await Promise.all(ports.map((port, index) => poll(Number(port), index)));
