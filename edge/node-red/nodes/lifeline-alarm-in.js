import { checks } from "../lib/checks.js";
import { linkOf, tellMissed } from "../lib/node-parts.js";
import { matcherOf } from "../lib/pattern.js";

/** From the least to the gravest warning level. */
const SEVERITIES = ["blue", "yellow", "orange", "red"];

/** Sends each transition of the alarms that its patterns say. */
export default function (RED) {
  function LifelineAlarmIn(config) {
    RED.nodes.createNode(this, config);
    const { alarms, least = "blue", atOnce } = config;
    const isRight = checks.isPatterns(alarms) && SEVERITIES.includes(least);
    const link = linkOf(RED, this, config.gateway, isRight ? null : "alarms");
    if (link === null) return;
    const isWanted = matcherOf(checks.listOf(alarms));
    // A level that is not known here is none of the lesser ones.
    const isGrave = (severity) =>
      !SEVERITIES.slice(0, SEVERITIES.indexOf(least)).includes(severity);
    /** The transition of each alarm that was told last. */
    const told = new Map();
    const tell = (event) => {
      if (!isWanted(event.alarm) || !isGrave(event.severity)) return;
      const { to, at } = told.get(event.alarm) ?? {};
      told.set(event.alarm, event);
      if (to === event.to && at === event.at) return;
      this.send({ topic: event.alarm, payload: event.to, alarm: event, time: event.at });
    };
    const onEvent = (event) => {
      if (event.kind === "alarm") tell(event);
    };
    let isFirst = true;
    /** Tells of alarms that stand elsewhere than they did: nobody told what happened meanwhile. */
    const onStatus = ({ alarms: known }) => {
      if (known === undefined) return;
      for (const { state, since, ...alarm } of known) {
        const from = told.get(alarm.alarm)?.to ?? "normal";
        const event = { ...alarm, kind: "alarm", from, to: state, at: since, cause: "connected" };
        if (isFirst && !atOnce) told.set(alarm.alarm, event);
        else if (state !== from) tell(event);
      }
      isFirst = false;
    };
    link.on("event", onEvent);
    link.on("status", onStatus);
    // A node that comes later than its gateway asks itself what is known.
    if (link.state.isConnected) {
      link
        .status()
        .then(onStatus)
        .catch((error) => this.warn(error.message));
    }
    tellMissed(RED, this, link);
    this.on("close", () => {
      link.off("event", onEvent);
      link.off("status", onStatus);
    });
  }

  RED.nodes.registerType("lifeline-alarm-in", LifelineAlarmIn);
}
