import { createHash } from "node:crypto";
import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { type Certificate, certificateOf } from "../calibrate/certificate.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import { GatewayError } from "../core/errors.ts";
import { RELEASE } from "../release.ts";
import { callControl } from "../world/control-socket.ts";
import { sayCalibrate } from "./calibrate-text.ts";
import { ExportFile } from "./export-file.ts";
import { complain, type Invocation } from "./invocation.ts";

type Written = { readonly path: string; readonly bytes: Uint8Array };

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

/**
 * Writes `certificate` to `out`, whole or not at all, and tells so. A PDF, in the user's language,
 * has the JSON beside it, and both are recorded in the chain of the running gateway, so that anybody
 * can tell later whether they are what was written.
 */
export async function writeCertificate(
  certificate: Certificate,
  out: string,
  config: GatewayConfig,
  { lang, force }: Pick<Invocation, "lang" | "force">,
): Promise<void> {
  const json = new TextEncoder().encode(`${JSON.stringify(certificate, null, 2)}\n`);
  const isPrinted = out.endsWith(".pdf");
  const files: Written[] = [
    { path: isPrinted ? out.replace(/\.pdf$/, ".json") : out, bytes: json },
  ];
  if (isPrinted) {
    const { printed } = await import("../papers/paper.ts");
    const { certificatePaper } = await import("./certificate-paper.ts");
    files.unshift({ path: out, bytes: await printed(certificatePaper(certificate, lang)) });
  }
  for (const { path, bytes } of files) {
    using file = new ExportFile(path, force === true);
    file.write(bytes);
    file.finish();
    complain(sayCalibrate(lang, "written", { file: path }));
  }
  if (isPrinted) await recorded(certificate, files, config, lang);
}

async function recorded(
  { number }: Certificate,
  [pdf, json]: readonly Written[],
  { control }: GatewayConfig,
  lang: Invocation["lang"],
): Promise<void> {
  const digest = (bytes: Uint8Array = new Uint8Array()) =>
    createHash("sha256").update(bytes).digest("hex");
  const sha256 = { json: digest(json?.bytes), pdf: digest(pdf?.bytes) };
  try {
    const document = { document: "calibration", number, sha256 };
    await callControl(control.socket, "document", document);
  } catch (error) {
    // The files are there, and so is the record that they are made of.
    if (!(error instanceof GatewayError)) throw error;
    complain(sayCalibrate(lang, "notRecorded", { why: error.message }));
  }
}
