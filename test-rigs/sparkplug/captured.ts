import type { IConnectPacket, IPublishPacket, ISubscribePacket } from "mqtt-packet";
import proto from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import type { Seen } from "./mqtt-tap.ts";

const { Payload } = proto.org.eclipse.tahu.protobuf;

/** A metric as Eclipse Tahu's protocol buffers have it, its numbers plain. */
export type SeenMetric = {
  readonly name?: string;
  readonly alias?: number;
  readonly timestamp?: number;
  readonly datatype?: number;
  readonly isHistorical?: boolean;
  readonly isNull?: boolean;
  readonly properties?: {
    readonly keys: readonly string[];
    readonly values: readonly { readonly type?: number; readonly intValue?: number }[];
  };
  readonly intValue?: number;
  readonly longValue?: number;
  readonly booleanValue?: boolean;
  readonly doubleValue?: number;
  readonly stringValue?: string;
};

/** One message of Sparkplug that the edge node sent. */
export type Message = {
  readonly connection: number;
  /** Its place among all packets of the capture. */
  readonly index: number;
  /** When it was seen, in Unix milliseconds. */
  readonly at: number;
  /** NBIRTH, DDATA and so on. */
  readonly type: string;
  readonly topic: string;
  /** Empty where it is the node's own. */
  readonly device: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly bytes: Uint8Array;
  readonly timestamp?: number;
  readonly seq?: number;
  readonly metrics: readonly SeenMetric[];
};

function messageOf(
  place: Pick<Message, "connection" | "index" | "at">,
  sent: { readonly topic: string; readonly payload: Uint8Array; qos: number; retain: boolean },
): Message {
  const [, , type = "", , device = ""] = sent.topic.split("/");
  const decoded = Payload.decode(sent.payload);
  const plain = Payload.toObject(decoded, { longs: Number }) as {
    timestamp?: number;
    seq?: number;
    metrics?: SeenMetric[];
  };
  const { topic, qos, retain } = sent;
  return { ...place, type, topic, device, qos, retain, bytes: sent.payload, metrics: [], ...plain };
}

/** Every message that the node published, in order. */
export function messagesIn(seen: readonly Seen[]): readonly Message[] {
  return seen.flatMap(({ connection, from, packet, at }, index) => {
    if (from !== "client" || packet.cmd !== "publish") return [];
    const { topic, payload, qos, retain } = packet as IPublishPacket;
    return [
      messageOf({ connection, index, at }, { topic, payload: payload as Buffer, qos, retain }),
    ];
  });
}

/** The CONNECT of every connection. */
export function connectsIn(seen: readonly Seen[]): readonly IConnectPacket[] {
  return seen.flatMap(({ packet }) => (packet.cmd === "connect" ? [packet] : []));
}

/** The will of a CONNECT as the message that it is. */
export function willOf({ will }: IConnectPacket): Message {
  if (will === undefined) throw new Error("no will");
  const { topic, payload, qos = 0, retain = false } = will;
  const sent = { topic, payload: payload as unknown as Buffer, qos, retain };
  return messageOf({ connection: 0, index: 0, at: 0 }, sent);
}

/** What was subscribed to, with the QoS asked for. */
export function subscriptionsIn(seen: readonly Seen[]): ReadonlyMap<string, number> {
  const asked = seen.flatMap(({ packet }) =>
    packet.cmd === "subscribe" ? (packet as ISubscribePacket).subscriptions : [],
  );
  return new Map(asked.map(({ topic, qos }) => [topic, qos]));
}
