import { connectsIn, messagesIn, subscriptionsIn, willOf } from "./captured.ts";
import {
  afterRebirth,
  all,
  BIRTHS,
  bdSeqOf,
  type Check,
  counted,
  DATA,
  deaths,
  every,
  everyMetric,
  everyProperty,
  everySession,
  GROUP,
  hasValue,
  holds,
  isOrdered,
  leave,
  metricsOf,
  mqtt,
  NODE,
  of,
  qos,
  rebirthMetric,
  retain,
  seq,
  taps,
  time,
  topic,
  topicIs,
  willMatches,
  wills,
} from "./check-kit.ts";
import { aliasesIn } from "./course.ts";
import type { Seen } from "./mqtt-tap.ts";

/** Every check by a short name. */
export const CHECKS = {
  firstIsBirth: everySession(
    "the first message of a session is an NBIRTH",
    ([first]) => first?.type === "NBIRTH",
  ),
  clean311: holds("over MQTT 3.1.1 the session is clean", ({ old }) =>
    connectsIn(old).every(({ clean, protocolVersion }) => clean === true && protocolVersion === 4),
  ),
  clean5: holds("over MQTT 5 the start is clean and the session expires at once", ({ whole }) =>
    connectsIn(whole).every(
      ({ clean, protocolVersion, properties }) =>
        clean === true && protocolVersion === 5 && !properties?.sessionExpiryInterval,
    ),
  ),
  willQos: every("the will has QoS 1", wills, (will) => will.qos === 1),
  willRetain: every("the will is not retained", wills, (will) => !will.retain),
  willThere: every("CONNECT carries an NDEATH as will", wills, (will) => will.type === "NDEATH"),
  willTopic: every("the will has the node's own topic", wills, topicIs("NDEATH")),
  willPayload: every("the will is a payload of Sparkplug", wills, (will) => will.bytes.length > 0),
  deathSeq: every("an NDEATH has no seq", deaths, (death) => death.seq === undefined),
  deathAlone: every(
    "an NDEATH has the metric bdSeq alone",
    deaths,
    (death) => death.metrics.length === 1 && bdSeqOf(death) !== undefined,
  ),
  deathTopic: every("an NDEATH has the node's own topic", deaths, topicIs("NDEATH")),
  willMatches,
  nbirthSeqRange: every(
    "the seq of an NBIRTH is 0 to 255",
    of("NBIRTH"),
    ({ seq: number = -1 }) => number >= 0 && number <= 255,
  ),
  nbirthSeqZero: every("the seq of an NBIRTH is 0", of("NBIRTH"), (birth) => birth.seq === 0),
  nbirthBdSeq: every(
    "an NBIRTH has the metric bdSeq",
    of("NBIRTH"),
    (birth) => bdSeqOf(birth) !== undefined,
  ),
  nbirthPayload: every(
    "an NBIRTH is a payload of Sparkplug",
    of("NBIRTH"),
    (birth) => birth.metrics.length > 2,
  ),
  dbirthPayload: every(
    "a DBIRTH is a payload of Sparkplug",
    of("DBIRTH"),
    (birth) => birth.metrics.length > 0,
  ),
  bdSeqRises: holds(
    "bdSeq begins at 0 and goes up by one with every CONNECT",
    ({ whole, hosted }) => {
      const numbers = (seen: readonly Seen[]) =>
        connectsIn(seen).map((each) => bdSeqOf(willOf(each)));
      const two = [...numbers(hosted.first), ...numbers(hosted.second)];
      return `${numbers(whole)} ${two}` === "0,1 0,1";
    },
  ),
  rebirthThere: every(
    "an NBIRTH has Node Control/Rebirth",
    of("NBIRTH"),
    (birth) => rebirthMetric(birth) !== undefined,
  ),
  rebirthBoolean: every(
    "it is a Boolean",
    of("NBIRTH"),
    (birth) => rebirthMetric(birth)?.datatype === 11,
  ),
  rebirthFalse: every(
    "it is a Boolean and false",
    of("NBIRTH"),
    (birth) =>
      rebirthMetric(birth)?.datatype === 11 && rebirthMetric(birth)?.booleanValue === false,
  ),
  rebirthNoAlias: every(
    "it has no alias",
    of("NBIRTH"),
    (birth) => rebirthMetric(birth) !== undefined && rebirthMetric(birth)?.alias === undefined,
  ),
  ncmd: holds("NCMD is subscribed to with QoS 1 before the birth", ({ whole }) => {
    const birth = messagesIn(whole)[0]?.index ?? 0;
    return subscriptionsIn(whole.slice(0, birth)).get(`${GROUP}/NCMD/${NODE}`) === 1;
  }),
  dcmd: holds(
    "DCMD is subscribed to with QoS 1 for devices that may be written, and no others",
    ({ whole }) => {
      const asked = subscriptionsIn(whole);
      return (
        asked.get(`${GROUP}/DCMD/${NODE}/valve-1`) === 1 &&
        !asked.has(`${GROUP}/DCMD/${NODE}/gas-1`)
      );
    },
  ),
  connected: holds("the broker has accepted the session before the birth", (course) =>
    taps(course).every((seen) => {
      const accepted = seen.findIndex(({ packet }) => packet.cmd === "connack");
      return accepted >= 0 && accepted < (messagesIn(seen)[0]?.index ?? 0);
    }),
  ),
  nbirthQos: qos("NBIRTH"),
  nbirthRetain: retain("NBIRTH"),
  nbirthMqtt: mqtt("NBIRTH"),
  nbirthTime: time("NBIRTH"),
  nbirthTopic: topic("NBIRTH"),
  dbirthQos: qos("DBIRTH"),
  dbirthRetain: retain("DBIRTH"),
  dbirthMqtt: mqtt("DBIRTH"),
  dbirthTime: time("DBIRTH"),
  dbirthTopic: topic("DBIRTH"),
  dbirthSeq: seq("DBIRTH"),
  ddeathMqtt: mqtt("DDEATH"),
  ddeathTime: time("DDEATH"),
  ddeathTopic: topic("DDEATH"),
  ddeathSeq: seq("DDEATH"),
  ndataMqtt: mqtt("NDATA"),
  ndataQos: qos("NDATA"),
  ndataRetain: retain("NDATA"),
  ndataTime: time("NDATA"),
  ndataTopic: topic("NDATA"),
  ndataSeq: seq("NDATA"),
  ndataPayload: every(
    "NDATA holds the node's metrics that changed",
    of("NDATA"),
    (data) => data.metrics.length > 0,
  ),
  ddataMqtt: mqtt("DDATA"),
  ddataQos: qos("DDATA"),
  ddataRetain: retain("DDATA"),
  ddataTime: time("DDATA"),
  ddataTopic: topic("DDATA"),
  ddataSeq: seq("DDATA"),
  ddataPayload: every(
    "DDATA holds the device's metrics that changed",
    of("DDATA"),
    (data) => data.metrics.length > 0,
  ),
  counted,
  ordered: everySession(
    "births come before what is told, of the node and of each device",
    isOrdered,
  ),
  birthValues: everyMetric(
    "a metric of a birth has a value, or is_null and none",
    BIRTHS,
    (metric) => (metric.isNull === true) !== hasValue(metric),
  ),
  birthMetrics: everyMetric(
    "a metric of a birth has a name, a data type, and a value or is_null",
    BIRTHS,
    (metric) =>
      metric.name !== undefined &&
      metric.datatype !== undefined &&
      (metric.isNull === true || hasValue(metric)),
  ),
  aliases: holds("aliases are unique in the whole edge node", ({ whole }) => {
    const known = aliasesIn(messagesIn(whole));
    return known.size > 5 && new Set(known.values()).size === known.size;
  }),
  names: holds("names differ by more than the case of letters", ({ whole }) => {
    const names = [...aliasesIn(messagesIn(whole)).keys()];
    return new Set(names.map((name) => name.toLowerCase())).size === names.length;
  }),
  timestamps: everyMetric(
    "every metric of births and data has a timestamp",
    [...BIRTHS, ...DATA],
    (metric) => metric.timestamp !== undefined,
  ),
  utc: holds("it is the time of acquisition, in Unix milliseconds", ({ whole }) => {
    const data = messagesIn(whole).filter(({ type }) => type === "DDATA");
    const ages = data.map(({ metrics, at }) => at - (metrics[0]?.timestamp ?? 0));
    const isOld = (age: number) => age > 50_000 && age < 80_000;
    return ages.some(isOld) && ages.every((age) => isOld(age) || (age >= 0 && age < 5000));
  }),
  aliasBirth: everyMetric(
    "metrics of births have name and alias, but bdSeq and Node Control/Rebirth",
    BIRTHS,
    ({ name, alias }) =>
      name !== undefined &&
      (alias !== undefined || name === "bdSeq" || name === "Node Control/Rebirth"),
  ),
  aliasData: everyMetric(
    "metrics of data have an alias and no name",
    DATA,
    ({ name, alias }) => name === undefined && alias !== undefined,
  ),
  named: everyMetric(
    "a metric has a name or an alias",
    [...BIRTHS, ...DATA],
    ({ name, alias }) => name !== undefined || alias !== undefined,
  ),
  datatypes: everyMetric(
    "metrics of births have a data type",
    BIRTHS,
    ({ datatype }) => datatype !== undefined,
  ),
  datatypeValue: everyMetric(
    "it is a number of the list, as uint32",
    BIRTHS,
    ({ datatype = 0 }) => Number.isInteger(datatype) && datatype >= 1 && datatype <= 34,
  ),
  datatypeData: everyMetric(
    "metrics of data have none",
    DATA,
    ({ datatype }) => datatype === undefined,
  ),
  known: holds("births list every metric that data ever has", (course) => {
    const born = new Set(aliasesIn(all(course)).values());
    return metricsOf(...DATA)(course).every(({ alias = 0 }) => born.has(alias));
  }),
  inOrder: holds(
    "values of now of one metric are in the order of their times within a message",
    (course) =>
      of(...DATA)(course).every(({ metrics }) => {
        const now = metrics.filter(({ isHistorical }) => isHistorical !== true);
        const alike = Map.groupBy(now, ({ alias }) => alias).values();
        return alike.every((list) =>
          list.every(
            (each, i) => i === 0 || (each.timestamp ?? 0) >= (list[i - 1]?.timestamp ?? 0),
          ),
        );
      }),
  ),
  always: every(
    "every message but an NDEATH has a seq",
    (course) => all(course).filter(({ type }) => type !== "NDEATH"),
    ({ seq: number }) => number !== undefined,
  ),
  propertyCounts: everyMetric(
    "there are as many values of properties as keys",
    [...BIRTHS, ...DATA],
    ({ properties }) =>
      properties === undefined || properties.keys.length === properties.values.length,
  ),
  propertyTypes: everyProperty(
    "every property has a type of the list, as uint32",
    ({ type = 0 }) => Number.isInteger(type) && type >= 1 && type <= 34,
  ),
  quality: holds("Quality is an Int32 of 0, 192 or 500, and 0 and 500 were sent", (course) => {
    const sets = metricsOf(
      ...BIRTHS,
      ...DATA,
    )(course).flatMap(({ properties }) => properties ?? []);
    const found = sets.flatMap(({ keys, values }) =>
      values.filter((_, i) => keys[i] === "Quality"),
    );
    const codes = new Set(found.map(({ intValue }) => intValue));
    return (
      codes.has(0) &&
      codes.has(500) &&
      found.every(({ type, intValue = -1 }) => type === 3 && [0, 192, 500].includes(intValue))
    );
  }),
  ddeath: holds(
    "a device that falls silent is told dead, and born when it is back",
    ({ whole }) => {
      const types = messagesIn(whole).filter(
        ({ device, type }) => device === "valve-1" && type !== "DDATA",
      );
      return types
        .map(({ type }) => type)
        .join(" ")
        .startsWith("DBIRTH DDEATH DBIRTH");
    },
  ),
  farewell: holds("before a planned leave an NDEATH is published", (course) =>
    taps(course).every((seen) => leave(seen).before?.type === "NDEATH"),
  ),
  disconnect: holds("a DISCONNECT follows the NDEATH", (course) =>
    taps(course).every((seen) => leave(seen).at > (leave(seen).before?.index ?? Infinity)),
  ),
  disconnect311: holds(
    "over MQTT 3.1.1 the DISCONNECT comes only behind it",
    ({ old }) => leave(old).before?.type === "NDEATH" && leave(old).packet?.cmd === "disconnect",
  ),
  disconnect5: holds(
    "over MQTT 5 the DISCONNECT has reason 0x04",
    ({ whole }) => leave(whole).packet?.reasonCode === 0x04,
  ),
  rebirthStops: holds("behind a rebirth request no data goes before the births", (course) => {
    // What was under way when the request was heard comes before; here nothing was.
    const [first] = afterRebirth(course);
    return first?.type === "NBIRTH";
  }),
  rebirthAll: holds(
    "then come the NBIRTH and the DBIRTH of every device",
    (course) =>
      afterRebirth(course)
        .slice(0, 3)
        .map(({ type, device }) => `${type}${device}`)
        .join(" ") === "NBIRTH DBIRTHgas-1 DBIRTHvalve-1",
  ),
  rebirthNumber: holds("it has the bdSeq of the current will", (course) => {
    const [birth] = afterRebirth(course);
    const [connect] = connectsIn(course.whole);
    return (
      birth !== undefined && connect !== undefined && bdSeqOf(birth) === bdSeqOf(willOf(connect))
    );
  }),
  hostWait: holds(
    "with a primary host nothing is published until it is online, and the buffer keeps all",
    ({ hosted }) =>
      hosted.after.nothing === 0 &&
      hosted.away.published === 0 &&
      hosted.away.owed === 1 &&
      hosted.after.online > 0,
  ),
  hostId: holds(
    "another host's being online is not its",
    ({ hosted }) => hosted.after.foreign === 0,
  ),
  hostOnline: holds(
    "births come once it says online",
    ({ hosted }) => messagesIn(hosted.first)[hosted.after.foreign]?.type === "NBIRTH",
  ),
  hostOlder: holds(
    "an offline that is older is ignored",
    ({ hosted }) => hosted.after.older === hosted.after.online,
  ),
  hostOffline: holds("an offline of its time or newer: NDEATH and DISCONNECT", ({ hosted }) => {
    const { at, before } = leave(hosted.first);
    return (
      before?.type === "NDEATH" &&
      at > before.index &&
      hosted.after.newer === hosted.after.older + 1
    );
  }),
  hostNext: holds(
    "then the next broker is tried, and born to",
    ({ hosted }) => messagesIn(hosted.second)[0]?.type === "NBIRTH",
  ),
  oneAtATime: holds("it is connected with one broker at a time", ({ hosted }) => {
    const left = hosted.first.find(({ packet }) => packet.cmd === "disconnect")?.at ?? Infinity;
    const came = hosted.second.find(({ packet }) => packet.cmd === "connect")?.at ?? 0;
    return came >= left;
  }),
  stateAsked: holds("the primary host's STATE is subscribed to on each broker", ({ hosted }) =>
    [hosted.first, hosted.second].every(
      (seen) => subscriptionsIn(seen).get("spBv1.0/STATE/scada-1") === 1,
    ),
  ),
} as const satisfies Readonly<Record<string, Check>>;

/** The name of a check. */
export type CheckName = keyof typeof CHECKS;
