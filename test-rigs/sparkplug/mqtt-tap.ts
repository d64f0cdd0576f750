import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { parser as openParser, type Packet } from "mqtt-packet";

/** One packet of MQTT as it went over the wire. */
export type Seen = {
  /** Of which connection to which broker, each from 1. */
  readonly connection: number;
  readonly from: "client" | "broker";
  readonly packet: Packet;
  /** When it went by, in Unix milliseconds. */
  readonly at: number;
};

/** Stands between clients and a broker, and notes every packet that goes by. */
export type MqttTap = {
  readonly url: string;
  /** In the order in which they went by; grows. */
  readonly seen: readonly Seen[];
  /** Cuts every connection, as a lost line does. */
  cut(): void;
  /** Whether what comes from the client is passed on; what is not is lost. */
  isDeaf: boolean;
  close(): Promise<void>;
};

/** Opens a tap in front of the broker at `port` of 127.0.0.1. */
export async function openMqttTap(port: number): Promise<MqttTap> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const tap = { isDeaf: false };
  const server = createServer((client) => {
    const connection = ++connections;
    const broker = createConnection({ port, host: "127.0.0.1" });
    const version = { known: 4 };
    const pass = (from: Seen["from"], source: Socket, target: Socket) => {
      const parser = openParser({ protocolVersion: 4 });
      parser.on("packet", (packet: Packet) => {
        if (packet.cmd === "connect") version.known = packet.protocolVersion ?? 4;
        (parser as unknown as { settings: object }).settings = { protocolVersion: version.known };
        seen.push({ connection, from, packet, at: Date.now() });
      });
      source.on("data", (chunk: Buffer) => {
        if (tap.isDeaf && from === "client") return;
        if (from === "broker") {
          (parser as unknown as { settings: object }).settings = { protocolVersion: version.known };
        }
        parser.parse(chunk);
        target.write(chunk);
      });
      source.on("end", () => target.end());
      source.on("error", () => target.destroy());
      source.on("close", () => {
        sockets.delete(source);
        target.destroy();
      });
      sockets.add(source);
    };
    pass("client", client, broker);
    pass("broker", broker, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return Object.assign(tap, {
    url: `mqtt://127.0.0.1:${address.port}`,
    seen,
    cut,
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
