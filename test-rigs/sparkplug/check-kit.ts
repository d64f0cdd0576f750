import type { IDisconnectPacket } from "mqtt-packet";
import { nextNumber } from "../../edge/forward/sparkplug/sequence.ts";
import { connectsIn, type Message, messagesIn, willOf } from "./captured.ts";
import type { Course } from "./course.ts";
import type { Seen } from "./mqtt-tap.ts";

/** What an assertion asks for, as a sentence, and whether a course shows it: what does not, or null. */
export type Check = { readonly says: string; readonly fault: (course: Course) => string | null };

/** Where the node is. */
export const GROUP = "spBv1.0/city";
/** What the node is called. */
export const NODE = "gw-0001";
/** The types of births. */
export const BIRTHS = ["NBIRTH", "DBIRTH"];
/** The types of data. */
export const DATA = ["NDATA", "DDATA"];

/** The packets of every broker of a course. */
export const taps = ({ whole, old, hosted }: Course) => [whole, old, hosted.first, hosted.second];
/** Every message of a course. */
export const all = (course: Course) => taps(course).flatMap(messagesIn);
/** Every CONNECT. */
export const connects = (course: Course) => taps(course).flatMap(connectsIn);
/** The will of every CONNECT. */
export const wills = (course: Course) => connects(course).map(willOf);
/** Every NDEATH, wills too. */
export const deaths = (course: Course) => [...wills(course), ...of("NDEATH")(course)];
/** The messages of these types. */
export const of =
  (...types: readonly string[]) =>
  (course: Course) =>
    all(course).filter(({ type }) => types.includes(type));

/** Holds for every message of these; there must be one. */
export function every(
  says: string,
  which: (course: Course) => readonly Message[],
  holds: (message: Message) => boolean,
): Check {
  return {
    says,
    fault: (course) => {
      const messages = which(course);
      if (messages.length === 0) return "none was sent";
      const bad = messages.find((message) => !holds(message));
      return bad === undefined ? null : `${bad.topic} ${Buffer.from(bad.bytes).toString("hex")}`;
    },
  };
}

/** Holds for a course as a whole. */
export function holds(says: string, what: (course: Course) => boolean): Check {
  return { says, fault: (course) => (what(course) ? null : "it does not hold") };
}

/** By connection, in the order of sending. */
export const sessions = (seen: readonly Seen[]): readonly (readonly Message[])[] => [
  ...Map.groupBy(messagesIn(seen), ({ connection }) => connection).values(),
];
/** Holds for every session of a course. */
export const everySession = (says: string, what: (session: readonly Message[]) => boolean) =>
  holds(says, (course) => taps(course).flatMap(sessions).every(what));

/** The number of the session that a message tells. */
export const bdSeqOf = ({ metrics }: Message) =>
  metrics.find(({ name }) => name === "bdSeq")?.longValue;
/** Whether a metric has a value. */
export const hasValue = (metric: object) =>
  Object.keys(metric).some((key) => key.endsWith("Value"));
const isNear = ({ timestamp = 0, at }: Message) => Math.abs(timestamp - at) < 3000;
/** Whether a message has the topic of its type. */
export const topicIs = (type: string) => (message: Message) =>
  message.topic === `${GROUP}/${type}/${NODE}${message.device && `/${message.device}`}`;
const unsent = (message: Message) => message.qos === 0 && !message.retain;

/** QoS 0 for every message of a type. */
export const qos = (type: string) => every(`${type} has QoS 0`, of(type), (each) => each.qos === 0);
/** None of a type is retained. */
export const retain = (type: string) =>
  every(`${type} is not retained`, of(type), (each) => !each.retain);
/** Both. */
export const mqtt = (type: string) =>
  every(`${type} has QoS 0 and is not retained`, of(type), unsent);
/** Every message of a type has its topic. */
export const topic = (type: string) =>
  every(`the topic of ${type} is its own`, of(type), topicIs(type));
/** Every message of a type has the time of its publishing. */
export const time = (type: string) =>
  every(`${type} has the time of its publishing`, of(type), isNear);
/** Every message of a type has a seq. */
export const seq = (type: string) =>
  every(`${type} has a seq`, of(type), (each) => each.seq !== undefined);

/** Whether each number follows the one before it, in every birth and what comes behind it. */
const isCounted = (session: readonly Message[]) => {
  let last: number | null = null;
  return session.every(({ type, seq: number }) => {
    if (type === "NDEATH") return true;
    const expected = type === "NBIRTH" ? 0 : nextNumber(last);
    last = number ?? null;
    return number === expected;
  });
};
/** Numbers follow one another. */
export const counted: Check = holds(
  "seq goes up by one, and from 255 to 0, over all messages",
  (course) => {
    const wraps = messagesIn(course.whole).some(({ seq: number }) => number === 255);
    return wraps && taps(course).flatMap(sessions).every(isCounted);
  },
);

/** Whether what is told of a device, or of the node, comes behind its birth and before its death. */
export const isOrdered = (session: readonly Message[]) => {
  const born = new Set<string>();
  return session.every(({ type, device }, index) => {
    if (index === 0 && type !== "NBIRTH") return false;
    if (type === "NBIRTH") {
      born.clear();
      born.add("");
    }
    if (type === "DBIRTH") born.add(device);
    if (type === "DDEATH") return born.delete(device);
    return type === "NDEATH" || (born.has("") && born.has(device));
  });
};

/** Births and wills of a connection agree. */
export const willMatches: Check = holds(
  "the birth has the bdSeq of its connection's will",
  (course) =>
    taps(course).every((seen) =>
      connectsIn(seen).every((connect, index) => {
        const births = messagesIn(seen).filter(
          ({ type, connection }) => type === "NBIRTH" && connection === index + 1,
        );
        return births.every((birth) => bdSeqOf(birth) === bdSeqOf(willOf(connect)));
      }),
    ),
);

/** The metric by which a host asks for births. */
export const rebirthMetric = ({ metrics }: Message) =>
  metrics.find(({ name }) => name === "Node Control/Rebirth");
/** The metrics of every message of these types. */
export const metricsOf =
  (...types: readonly string[]) =>
  (course: Course) =>
    of(...types)(course).flatMap(({ metrics }) => metrics);
/** Holds for every metric of these types; there must be one. */
export const everyMetric = (
  says: string,
  types: readonly string[],
  what: (metric: Message["metrics"][number]) => boolean,
) =>
  holds(says, (course) => {
    const metrics = metricsOf(...types)(course);
    return metrics.length > 0 && metrics.every(what);
  });
/** Holds for every property; there must be one. */
export const everyProperty = (
  says: string,
  what: (value: { readonly type?: number; readonly intValue?: number }, key: string) => boolean,
) =>
  holds(says, (course) => {
    const sets = metricsOf(
      ...BIRTHS,
      ...DATA,
    )(course).flatMap(({ properties }) => properties ?? []);
    return (
      sets.length > 0 &&
      sets.every(({ keys, values }) => values.every((value, i) => what(value, keys[i] ?? "")))
    );
  });

/** What was sent once a rebirth was asked for. */
export const afterRebirth = ({ whole, rebirthAt }: Course) => messagesIn(whole).slice(rebirthAt);
/** What was sent before the leave, with the DISCONNECT behind it. */
export const leave = (seen: readonly Seen[]) => {
  const at = seen.findIndex(({ packet }) => packet.cmd === "disconnect");
  const before = messagesIn(seen.slice(0, at)).at(-1);
  return { at, before, packet: seen[at]?.packet as IDisconnectPacket | undefined };
};
