import { appendFileSync, cpSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startEnrolment } from "../centre/enrolment-server.ts";
import { startIdentityBroker } from "../centre/identity-broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { NODE_FLAGS } from "../processes/node-flags.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { HOST_SEEN_FROM_BOARD } from "./board.ts";

const MAIN = fileURLToPath(new URL("../../edge/main.ts", import.meta.url));

/** Whose card it is. */
export const GATEWAY = "gw-0001";
/** What it measures: a metre a thousand seconds, so that a value says when it was true. */
const RISE_PER_MS = 1e-6;
const CARD_BYTES = 4 * 1024 ** 3;

const template = (ports: { modbus: number; enrolment: string; broker: string }) => `gateway:
  id: {{ id }}
  site: { name: {{ name | json }} }
buses: { field: { kind: modbus-tcp, host: ${HOST_SEEN_FROM_BOARD}, port: ${ports.modbus} } }
devices:
  tank:
    bus: field
    unit: 1
    every: 2s
    points: { level: { area: input, address: 0, type: float32, unit: m } }
destinations:
  centre:
    kind: mqtt
    url: "mqtts://${HOST_SEEN_FROM_BOARD}:${ports.broker}"
    tls: { ca: /etc/lifeline/ca.pem, identity: true }
    batch: { age: 1s }
enrolment:
  url: "https://${HOST_SEEN_FROM_BOARD}:${ports.enrolment}"
  ca: /etc/lifeline/ca.pem
  claim: /etc/lifeline/claim
# Nobody tells the time here.
buffer: { dir: /var/lib/lifeline, max: 64MB, holdUnsynced: 0ms }
`;

/** What a gateway finds where it is mounted, and beyond. */
export type Site = Awaited<ReturnType<typeof openSite>>;

/** Opens a device, an enrolment server, a broker and the centre behind it, all on this machine. */
export async function openSite() {
  const stack = new AsyncDisposableStack();
  const device = modbusDevice(1, [
    { area: "input", address: 0, type: "float32", valueAt: (atMs) => atMs * RISE_PER_MS },
  ]);
  const plant = await openModbusTcp({ devices: [device] });
  stack.defer(() => plant.close());
  const dir = tempDir("centre");
  const server = await startEnrolment(dir, { addresses: [HOST_SEEN_FROM_BOARD] });
  stack.defer(() => server.close());
  const broker = await startIdentityBroker(dir, server);
  stack.defer(() => broker.close());
  const receiver = await openReceiver(broker.adminUrl);
  stack.defer(() => receiver.close());
  const [enrolment, mqtt] = [server.url, broker.url].map((url) => url.replace(/^.*:/, ""));

  return {
    audit: receiver.audit,
    issued: () => server.entries.filter(({ kind }) => kind === "issued"),
    requests: () => plant.requestsTo(1),
    /** A card of 4 GB with `image` on it that is the gateway's, made by the commands for it. */
    async card(image: string): Promise<string> {
      const home = tempDir("card");
      const [sites, form, batch] = [join(home, "sites.csv"), join(home, "form"), join(home, "b")];
      writeFileSync(sites, `id,name\n${GATEWAY},"Tank 1, north"\n`);
      const ports = { modbus: plant.port, enrolment: `${enrolment}`, broker: `${mqtt}` };
      writeFileSync(form, template(ports));
      const common = tempDir("common");
      cpSync(server.authority.file, join(common, "ca.pem"));
      const how = ["--template", form, "--common", common, "--out", batch];
      await lifeline("provision", "batch", sites, ...how);
      appendFileSync(join(dir, "claims.jsonl"), readFileSync(join(batch, "claims.jsonl")));
      const card = join(home, "card.img");
      await lifeline("flash", image, card, "--gateway", join(batch, GATEWAY));
      truncateSync(card, CARD_BYTES);
      return card;
    },
    close: () => stack.disposeAsync(),
  };
}

async function lifeline(...args: readonly string[]): Promise<void> {
  const child = startChild(process.execPath, [...NODE_FLAGS, MAIN, ...args]);
  const code = await child.exited;
  if (code !== 0) throw new Error(`lifeline ${args.join(" ")}: ${child.lines.join("\n")}`);
}
