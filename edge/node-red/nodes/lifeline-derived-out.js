import { checks } from "../lib/checks.js";
import { linkOf, sayOf } from "../lib/node-parts.js";

/**
 * Gives the gateway what a flow works out, as a value of a point on a bus of kind local. While one
 * is under way only the newest of those behind it is kept. A flow that stops lets the point go bad.
 */
export default function (RED) {
  function LifelineDerivedOut(config) {
    RED.nodes.createNode(this, config);
    const say = sayOf(RED);
    const link = linkOf(RED, this, config.gateway, checks.isPoint(config.point) ? null : "point");
    if (link === null) return;
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

/** The value in `message` with its quality; null where there is none and no quality says why. */
function readingOf(point, { payload, quality = "good" }) {
  if (typeof quality === "string" && quality.startsWith("bad")) {
    return { point, value: null, quality: quality.includes(":") ? quality : "bad:input" };
  }
  if (typeof payload === "number" && !Number.isFinite(payload)) {
    return { point, value: null, quality: "bad:not-a-number" };
  }
  if (typeof payload !== "number" && typeof payload !== "boolean") return null;
  const known = quality === "uncertain" ? "uncertain:input" : quality;
  return { point, value: payload, quality: known };
}
