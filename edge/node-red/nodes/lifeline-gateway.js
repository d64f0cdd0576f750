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
    this.fault = faultOf(config, this.credentials ?? {});
    this.link = null;
    if (this.fault !== null) {
      this.error(RED._(`lifeline-gateway.faults.${this.fault}`));
      return;
    }
    this.link =
      via === "socket"
        ? new SocketLink(socket)
        : new BrokerLink({ url, gateway, user, password, ca, keyName, keyPem });
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

/** What is wrong with the properties, or null. */
function faultOf({ via, socket, url, gateway, keyName }, { keyPem }) {
  if (via === "socket") return checks.isSocket(socket) ? null : "socket";
  if (via !== "broker") return "via";
  if (!checks.isBroker(url)) return "url";
  if (!checks.isName(gateway)) return "gateway";
  if (keyName && !checks.isName(keyName)) return "keyName";
  if (Boolean(keyName) !== Boolean(keyPem)) return "key";
  return !keyPem || isSigningKey(keyPem) ? null : "keyPem";
}
