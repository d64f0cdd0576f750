import { BrokerLink } from "../lib/broker-link.js";
import { checks } from "../lib/checks.js";
import { isSigningKey } from "../lib/signed-command.js";
import { SocketLink } from "../lib/socket-link.js";

/** The configuration node: how the gateway is reached. Its secrets are credentials, never properties. */
export default function (RED) {
  function LifelineGateway(config) {
    RED.nodes.createNode(this, config);
    const { via = "socket", socket, url, gateway, keyName } = config;
    const { user, password, ca, keyPem } = this.credentials ?? {};
    this.via = via;
    this.link = null;
    const complain = (fault) => this.error(RED._(`lifeline-gateway.faults.${fault}`));
    const fault = faultOf(config);
    if (fault !== null) {
      complain(fault);
      return;
    }
    const keyFault = via === "broker" ? keyFaultOf(keyName, keyPem) : null;
    // Alarms come by without a key: only what needs one is refused.
    if (keyFault !== null) complain(keyFault);
    const key = keyFault === null ? { keyName, keyPem } : {};
    this.link =
      via === "socket"
        ? new SocketLink(socket)
        : new BrokerLink({ url, gateway, user, password, ca, ...key });
    this.on("close", () => this.link.close());
  }

  RED.nodes.registerType("lifeline-gateway", LifelineGateway, {
    credentials: {
      user: { type: "text" },
      password: { type: "password" },
      ca: { type: "password" },
      keyPem: { type: "password" },
    },
  });
}

/** What is wrong with how the gateway is to be reached, or null. */
function faultOf({ via, socket, url, gateway }) {
  if (via === "socket") return checks.isSocket(socket) ? null : "socket";
  if (via !== "broker") return "via";
  if (!checks.isBroker(url)) return "url";
  return checks.isName(gateway) ? null : "gateway";
}

/** What is wrong with the key that commands are signed with, or null. */
function keyFaultOf(keyName, keyPem) {
  if (keyName && !checks.isName(keyName)) return "keyName";
  if (Boolean(keyName) !== Boolean(keyPem)) return "key";
  return !keyPem || isSigningKey(keyPem) ? null : "keyPem";
}
