import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A message that a client published at QoS 1. */
export type Publish = {
  /** Its packet identifier. */
  readonly id: number;
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
};

/** One client's session, from 1 on; what it does is the test's. */
export type OddSession = {
  readonly number: number;
  /** Sends a PUBACK, whether or not it is due, with a reason code of MQTT 5.0, 3.4.2.1. */
  acknowledge(id: number, reason?: number): void;
  /** Cuts the connection. */
  cut(): void;
};

/** How a broker behaves. */
export type Habits = {
  /** What it says that it takes unanswered; left out where it says nothing. */
  readonly receiveMaximum?: number;
  /** A session begins. */
  readonly onSession?: (session: OddSession) => void;
  /** A message has come that the test must answer, or not. */
  readonly onPublish: (publish: Publish, session: OddSession) => void;
};

/** A broker that speaks MQTT 5.0 with publishers only, and answers as badly as it is told to. */
export type OddBroker = {
  readonly url: string;
  /** The most messages that were unanswered at once within one session. */
  most(): number;
  close(): void;
};

const CONNECT = 1;
const PUBLISH = 3;
const PINGREQ = 12;
/** Property of CONNACK (MQTT 5.0, 3.2.2.3.3). */
const RECEIVE_MAXIMUM = 0x21;

/** Opens a broker with these habits on 127.0.0.1. */
export async function openOddBroker(habits: Habits): Promise<OddBroker> {
  const sockets = new Set<Socket>();
  let sessions = 0;
  let most = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const unanswered = new Set<number>();
    const session: OddSession = {
      number: ++sessions,
      acknowledge: (id, reason = 0) => {
        unanswered.delete(id);
        if (socket.writable) socket.write(Uint8Array.of(0x40, 3, id >> 8, id & 0xff, reason));
      },
      cut: () => socket.destroy(),
    };
    const take = packets((type, flags, body) => {
      if (type === CONNECT) {
        socket.write(connack(habits.receiveMaximum));
        habits.onSession?.(session);
      } else if (type === PINGREQ) socket.write(Uint8Array.of(0xd0, 0));
      else if (type === PUBLISH) {
        const publish = publishOf(flags, body);
        unanswered.add(publish.id);
        most = Math.max(most, unanswered.size);
        habits.onPublish(publish, session);
      }
    });
    socket.on("data", take);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    most: () => most,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function connack(receiveMaximum: number | undefined): Uint8Array {
  if (receiveMaximum === undefined) return Uint8Array.of(0x20, 3, 0, 0, 0);
  const [high, low] = [receiveMaximum >> 8, receiveMaximum & 0xff];
  return Uint8Array.of(0x20, 6, 0, 0, 3, RECEIVE_MAXIMUM, high, low);
}

/** Cuts a stream into control packets (MQTT 5.0, 2.1), however it is split. */
function packets(onPacket: (type: number, flags: number, body: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const [length, start] = varint(rest, 1);
      if (start === 0 || rest.length < start + length) return;
      const head = rest[0] ?? 0;
      const body = rest.subarray(start, start + length);
      rest = rest.subarray(start + length);
      onPacket(head >> 4, head & 0x0f, body);
    }
  };
}

/** A variable byte integer (MQTT 5.0, 1.5.5) and where it ends; 0 where it is not all there. */
function varint(bytes: Buffer, from: number): readonly [value: number, end: number] {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return [0, 0];
    value += (byte & 0x7f) * 0x80 ** i;
    if (byte < 0x80) return [value, from + i + 1];
  }
  throw new Error("not a length");
}

/** MQTT 5.0, 3.3. */
function publishOf(flags: number, body: Buffer): Publish {
  const idAt = 2 + body.readUInt16BE(0);
  const [properties, end] = varint(body, idAt + 2);
  return {
    id: body.readUInt16BE(idAt),
    topic: body.toString("utf8", 2, idAt),
    payload: body.toString("utf8", end + properties),
    retain: (flags & 1) === 1,
  };
}
