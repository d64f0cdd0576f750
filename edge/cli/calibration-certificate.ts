import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { type Certificate, certificateOf } from "../calibrate/certificate.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import { RELEASE } from "../release.ts";
import { sayCalibrate } from "./calibrate-text.ts";
import { ExportFile } from "./export-file.ts";
import { complain, type Invocation } from "./invocation.ts";

/** The certificate of a record of the point `id`; null where it measured nothing. */
export function certificateFor(
  config: GatewayConfig,
  id: string,
  record: CalibrationRecord,
): Certificate | null {
  const point = allPoints(config).find((each) => each.id === id);
  const everyMs = point?.measurement?.care?.everyMs ?? null;
  return certificateOf({ id, everyMs }, record, { gateway: config.gateway, release: RELEASE });
}

/** Writes `certificate` to `out`, whole or not at all, and tells so. */
export function writeCertificate(
  certificate: Certificate,
  out: string,
  { lang, force }: Pick<Invocation, "lang" | "force">,
): void {
  using file = new ExportFile(out, force === true);
  file.write(`${JSON.stringify(certificate, null, 2)}\n`);
  file.finish();
  complain(sayCalibrate(lang, "written", { file: out }));
}
