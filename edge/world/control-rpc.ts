import { ERRORS, type ErrorCode, GatewayError, messageOf } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { CallerProof, Challenge } from "./caller-proof.ts";

/** The version of the calls: of others a gateway takes none, and from others takes no answer. */
export const CONTROL_VERSION = 1;

/**
 * Answers one call, at once or later; what it throws becomes the error of the answer. `who` resolves
 * with the caller's name as the operating system knows it, or throws: then the caller is asked to
 * prove it, and calls again. Whatever changes something asks `who` before it does.
 */
export type ControlHandler = (
  method: string,
  params: unknown,
  who: () => Promise<string>,
) => unknown;

/** Tells the log what befell a client; `why` where there is more to say. */
export type Tell = (what: string, why?: string) => void;

/** What the calls of one client are answered with. */
export type Answering = {
  readonly handle: ControlHandler;
  readonly tell: Tell;
  readonly proof: CallerProof;
};

/** JSON-RPC 2.0, 5.1: not JSON; and what a server may use as it likes. */
const PARSE_ERROR = -32_700;
const SERVER_ERROR = -32_000;

/** The answer to the call in `line` (JSON-RPC 2.0, 5), whatever is in it. */
export async function answer(line: string, { handle, tell, proof }: Answering): Promise<string> {
  let call: Readonly<Partial<Record<"id" | "v" | "method" | "params", unknown>>>;
  try {
    call = JSON.parse(line) ?? {};
  } catch (error) {
    return failure(null, PARSE_ERROR, messageOf(error));
  }
  const { id = null, v = CONTROL_VERSION, method, params } = call;
  if (typeof method !== "string") return failure(id, SERVER_ERROR, "a call needs a method");
  if (v !== CONTROL_VERSION) return failure(id, SERVER_ERROR, ...otherVersion(v));
  try {
    const result = (await handle(method, params, () => proof.who())) ?? null;
    return toJson({ jsonrpc: "2.0", v: CONTROL_VERSION, id, result });
  } catch (error) {
    const { challenge } = proof;
    const code = error instanceof GatewayError ? error.code : null;
    if (code === "control.who" && challenge !== null) {
      return failure(id, SERVER_ERROR, messageOf(error), { code, challenge });
    }
    tell("a call failed", `${method.slice(0, 100)}: ${messageOf(error)}`);
    return failure(id, SERVER_ERROR, messageOf(error), code === null ? undefined : { code });
  }
}

function otherVersion(v: unknown): [message: string, data: ErrorData] {
  const asked = toJson(v).slice(0, 20);
  const code = "control.version";
  return [`the gateway takes calls of version ${CONTROL_VERSION}, not of ${asked}`, { code }];
}

type ErrorData = { readonly code: ErrorCode; readonly challenge?: Challenge };

/** `data` holds the code of the error table where the failure has one (JSON-RPC 2.0, 5.1). */
function failure(id: unknown, code: number, message: string, data?: ErrorData): string {
  const error = { code, message, ...(data && { data }) };
  return toJson({ jsonrpc: "2.0", v: CONTROL_VERSION, id, error });
}

/** What says `message` of a client that has asked nothing yet. */
export function failureOf(message: string): string {
  return failure(null, SERVER_ERROR, message);
}

/** What a gateway answers. */
export type Answer = {
  readonly v?: unknown;
  readonly result?: unknown;
  readonly error?: {
    readonly message: string;
    readonly data?: { readonly code?: string; readonly challenge?: unknown };
  };
};

/** The result in an answer; throws its error, a `GatewayError` where it has a code that is known. */
export function resultOf({ v, result, error }: Answer): unknown {
  const { message = "", data: { code = "" } = {} } = error ?? {};
  if (v !== CONTROL_VERSION && code !== "control.version") {
    const found = v === undefined ? "none" : toJson(v).slice(0, 20);
    const why = `lifeline calls version ${CONTROL_VERSION}, the gateway answers version ${found}`;
    throw new GatewayError("control.version", why);
  }
  if (error === undefined) return result;
  throw Object.hasOwn(ERRORS, code)
    ? new GatewayError(code as ErrorCode, message)
    : new Error(message);
}
