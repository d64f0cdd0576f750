/** The catalogue that the texts common to all nodes stand in. */
const COMMON = "@lifeline-edge/node-red-gateway/lifeline-gateway:lifeline-gateway";

/** A text common to all nodes, in the language of the runtime. */
export function sayOf(RED) {
  return (key, values) => RED._(`${COMMON}.${key}`, values);
}

/**
 * The link of the gateway that `node` belongs to, its state shown on the node; null where the node
 * or its gateway is not configured rightly, which is shown and told. `fault` is what is wrong with
 * the node itself, as a key of the common texts, or null.
 */
export function linkOf(RED, node, gatewayId, fault = null) {
  const say = sayOf(RED);
  const gateway = RED.nodes.getNode(gatewayId);
  const why = gateway?.link ? fault : "noGateway";
  if (why !== null) {
    node.status({ fill: "red", shape: "ring", text: say(`faults.${why}`) });
    node.error(say(`faults.${why}`));
    return null;
  }
  const { link } = gateway;
  const show = ({ isConnected, why }) => node.status(statusOf(say, isConnected, why));
  link.on("state", show);
  show(link.state);
  node.on("close", () => {
    link.off("state", show);
    node.status({});
  });
  return link;
}

function statusOf(say, isConnected, why) {
  if (isConnected) return { fill: "green", shape: "dot", text: say("states.connected") };
  if (why === "") return { fill: "yellow", shape: "ring", text: say("states.connecting") };
  return { fill: "red", shape: "ring", text: why.slice(0, 80) };
}

/** Has a node that is not configured rightly say so for each message, and let none pass. */
export function refuseAll(RED, node) {
  const say = sayOf(RED);
  node.on("input", (_message, _send, done) => done(say("refused")));
}

/** Tells on `node` what was missed of readings or events. */
export function tellMissed(RED, node, link) {
  const say = sayOf(RED);
  const onMissed = (count) => {
    const text = count === null ? say("states.gap") : say("states.missed", { count });
    node.warn(text);
    node.status({ fill: "yellow", shape: "dot", text });
  };
  link.on("missed", onMissed);
  node.on("close", () => link.off("missed", onMissed));
}
