/** What a bootloader of the Arduino boards is asked (STK500 protocol, Atmel AVR061). */
export type Stk500Command =
  | { readonly kind: "sync" | "signature" | "enter" | "leave" }
  /** What the next page is of: `address` in bytes, even. */
  | { readonly kind: "address"; readonly address: number }
  /** At most 256 bytes of flash; the bootloader erases what is there. */
  | { readonly kind: "write"; readonly page: Uint8Array }
  | { readonly kind: "read"; readonly length: number };

/** What has come since a command was sent, as its answer. */
export type Stk500Answer =
  | { readonly kind: "incomplete" }
  | { readonly kind: "answer"; readonly data: Uint8Array }
  /** Nothing that could still become an answer. */
  | { readonly kind: "foreign" };

const END = 0x20;
const IN_SYNC = 0x14;
const OK = 0x10;
const FLASH = 0x46;

/** `command` as it goes over the line. */
export function encodeCommand(command: Stk500Command): Uint8Array {
  return Uint8Array.of(...bodyOf(command), END);
}

function bodyOf(command: Stk500Command): readonly number[] {
  switch (command.kind) {
    case "sync":
      return [0x30];
    case "signature":
      return [0x75];
    case "enter":
      return [0x50];
    case "leave":
      return [0x51];
    case "address": {
      const word = command.address / 2;
      return [0x55, word & 0xff, word >> 8];
    }
    case "write": {
      const { length } = command.page;
      return [0x64, length >> 8, length & 0xff, FLASH, ...command.page];
    }
    case "read":
      return [0x74, command.length >> 8, command.length & 0xff, FLASH];
  }
}

/** What `received`, all that came since `command` was sent, is as its answer. */
export function answerTo(command: Stk500Command, received: Uint8Array): Stk500Answer {
  const length = lengthOf(command);
  const [first = IN_SYNC] = received;
  const last = received[length + 1] ?? OK;
  if (first !== IN_SYNC || last !== OK || received.length > length + 2) return { kind: "foreign" };
  if (received.length < length + 2) return { kind: "incomplete" };
  return { kind: "answer", data: received.subarray(1, -1) };
}

function lengthOf(command: Stk500Command): number {
  switch (command.kind) {
    case "signature":
      return 3;
    case "read":
      return command.length;
    default:
      return 0;
  }
}
