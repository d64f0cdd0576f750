import { connectAsync, type MqttClient } from "mqtt";
import { type Mosquitto, startMosquitto } from "../../processes/mosquitto.ts";
import { Tally } from "./tally.ts";

/** A message of readings of the gateway, or of who stands beside it. */
type Message = {
  readonly at: number;
  readonly series?: readonly { readonly point: string; readonly t: readonly number[] }[];
  readonly index?: number;
  readonly from?: number;
  readonly v?: readonly number[];
};

/** A broker and a subscriber to what one program sends to it. */
export class Receiver {
  readonly tally = new Tally();
  readonly broker: Mosquitto;
  /** When the first reading came, on the clock of `performance.now()`; null until then. */
  firstAt: number | null = null;
  /** When the last message with readings came, on the same clock. */
  lastAt: number | null = null;
  /** How many messages of backlog came. */
  backlog = 0;
  /** Is told the number of the device whose alarm comes. */
  onAlarm: (device: number) => void = () => {};
  readonly #client: MqttClient;

  private constructor(broker: Mosquitto, client: MqttClient) {
    this.broker = broker;
    this.#client = client;
    client.on("message", (topic, payload) => this.#take(topic, payload));
  }

  /** Starts a broker, on `port` or any, and subscribes. Needs Debian's mosquitto. */
  static async open(port?: number): Promise<Receiver> {
    const lines = ["max_queued_messages 0"];
    const broker = await startMosquitto({ lines, ...(port === undefined ? {} : { port }) });
    const client = await connectAsync(broker.url, { clientId: "centre" });
    const receiver = new Receiver(broker, client);
    const kinds = ["readings", "backlog", "events"].map((kind) => `lifeline/v1/+/${kind}`);
    await client.subscribeAsync([...kinds, "peer/#"], { qos: 1 });
    return receiver;
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
    await this.broker.close();
  }

  #take(topic: string, payload: Buffer): void {
    const [head, kind, last] = topic.split("/");
    if (head === "peer" && kind === "events") this.onAlarm(Number(last));
    else if (topic.endsWith("/events")) this.#takeEvent(payload);
    else this.#takeData(topic, payload);
  }

  #takeData(topic: string, payload: Buffer): void {
    this.lastAt = performance.now();
    this.firstAt ??= this.lastAt;
    if (topic.endsWith("/backlog")) {
      this.backlog++;
      return;
    }
    const message = JSON.parse(payload.toString()) as Message | readonly number[];
    if (Array.isArray(message)) this.tally.note(topic, performance.now(), message.length);
    else this.#takeReadings(message as Message);
  }

  #takeReadings({ at, series = [], index, from, v }: Message): void {
    for (const { point, t } of series) for (const each of t) this.tally.note(point, at + each);
    if (v !== undefined) this.tally.note(`${index}:${from}`, at, v.length);
  }

  #takeEvent(payload: Buffer): void {
    const { alarm, to } = JSON.parse(payload.toString()) as Partial<Record<string, string>>;
    if (to === "unacknowledged") this.onAlarm(Number(alarm?.slice(1)));
  }
}
