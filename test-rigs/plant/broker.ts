import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";

/** A port of the broker on 127.0.0.1 that can be shut and opened again. */
export type Door = {
  readonly port: number;
  /** Refuses new connections and cuts those that there are, as a lost uplink does. */
  stop(): Promise<void>;
  /** Opens the same port again. */
  start(): Promise<void>;
};

/** An MQTT 3.1.1 broker within this process. Sessions are kept while its doors are shut. */
export type Broker = Door & {
  /** Another way to the same broker: the centre's stays open while the gateway's is shut. */
  openDoor(): Promise<Door>;
  /** Shuts all doors and forgets everything. */
  close(): Promise<void>;
};

/** Starts a broker with one door at a free port. A client that asks for MQTT 5 is refused. */
export async function openBroker(): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const doors: Door[] = [];
  const openDoor = async (): Promise<Door> => {
    const door = await doorOf((socket) => aedes.handle(socket));
    doors.push(door);
    return door;
  };
  const first = await openDoor();
  return {
    ...first,
    openDoor,
    async close() {
      await Promise.all(doors.map((door) => door.stop()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
}

async function doorOf(serve: (socket: Socket) => void): Promise<Door> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  const port = await listen(server, 0);
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
    async start() {
      if (!server.listening) await listen(server, port);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  return address.port;
}
