import type { Problem } from "../../config/problems.ts";
import type { Lang } from "../core/errors.ts";
import type { FindingCode } from "./catalogue.ts";
import type { Finding } from "./finding.ts";

/** What the doctor makes of problems that only say that something outside the file is missing. */
const OUTSIDE: Readonly<Partial<Record<Problem["code"], FindingCode>>> = {
  "secret-file": "secret.missing",
  "secret-empty": "secret.missing",
  "secret-env": "secret.missing",
  "ca-file": "secret.missing",
  "tls-file": "identity.missing",
  "not-pem": "identity.missing",
  "key-of-another": "identity.missing",
};

/** What keeps a configuration from being used, as findings; what is said in `lang`. */
export function configFindings(problems: readonly Problem[], lang: Lang): readonly Finding[] {
  return problems
    .filter(({ severity }) => severity === "error")
    .map(({ code, path, line, message, file }) => ({
      code: OUTSIDE[code] ?? "config.invalid",
      subject: path === "" ? (file ?? "gateway.yaml") : path,
      since: null,
      sure: "certain",
      severity: "fault",
      evidence: [{ key: "problemAt", values: { line, path } }, { raw: message[lang] }],
    }));
}
