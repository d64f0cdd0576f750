import { checks } from "../lib/checks.js";
import { linkOf, refuseAll, sayOf } from "../lib/node-parts.js";

/** So many writes wait at most; more are refused, so that no old order is carried out late. */
const WAITING_MAX = 20;

/**
 * Writes a point by the gateway's own rules, and sends on what came of it. Only points of the list
 * that somebody confirmed in the editor. The confirmation is a part of the flow: who exports one
 * that was confirmed hands it on.
 */
export default function (RED) {
  function LifelineWrite(config) {
    RED.nodes.createNode(this, config);
    const say = sayOf(RED);
    const link = linkOf(RED, this, config.gateway, faultOf(config));
    if (link === null) return refuseAll(RED, this);
    const permitted = checks.listOf(config.permitted);
    this.log(say("write.permitted", { points: permitted.join(", ") }));
    let waiting = 0;
    this.on("input", async (message, send, done) => {
      const point = config.point || message.topic;
      const { payload } = message;
      if (!permitted.includes(point)) return done(say("write.notPermitted", { point }));
      if (!["number", "boolean", "string"].includes(typeof payload)) {
        return done(say("write.noValue", { point }));
      }
      if (waiting >= WAITING_MAX) return done(say("write.tooMany", { max: WAITING_MAX }));
      waiting++;
      try {
        const result = await link.write(point, payload);
        const told = result.result ?? result;
        this.status(shown(told.outcome, `${point} ${payload}`));
        send({ ...message, topic: point, payload: told.outcome, write: told });
        done();
      } catch (error) {
        this.status({ fill: "red", shape: "ring", text: error.message.slice(0, 80) });
        done(error);
      } finally {
        waiting--;
      }
    });
  }

  RED.nodes.registerType("lifeline-write", LifelineWrite);
}

function faultOf({ permitted, confirmed, point }) {
  if (!checks.isPoints(permitted)) return "permitted";
  if (checks.confirmationOf(permitted) !== confirmed) return "unconfirmed";
  return !point || checks.listOf(permitted).includes(point) ? null : "point";
}

function shown(outcome, text) {
  const fill = { done: "green", "not-done": "red", unknown: "yellow" }[outcome] ?? "yellow";
  return { fill, shape: "dot", text: `${text}: ${outcome}` };
}
