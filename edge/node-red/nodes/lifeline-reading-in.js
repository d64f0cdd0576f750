import { checks } from "../lib/checks.js";
import { linkOf, tellMissed } from "../lib/node-parts.js";
import { matcherOf } from "../lib/pattern.js";

/** Sends each reading of the points that its patterns say, as the gateway measures it. */
export default function (RED) {
  function LifelineReadingIn(config) {
    RED.nodes.createNode(this, config);
    const fault = checks.isPatterns(config.points) ? null : "points";
    const link = linkOf(RED, this, config.gateway, fault);
    if (link === null) return;
    const patterns = checks.listOf(config.points);
    const isWanted = matcherOf(patterns);
    const send = ({ point, unit, value, quality, at }) => {
      if (!isWanted(point) || (config.onlyGood && quality !== "good")) return;
      this.send({ topic: point, payload: value, unit, quality, time: at });
    };
    const onReadings = (readings) => readings.forEach(send);
    // What is known of each point already, once: a flow need not wait for the next reading.
    let isTold = !config.atOnce;
    const onStatus = ({ points }) => {
      if (isTold || points === undefined) return;
      isTold = true;
      for (const point of points) if (point.at !== null) send(point);
    };
    const unwant = link.want(patterns);
    link.on("readings", onReadings);
    link.on("status", onStatus);
    // A node that comes later than its gateway asks itself what is known.
    if (!isTold && link.state.isConnected) {
      link
        .status()
        .then(onStatus)
        .catch((error) => this.warn(error.message));
    }
    tellMissed(RED, this, link);
    this.on("close", () => {
      unwant();
      link.off("readings", onReadings);
      link.off("status", onStatus);
    });
  }

  RED.nodes.registerType("lifeline-reading-in", LifelineReadingIn);
}
