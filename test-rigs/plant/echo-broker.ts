import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { generate, type IConnectPacket, type Packet, parser } from "mqtt-packet";
import type { EchoServer } from "./echo-server.ts";

/** Reasons of MQTT 5.0: 3.2.2.2, 3.4.2.1, 3.14.2.1. */
const BAD_PASSWORD = 0x86;
const QUOTA = 0x97;

/**
 * An MQTT 5 broker on this machine that takes nothing, and whose reason strings and user properties
 * repeat what a client came with, as careless ones do: every other session is refused, and in the
 * rest what is published, and then they are ended.
 */
export async function openEchoBroker(): Promise<EchoServer> {
  const sockets = new Set<Socket>();
  let sessions = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket, sessions++ % 2 === 0);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(socket: Socket, isRefused: boolean): void {
  let properties: { reasonString: string; userProperties: Record<string, string> };
  const send = (packet: Packet) => socket.write(generate(packet, { protocolVersion: 5 }));
  const reading = parser({ protocolVersion: 5 });
  reading.on("packet", (packet: Packet) => {
    if (packet.cmd === "connect") {
      properties = repeated(packet);
      const reasonCode = isRefused ? BAD_PASSWORD : 0;
      send({ cmd: "connack", sessionPresent: false, reasonCode, properties });
      if (isRefused) socket.end();
    } else if (packet.cmd === "publish") {
      send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: QUOTA, properties });
      send({ cmd: "disconnect", reasonCode: QUOTA, properties });
      socket.end();
    }
  });
  socket.on("data", (bytes) => reading.parse(bytes));
}

function repeated({ username, password }: IConnectPacket) {
  const text = `you came as ${username} with ${String(password)}`;
  return { reasonString: text, userProperties: { why: text } };
}
