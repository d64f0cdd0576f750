import { checks } from "../lib/checks.js";
import { linkOf } from "../lib/node-parts.js";

/** Sends what the gateway says of itself: when it comes into reach or goes, and at intervals. */
export default function (RED) {
  function LifelineStatusIn(config) {
    RED.nodes.createNode(this, config);
    const fault = checks.isSeconds(config.every, 1, 86_400) ? null : "every";
    const link = linkOf(RED, this, config.gateway, fault);
    if (link === null) return;
    const send = (status) => {
      const { isConnected, why } = link.state;
      this.send({ topic: status?.gateway ?? "", payload: status, isConnected, why });
    };
    let isAsking = false;
    const ask = async () => {
      // A gateway that is slow is not asked twice at a time.
      if (isAsking || !link.state.isConnected) return;
      isAsking = true;
      try {
        send(await link.status());
      } catch (error) {
        this.warn(error.message);
      } finally {
        isAsking = false;
      }
    };
    const onState = ({ isConnected }) => {
      if (isConnected) void ask();
      else send(null);
    };
    link.on("state", onState);
    const timer = setInterval(ask, Number(config.every) * 1_000);
    void ask();
    this.on("close", () => {
      clearInterval(timer);
      link.off("state", onState);
    });
  }

  RED.nodes.registerType("lifeline-status-in", LifelineStatusIn);
}
