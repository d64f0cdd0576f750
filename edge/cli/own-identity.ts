import type { GatewayConfig } from "../../config/gateway-config.ts";
import { identityDirIn } from "../../config/identity-dir.ts";
import type { SecretText } from "../core/secret-text.ts";
import { hardwareSerial } from "../world/identity/hardware.ts";
import { Identity } from "../world/identity/keeper.ts";

/**
 * The identity of the gateway that is configured so, on the board `hardware`; `claim` stands for the
 * configured one.
 */
export function ownIdentity(
  { gateway, buffer, enrolment }: Pick<GatewayConfig, "gateway" | "buffer" | "enrolment">,
  claim?: SecretText,
  hardware: string | null = hardwareSerial(),
): Identity {
  const file = enrolment?.claim ?? null;
  const configured: SecretText | null = file === null ? null : [{ kind: "file", path: file }];
  const settings = {
    dir: identityDirIn(buffer.dir),
    gateway: gateway.id,
    server: enrolment === null ? null : { url: enrolment.url, ca: enrolment.ca },
    claim: claim ?? configured,
  };
  return new Identity(settings, hardware);
}
