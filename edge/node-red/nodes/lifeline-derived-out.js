import { checks } from "../lib/checks.js";
import { linkOf, refuseAll, sayOf } from "../lib/node-parts.js";

/**
 * Gives the gateway what a flow works out, as a value of a point on a bus of kind local. While one
 * is under way only the newest of those behind it is kept. A flow that stops lets the point go bad.
 */
export default function (RED) {
  function LifelineDerivedOut(config) {
    RED.nodes.createNode(this, config);
    const say = sayOf(RED);
    const link = linkOf(RED, this, config.gateway, checks.isPoint(config.point) ? null : "point");
    if (link === null) return refuseAll(RED, this);
    const { point } = config;
    let next = null;
    let isTelling = false;
    const tell = async () => {
      if (isTelling) return;
      isTelling = true;
      while (next !== null) {
        const { reading, done } = next;
        next = null;
        try {
          await link.tell([reading]);
          this.status({ fill: "green", shape: "dot", text: `${reading.value} ${reading.quality}` });
          done();
        } catch (error) {
          this.status({ fill: "red", shape: "ring", text: error.message.slice(0, 80) });
          done(error);
        }
      }
      isTelling = false;
    };
    this.on("input", (message, _send, done) => {
      const reading = readingOf(point, message);
      if (reading === null) return done(say("derived.noValue", { point }));
      // One that a newer has overtaken is done with: it says nothing of now any more.
      next?.done();
      next = { reading, done };
      void tell();
    });
  }

  RED.nodes.registerType("lifeline-derived-out", LifelineDerivedOut);
}

/** The reasons that a gateway takes from a flow: others, as of a reading that came in, are `input`. */
const REASONS = [
  ...["input", "no-value", "not-a-number", "out-of-range", "failure", "function-check"],
  ...["out-of-specification", "calibration", "warm-up", "rate", "stuck", "stale"],
];

/** The value in `message` with its quality; null where there is none and no quality says why. */
function readingOf(point, { payload, quality = "good" }) {
  const [grade, reason] = String(quality).split(":");
  const known = REASONS.includes(reason) ? reason : "input";
  if (grade === "bad") return { point, value: null, quality: `bad:${known}` };
  if (typeof payload === "number" && !Number.isFinite(payload)) {
    return { point, value: null, quality: "bad:not-a-number" };
  }
  if (typeof payload !== "number" && typeof payload !== "boolean") return null;
  return { point, value: payload, quality: grade === "good" ? "good" : `uncertain:${known}` };
}
