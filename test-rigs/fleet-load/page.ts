import { markdownTable } from "../reference/markdown-table.ts";
import {
  type Centre,
  centreFor,
  type Flow,
  flowOf,
  type Kind,
  MACHINE_CORES,
  type Measured,
  type Outage,
  payloadBytes,
  togetherOf,
} from "./arithmetic.ts";

const GATEWAYS = 100_000;

/** A city's mix, by what the fleets of gas, water and drainage companies are made of. */
export const KINDS: readonly Kind[] = [
  {
    ...{ name: "manhole: 10 points a minute", share: 0.8, points: 10, everyS: 60, messageS: 60 },
    compression: "none",
  },
  {
    ...{ name: "station: 30 points at 5 s", share: 0.19, points: 30, everyS: 5, messageS: 60 },
    compression: "zstd",
  },
  {
    ...{ name: "plant: 1,000 points at 1 s", share: 0.01, points: 1000, everyS: 1, messageS: 1 },
    compression: "zstd",
  },
];

/** A region dark for two hours, made good within one. */
const OUTAGE: Outage = { share: 0.3, outageH: 2, drainH: 1 };

/** Measured, by the broker: `measured.json`. */
export type MeasuredFleets = Readonly<Record<"mosquitto" | "nats", Measured & { on: string }>>;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** The page of arithmetic for 100,000 gateways, from what was measured with fewer. */
export function fleetPage(measured: MeasuredFleets): string {
  const flows = KINDS.map((kind) => [kind, flowOf(kind, kind.share * GATEWAYS)] as const);
  const all = togetherOf(flows.map(([, flow]) => flow));
  const { mosquitto, nats } = measured;
  const centres = [mosquitto, nats].map((each) => centreFor(all, each, OUTAGE));
  return `# A hundred thousand gateways: what they bring, and what a centre needs

Written by \`npm run fleet-load -- --page\` from what \`npm run fleet-load -- --record\` measured; the sizes of
messages are those of the gateway's own encoder.

## What they bring

${markdownTable([
  [
    "",
    "gateways",
    "messages/s",
    "readings/s",
    "payload, bytes",
    "at the centre, Mbit/s",
    "MB a month each",
  ],
  ...flows.map(([kind, flow]) => [kind.name, ...cells(flow, whole.format(payloadBytes(kind)))]),
  ["together", ...cells(all, "")],
])}

With topic, MQTT, TLS 1.3, TCP and IPv4, both ways, and a keep-alive a minute. Events come beside it:
each gateway ten a day are ${whole.format((GATEWAYS * 10) / 86_400)} a second.

## What was measured

${markdownTable([
  ["", "mosquitto, one", "NATS, three, one killed for 10 s"],
  ...rowsOf([mosquitto, nats]),
])}

All on one machine of two processors, the gateways too (real ledger, recorder and forwarder, ten points at
1 s in a message a second): it is they that bound the rate, not the brokers. Rate and processor time are of
the time in which all of them send, a killed broker's with them; the rate is what the machine had left for it,
and only processor time and memory go into what follows.

## What a centre needs

${markdownTable([
  ["", "brokers as mosquitto", "brokers as NATS, 3 copies"],
  ...centreRows(centres),
])}

Processors like the measured ones, wholly used. The machines do the drain at half of that with one of
each kind away; three brokers at the least, as each keeps a copy. ${short.format(OUTAGE.share * 100)} % of the gateways silent for ${OUTAGE.outageH} hours, made good within ${OUTAGE.drainH}, is the
drain; each gateway paces it by how soon it is acknowledged, live readings and events first.

- **Connections.** ${whole.format(GATEWAYS)} sessions of TLS: a broker of three holds a third, and a half when one is away.
  After an outage they return within 7.5 to 15 s (\`edge/core/backoff.ts\`): up to ${whole.format(GATEWAYS / 7.5)} handshakes a
  second, each one signature and two or three checks of P-256 on the broker, so that some ten
  processors take them at once; fewer take as many times longer, for who is not answered waits and asks again.
- **One mosquitto is no centre.** It uses one processor, and what it has acknowledged lies in its memory
  until it is saved: a killed one loses that, and the audit shows it. Brokers that store before they
  acknowledge, as JetStream with three copies, do not; they take ${short.format(nats.cpuMs.brokers / mosquitto.cpuMs.brokers)} times the processor. (A server of NATS writes
  to its disk by and by: all three without power at once want \`sync_interval: always\`.)
- **Receivers** share a consumer: each message goes to one of them, is acknowledged when it is stored, and
  an idempotent write by gateway, stream and seq makes a repeated one harmless.
- **Storage** counts payloads as they come; columns of a database of time series need less.

## What is not shown by it

More than a thousand connections on one broker, other hardware, and a network between the machines.
`;
}

function cells(flow: Flow, payload: string): readonly string[] {
  const monthMb = (flow.wireBytesS * 30 * 86_400) / flow.gateways / 1e6;
  return [
    whole.format(flow.gateways),
    whole.format(flow.messagesS),
    whole.format(flow.readingsS),
    payload,
    short.format((8 * flow.wireBytesS) / 1e6),
    short.format(monthMb),
  ];
}

function rowsOf(both: readonly (Measured & { readonly on: string })[]) {
  const row = (name: string, of: (each: Measured & { readonly on: string }) => string) => [
    name,
    ...both.map(of),
  ];
  return [
    row("on", ({ on }) => on),
    row("gateways", ({ gateways }) => whole.format(gateways)),
    row("messages in all", ({ messages }) => whole.format(messages)),
    row("a second, while all send", ({ perSecond }) => whole.format(perSecond)),
    row("missing", ({ missing }) => whole.format(missing)),
    row("processor of the brokers, ms a message", ({ cpuMs }) => `${cpuMs.brokers}`),
    row("processor of the receivers, ms a message", ({ cpuMs }) => `${cpuMs.receivers}`),
    row("memory of the brokers, MB", ({ brokersMb }) => whole.format(brokersMb)),
  ];
}

function centreRows(centres: readonly Centre[]) {
  const row = (name: string, of: (each: Centre) => number) => [
    name,
    ...centres.map((each) => short.format(of(each))),
  ];
  return [
    row("processors of the brokers", ({ brokerCores }) => brokerCores),
    row("processors of the receivers", ({ receiverCores }) => receiverCores),
    row("processors of both during the drain", ({ drainCores }) => drainCores),
    row(`brokers, machines of ${MACHINE_CORES} processors`, ({ brokers }) => brokers),
    row(`receivers, machines of ${MACHINE_CORES} processors`, ({ receivers }) => receivers),
    row("memory of the brokers for sessions, GB", ({ brokersGb }) => brokersGb),
    row("on the line during the drain, Mbit/s", ({ drainBitsS }) => drainBitsS / 1e6),
    row("a day in the brokers, three copies, TB", ({ dayTb }) => dayTb),
    row("a year in the archive, three copies, TB", ({ yearTb }) => yearTb),
  ];
}
