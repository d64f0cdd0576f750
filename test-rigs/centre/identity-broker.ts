import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { startChild, tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import type { EnrolmentServer } from "./enrolment-server.ts";

/** A mosquitto that knows gateways by what an enrolment server certified. */
export type IdentityBroker = {
  readonly url: string;
  /** For the centre: no certificate is asked for. */
  readonly adminUrl: string;
  /** Refuses a gateway that was revoked, and ends its session: the list first, then the session. */
  cut(gateway: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts mosquitto with `mosquitto.conf` beside the enrolment server whose files are in `dir`. */
export async function startIdentityBroker(
  dir: string,
  { authority }: EnrolmentServer,
): Promise<IdentityBroker> {
  const here = tempDir("broker");
  const { cert } = await authority.forServer();
  writeFileSync(join(here, "server.pem"), cert, { mode: 0o600 });
  const [port, admin] = [await freePort(), await freePort()];
  const filled = {
    GATEWAY_PORT: `${port}`,
    ADMIN_PORT: `${admin}`,
    CERT: join(here, "server.pem"),
    KEY: join(here, "server.pem"),
    CA: authority.file,
    REVOKED: join(dir, "revoked.pem"),
    ACL: join(import.meta.dirname, "mosquitto.acl"),
  };
  const lines = readFileSync(join(import.meta.dirname, "mosquitto.conf"), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) =>
      line.replace(/\b[A-Z_]{2,}\b/, (name) => filled[name as keyof typeof filled] ?? name),
    );
  writeFileSync(join(here, "mosquitto.conf"), ["user root", ...lines].join("\n"));
  const child = startChild("/usr/sbin/mosquitto", ["-c", join(here, "mosquitto.conf")]);
  await child.waitFor(/mosquitto version .* running/, 20_000);
  const adminUrl = `mqtt://127.0.0.1:${admin}`;
  return {
    url: `mqtts://localhost:${port}`,
    adminUrl,
    cut: async (gateway) => {
      child.signal("SIGHUP");
      // The signal is heeded between two turns of the broker's loop; a session begun before that
      // would be let in by the old list, so the takeover comes behind it.
      await sleep(500);
      await (await connectAsync(adminUrl, { clientId: gateway, reconnectPeriod: 0 })).endAsync();
    },
    close: () => child.end("SIGKILL"),
  };
}
