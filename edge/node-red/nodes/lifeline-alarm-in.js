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
    const isGrave = (severity) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
    const send = (event) => {
      if (!isWanted(event.alarm) || !isGrave(event.severity)) return;
      this.send({ topic: event.alarm, payload: event.to, alarm: event, time: event.at });
    };
    const onEvent = (event) => {
      if (event.kind === "alarm") send(event);
    };
    let isTold = !atOnce;
    const onStatus = ({ alarms: known }) => {
      if (isTold || known === undefined) return;
      isTold = true;
      for (const { state, since, ...alarm } of known) {
        if (state === "normal") continue;
        send({ ...alarm, kind: "alarm", from: state, to: state, at: since, cause: "connected" });
      }
    };
    link.on("event", onEvent);
    link.on("status", onStatus);
    // A node that comes later than its gateway asks itself what is known.
    if (!isTold && link.state.isConnected) link.status().catch((error) => this.warn(error.message));
    tellMissed(RED, this, link);
    this.on("close", () => {
      link.off("event", onEvent);
      link.off("status", onStatus);
    });
  }

  RED.nodes.registerType("lifeline-alarm-in", LifelineAlarmIn);
}
