import { checks } from "../lib/checks.js";
import { linkOf, refuseAll, sayOf } from "../lib/node-parts.js";

/** Acknowledges an alarm in the name of the user that Node-RED runs as, and sends on what became of it. */
export default function (RED) {
  function LifelineAcknowledge(config) {
    RED.nodes.createNode(this, config);
    const say = sayOf(RED);
    const fault = !config.alarm || checks.isName(config.alarm) ? null : "alarm";
    const link = linkOf(RED, this, config.gateway, fault);
    if (link === null) return refuseAll(RED, this);
    this.on("input", async (message, send, done) => {
      const alarm = config.alarm || message.topic;
      if (!checks.isName(alarm)) return done(say("acknowledge.noAlarm"));
      try {
        const outcome = await link.acknowledge(alarm);
        send({ ...message, topic: alarm, payload: outcome });
        done();
      } catch (error) {
        this.status({ fill: "red", shape: "ring", text: error.message.slice(0, 80) });
        done(error);
      }
    });
  }

  RED.nodes.registerType("lifeline-acknowledge", LifelineAcknowledge);
}
