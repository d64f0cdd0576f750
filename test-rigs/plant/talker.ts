import { openPty } from "./pty.ts";
import { Wire } from "./wire.ts";

/** A serial line with a device that talks by itself, or answers text. */
export type TalkerLine = {
  /** The device file for the gateway. */
  readonly path: string;
  /** Puts `message` on the line, at the pace of its baud rate. */
  say(message: string | Uint8Array): void;
  /** What the device answers to each request that ends with `requestEnd`; null for nothing. */
  answer: (() => string | Uint8Array) | null;
  /** Whole requests that came. */
  requests(): number;
  /** Pulls the plug of the gateway's adapter, and puts it back. */
  unplug(): void;
  plug(): void;
  close(): void;
};

/** No request is longer. */
const MAX_REQUEST = 256;

/** Puts a talking device on a line of `baud`; requests to it end with the byte `requestEnd`. */
export function openTalkerLine({
  baud,
  requestEnd = 0x0a,
}: {
  readonly baud: number;
  readonly requestEnd?: number;
}): TalkerLine {
  const pty = openPty();
  let received: Uint8Array = new Uint8Array(0);
  let requests = 0;
  const toGateway = new Wire(baud, (bytes) => pty.write(bytes));
  const line: TalkerLine = {
    path: pty.path,
    answer: null,
    say: (message) => {
      toGateway.put(typeof message === "string" ? Buffer.from(message, "latin1") : message);
    },
    requests: () => requests,
    unplug() {
      toGateway.clear();
      pty.unplug();
    },
    plug: () => pty.plug(),
    close() {
      toGateway.clear();
      fromGateway.clear();
      pty.close();
    },
  };
  const fromGateway = new Wire(baud, (bytes) => {
    received = Buffer.concat([received, bytes]).subarray(-MAX_REQUEST);
    if (!received.includes(requestEnd)) return;
    received = new Uint8Array(0);
    requests += 1;
    if (line.answer !== null) line.say(line.answer());
  });
  pty.onData = (bytes) => fromGateway.put(bytes);
  return line;
}

/** `body` as a sentence of NMEA 0183. */
export function nmeaSentence(body: string): string {
  const sum = [...Buffer.from(body, "latin1")].reduce((all, byte) => all ^ byte, 0);
  return `$${body}*${sum.toString(16).padStart(2, "0").toUpperCase()}\r\n`;
}

/** A frame of a Plantower dust sensor with these values of PM1.0, PM2.5 and PM10. */
export function dustFrame(pm1: number, pm25: number, pm10: number): Uint8Array {
  const frame = Buffer.alloc(32);
  frame.set([0x42, 0x4d, 0, 28]);
  for (const at of [4, 10]) {
    for (const [i, value] of [pm1, pm25, pm10].entries()) frame.writeUInt16BE(value, at + 2 * i);
  }
  frame.writeUInt16BE(
    frame.subarray(0, 30).reduce((sum, byte) => sum + byte, 0),
    30,
  );
  return frame;
}
