import { readFileSync } from "node:fs";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { readIntelHex } from "../../drivers/node-firmware/intel-hex.ts";
import { Board, type BoardOptions } from "./board.ts";

/** The firmware as it is shipped. */
export const FIRMWARE: Uint8Array = readIntelHex(
  readFileSync(new URL("../../drivers/node-firmware/lifeline-node.hex", import.meta.url), "utf8"),
);

/** After so long every input was measured once, and no answer is still to come. */
export const SETTLED_MS = 250;

/** A board with the firmware in it that has been running for a moment. */
export function runningNode(options: BoardOptions = {}): Board {
  const board = new Board(options);
  board.outside.flash.set(FIRMWARE);
  board.powerUp();
  board.run(SETTLED_MS);
  return board;
}

/** Storing settings takes the longest. */
const ANSWER_MS = 300;
/** Silence that ends an answer at every speed. */
const SILENCE_MS = 30;

/** Sends `frame`; what came back until the board was silent, empty where nothing did. */
export function exchange(board: Board, frame: Uint8Array): Uint8Array {
  const got: number[] = [];
  board.onCharacter = (value) => got.push(value);
  board.receive(frame);
  board.run((frame.length * 10_000) / board.baud);
  let heard = -1;
  for (let ms = 0; got.length === 0 ? ms < ANSWER_MS : got.length > heard; ms += SILENCE_MS) {
    heard = got.length;
    board.run(SILENCE_MS);
  }
  board.onCharacter = null;
  return Uint8Array.from(got);
}

/**
 * Asks unit 1 `pdu`; the PDU of the answer, null where none came. Throws where what came is no
 * frame of unit 1.
 */
export function ask(board: Board, ...pdu: readonly number[]): readonly number[] | null {
  const answer = exchange(board, withCrc(Uint8Array.of(1, ...pdu)));
  if (answer.length === 0) return null;
  const sound = withCrc(answer.subarray(0, -2));
  if (answer[0] !== 1 || !answer.every((byte, i) => byte === sound[i])) {
    throw new Error(`no frame of unit 1: ${Buffer.from(answer).toString("hex")}`);
  }
  return [...answer.subarray(1, -2)];
}

/** The `count` input registers from `address` on. */
export function inputs(board: Board, address: number, count: number): readonly number[] {
  return registersIn(ask(board, 4, 0, address, 0, count));
}

/** The `count` holding registers from `address` on. */
export function settings(board: Board, address: number, count: number): readonly number[] {
  return registersIn(ask(board, 3, 0, address, 0, count));
}

function registersIn(pdu: readonly number[] | null): readonly number[] {
  if (pdu === null || pdu.length < 2 || (pdu[0] as number) > 0x80) {
    throw new Error(`no registers: ${pdu}`);
  }
  const bytes = pdu.slice(2);
  return Array.from({ length: bytes.length / 2 }, (_, i) => {
    return ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number);
  });
}

/** Writes `values` from holding register `address` on; the PDU of the answer. */
export function set(board: Board, address: number, ...values: readonly number[]) {
  const bytes = values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]);
  return ask(board, 16, 0, address, 0, values.length, bytes.length, ...bytes);
}
