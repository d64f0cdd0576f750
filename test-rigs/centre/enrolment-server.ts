import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { writeDurably } from "../../edge/world/durable-file.ts";
import { type Authority, certsOnly, openAuthority } from "./authority.ts";
import { type Asking, type Claim, EnrolmentDesk, type Terms } from "./enrolment-desk.ts";
import { EnrolmentLedger, type Entry } from "./enrolment-ledger.ts";

/** An enrolment server that runs. */
export type EnrolmentServer = {
  readonly url: string;
  readonly authority: Authority;
  readonly entries: readonly Entry[];
  /** Revokes a gateway and writes `revoked.pem` anew, for a broker; returns how many certificates. */
  revoke(gateway: string): Promise<number>;
  /**
   * The one who is told whenever certificates of a gateway were revoked, by order or as its box was
   * replaced, and `revoked.pem` says so: open sessions by them are to be cut.
   */
  onRevoked: ((gateway: string) => void) | null;
  close(): Promise<void>;
};

const DAY_MS = 86_400_000;
const BODY_MAX = 16_384;

/** Two years, as the design has it, and three months of grace. */
const TERMS: Terms = { lifeMs: 730 * DAY_MS, graceMs: 90 * DAY_MS };

/**
 * The reference enrolment server (RFC 7030: cacerts, simpleenroll, simplereenroll) on this machine.
 * All it knows is in `dir`: the authority, `claims.jsonl` of `lifeline provision batch`, and
 * `audit.jsonl`. It may be killed at any moment.
 */
export async function startEnrolment(
  dir: string,
  {
    port = 0,
    terms = TERMS,
    addresses = [],
  }: {
    readonly port?: number;
    readonly terms?: Terms;
    /** By which it is called too, where it stands behind a translation of addresses. */
    readonly addresses?: readonly string[];
  } = {},
): Promise<EnrolmentServer> {
  const authority = await openAuthority(dir);
  const ledger = new EnrolmentLedger(join(dir, "audit.jsonl"));
  const desk = new EnrolmentDesk(authority, ledger, () => claimsIn(dir), terms);
  const root = authority.root.toString("pem");
  const tls = {
    ...(await authority.forServer(addresses)),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const writeList = async () =>
    writeDurably(join(dir, "revoked.pem"), await authority.revocations(ledger.revoked()), 0o644);
  await writeList();
  const deciding = async (asking: Asking) => {
    const before = ledger.entries.length;
    const verdict = await desk.decide(asking);
    const gone = ledger.entries.slice(before).filter(({ kind }) => kind === "revoked");
    if (gone.length > 0) await writeList();
    for (const gateway of new Set(gone.map((each) => each.gateway))) running.onRevoked?.(gateway);
    return verdict;
  };
  const server = createServer({ ...tls, ca: root }, (request, response) => {
    void serve(request, response, deciding, root).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const running: EnrolmentServer = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    authority,
    entries: ledger.entries,
    onRevoked: null,
    revoke: async (gateway) => {
      const count = desk.revoke(gateway, "by order");
      await writeList();
      running.onRevoked?.(gateway);
      return count;
    },
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      ledger.close();
    },
  };
  return running;
}

function claimsIn(dir: string): readonly Claim[] {
  const file = join(dir, "claims.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8").split("\n").flatMap(claimOf);
}

/** The claim in a line of the file; none where it is damaged, or being written just now. */
function claimOf(line: string): readonly Claim[] {
  try {
    const { gateway, claim, expires } = JSON.parse(line);
    const isSound =
      typeof gateway === "string" && /^[0-9a-f]{64}$/.test(claim) && Number.isFinite(expires);
    return isSound ? [{ gateway, claim, expires }] : [];
  } catch {
    return [];
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  decide: EnrolmentDesk["decide"],
  root: string,
): Promise<void> {
  const { method, url } = request;
  const answer = (certs: readonly string[]) => {
    response.writeHead(200, {
      "Content-Type": "application/pkcs7-mime; smime-type=certs-only",
      "Content-Transfer-Encoding": "base64",
    });
    response.end(certsOnly(certs));
  };
  if (method === "GET" && url === "/.well-known/est/cacerts") return answer([root]);
  const operation = /^\/\.well-known\/est\/(simpleenroll|simplereenroll)$/.exec(url ?? "")?.[1];
  if (method !== "POST" || operation === undefined) return void response.writeHead(404).end();
  const body = await bodyOf(request);
  if (body === null) return void response.writeHead(413, { Connection: "close" }).end("too long");
  const from = request.socket.remoteAddress ?? "";
  const by = operation === "simpleenroll" ? claimIn(request) : certificateIn(request);
  const verdict = await decide({ body, from, by });
  if (verdict.status === 200) return answer([verdict.cert]);
  const { status, why } = verdict;
  const asks = status === 401 ? { "WWW-Authenticate": 'Basic realm="enrolment"' } : {};
  response.writeHead(status, { "Content-Type": "text/plain", ...asks }).end(why);
}

function claimIn({ headers }: IncomingMessage): Asking["by"] {
  const basic = /^Basic (\S+)$/.exec(headers.authorization ?? "")?.[1];
  if (basic === undefined) return { kind: "nothing" };
  const [, gateway = "", claim = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(basic, "base64").toString()) ?? [];
  return { kind: "claim", gateway, claim };
}

function certificateIn({ socket }: IncomingMessage): Asking["by"] {
  return { kind: "certificate", shown: (socket as TLSSocket).getPeerX509Certificate() ?? null };
}

/** Null where it is longer than any request; what is left of it is not kept. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  let text = "";
  for await (const part of request) {
    if (text.length <= BODY_MAX) text += part;
  }
  return text.length > BODY_MAX ? null : text;
}
