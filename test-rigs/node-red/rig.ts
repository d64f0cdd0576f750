import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";

/** The folder of the package of nodes. */
export const PACKAGE: string = fileURLToPath(new URL("../../edge/node-red", import.meta.url));

const PROGRAM = fileURLToPath(new URL("../../node_modules/node-red/red.js", import.meta.url));
const START_MS = 90_000;

/** A node of a flow, as Node-RED stores it. */
export type FlowNode = { readonly id: string; readonly type: string } & Readonly<
  Record<string, unknown>
>;

/** A message as a flow sent it here. */
export type Message = {
  readonly topic: string;
  readonly payload: unknown;
  readonly [key: string]: unknown;
};

/** A Node-RED that runs as a process of its own, with an editor on 127.0.0.1. */
export type NodeRed = {
  readonly url: string;
  readonly child: Child;
  /** Deploys flows by the admin API, as importing and deploying them in the editor does. */
  deploy(flows: readonly FlowNode[]): Promise<void>;
};

/** Starts Node-RED 5 with the nodes in the folder `dir`, which keeps its flows over restarts. */
export async function startNodeRed(dir: string, lang = "en-US"): Promise<NodeRed> {
  const port = await freePort();
  const scope = join(dir, "node_modules", "@lifeline-edge");
  mkdirSync(scope, { recursive: true });
  const link = join(scope, "node-red-gateway");
  try {
    symlinkSync(PACKAGE, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  writeFileSync(
    join(dir, "settings.js"),
    `module.exports = ${JSON.stringify({
      ...{ flowFile: "flows.json", uiHost: "127.0.0.1", uiPort: port, lang },
      credentialSecret: "only of this test",
      telemetry: { enabled: false, updateNotification: false },
      externalModules: { palette: { allowInstall: false } },
      editorTheme: { tours: false },
      logging: { console: { level: "info", metrics: false, audit: false } },
    })}`,
  );
  const child = startChild(process.execPath, [PROGRAM, "--userDir", dir], { NODE_ENV: "test" });
  await child.waitFor(/Server now running/, START_MS);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    child,
    deploy: async (flows) => {
      const answer = await fetch(`${url}/flows`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Node-RED-API-Version": "v1" },
        body: JSON.stringify(flows),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    },
  };
}

/** A new folder for a Node-RED. */
export function nodeRedDir(): string {
  return tempDir("node-red");
}

/** What flows send to the test, over TCP on 127.0.0.1: see `sink`. */
export class Sink {
  readonly messages: Message[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      createInterface({ input: socket }).on("line", (line) => {
        this.messages.push(JSON.parse(line) as Message);
        for (const check of this.#waiting) check();
      });
    });
  }

  static async open(): Promise<Sink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Sink(server);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The first message, of those that come from number `from` on, that `isWanted`. */
  async waitFor(isWanted: (message: Message) => boolean, ms = 20_000, from = 0): Promise<Message> {
    const found = () => this.messages.slice(from).find(isWanted);
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const check = () => {
      const message = found();
      if (message !== undefined) resolve(message);
    };
    const told = () => JSON.stringify(this.messages.slice(-5));
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${told()}`)), ms);
    this.#waiting.add(check);
    check();
    return await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(check);
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** Nodes that send what comes to node `id` to the test that listens on `port`. */
export function sink(id: string, tab: string, port: number): readonly FlowNode[] {
  return [
    {
      ...{ id, type: "function", z: tab, wires: [[`${id}-out`]], outputs: 1, x: 400, y: 100 },
      func: "return { payload: JSON.stringify({ ...msg, req: undefined }) + String.fromCharCode(10) };",
    },
    {
      ...{ id: `${id}-out`, type: "tcp out", z: tab, x: 600, y: 100, wires: [], tls: "" },
      ...{ host: "127.0.0.1", port: String(port), beserver: "client", base64: false, end: false },
    },
  ];
}

/** The examples that the package ships. */
export function example(name: string): readonly FlowNode[] {
  return JSON.parse(readFileSync(join(PACKAGE, "examples", `${name}.json`), "utf8"));
}
