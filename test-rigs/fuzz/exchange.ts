import { withCrc } from "../../drivers/modbus/crc16.ts";
import { noise } from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";

/** A request and its answer, both in serial-line form: unit, PDU and check sum. */
export type Exchange = { readonly request: Uint8Array; readonly answer: Uint8Array };

/** The functions that are asked for, and how often. */
const FUNCTIONS = { 1: 1, 2: 1, 3: 6, 4: 2, 5: 1, 6: 2, 15: 1, 16: 1, 22: 1 } as const;

/** Mostly short answers: most of the damage is then done to what matters. */
const SHORT = 4;
const MAX_REGISTERS = 125;

/** A request as it can be planned, and what its device may answer. */
export function drawExchange(random: Random): Exchange {
  const unit = random.integer(1, 5);
  const functionCode = Number(random.weighted(FUNCTIONS));
  const address = [random.pick([0, 1, 2, 255]), random.integer(0, 255)];
  const head = [unit, functionCode, ...address];
  const request = withCrc(Uint8Array.of(...head, ...bodyOf(random, functionCode)));
  if (random.chance(0.1)) {
    const exception = Uint8Array.of(unit, functionCode | 0x80, random.integer(1, 11));
    return { request, answer: withCrc(exception) };
  }
  return { request, answer: answerTo(random, request) };
}

/** What follows the address in a request (Modbus Application Protocol V1.1b3, 6). */
function bodyOf(random: Random, functionCode: number): readonly number[] {
  const value = [...noise(random, 2)];
  const count = random.chance(0.9) ? random.integer(1, SHORT) : random.integer(1, MAX_REGISTERS);
  if (functionCode <= 4) return [0, count];
  if (functionCode === 5) return [random.chance(0.5) ? 0xff : 0, 0];
  if (functionCode === 6) return value;
  if (functionCode === 22) return [...value, ...noise(random, 2)];
  const bytes = functionCode === 15 ? Math.ceil(count / 8) : 2 * SHORT;
  const amount = functionCode === 15 ? count : SHORT;
  return [0, amount, bytes, ...noise(random, bytes)];
}

/** An answer to `request` that fits it, with data of its own. */
export function answerTo(random: Random, request: Uint8Array): Uint8Array {
  const [unit = 0, functionCode = 0, , , , count = 0] = request;
  if (functionCode === 15 || functionCode === 16) return withCrc(request.subarray(0, 6));
  if (functionCode > 4) return request;
  const bytes = functionCode <= 2 ? Math.ceil(count / 8) : 2 * count;
  return withCrc(Uint8Array.of(unit, functionCode, bytes, ...noise(random, bytes)));
}

/** Whether the answer to `request` repeats it, so that nothing tells it from an echo. */
export function isRepeated(request: Uint8Array): boolean {
  return (request[1] as number) > 4;
}
