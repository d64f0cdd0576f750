import { type ErrorCode, GatewayError, messageOf } from "../../edge/core/errors.ts";

/** Which code each class of tuf-js and its models stands for, where its message adds nothing. */
const BY_CLASS: Readonly<Record<string, ErrorCode>> = {
  UnsignedMetadataError: "ota.signature",
  ExpiredMetadataError: "ota.expired",
  LengthOrHashMismatchError: "ota.mixed",
  DownloadLengthMismatchError: "ota.length",
  DownloadHTTPError: "ota.absent",
  PersistError: "ota.disk",
};

/** Which code a message stands for; the first that fits. */
const BY_MESSAGE: readonly (readonly [RegExp, ErrorCode])[] = [
  [/is less than current version|^Missing file .* in new snapshot/, "ota.rollback"],
  [/multiple signatures found|no delegation found/i, "ota.signature"],
  [/^Expected version|does not match|doesn't match|^Missing .* in snapshot/, "ota.mixed"],
];

/** What a failure of the trust chain means to the operator. `ota.malformed` where it is new to us. */
export function verdictOf(error: unknown, isTimeKnown: boolean): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  const told = code === "ota.expired" && !isTimeKnown ? "ota.clock" : code;
  return new GatewayError(told, messageOf(error), { cause: error });
}

function codeOf(error: unknown): ErrorCode {
  const name = error instanceof Error ? error.constructor.name : "";
  if (isOfSystem(error)) return "ota.disk";
  const message = messageOf(error);
  const [, code] = BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [];
  return BY_CLASS[name] ?? code ?? "ota.malformed";
}

/** Whether the operating system says so: the disk is full, read-only, or a right is missing. */
export function isOfSystem(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error;
}

/** `error` of a disk as `ota.disk`, any other as it is. */
export function diskFault(error: unknown, what: string): unknown {
  if (!isOfSystem(error)) return error;
  return new GatewayError("ota.disk", `${what}: ${error.message}`, { cause: error });
}
