import { createHash, timingSafeEqual, type X509Certificate } from "node:crypto";
import type { Authority } from "./authority.ts";
import { requestIn } from "./authority.ts";
import type { EnrolmentLedger, Issued } from "./enrolment-ledger.ts";

/** What a gateway may claim, of a line of `claims.jsonl`. */
export type Claim = {
  readonly gateway: string;
  /** SHA-256 of the claim in hexadecimal digits: who reads the file cannot use it. */
  readonly claim: string;
  /** Until when it is good, Unix milliseconds. */
  readonly expires: number;
};

/** How long certificates last, and what is forgiven. */
export type Terms = {
  readonly lifeMs: number;
  /** So long after its end a certificate may still be renewed by. */
  readonly graceMs: number;
};

/** Who asks, by what, and from where. */
export type Asking = {
  readonly body: string;
  readonly from: string;
  readonly by:
    | { readonly kind: "claim"; readonly gateway: string; readonly claim: string }
    | { readonly kind: "certificate"; readonly shown: X509Certificate | null }
    | { readonly kind: "nothing" };
};

/** The answer: a state of HTTP, and a certificate or why there is none. */
export type Verdict =
  | { readonly status: 200; readonly cert: string }
  | { readonly status: 400 | 401 | 403 | 409 | 423; readonly why: string };

type Asked = NonNullable<Awaited<ReturnType<typeof requestIn>>>;
type Refusal = Exclude<Verdict, { status: 200 }>;

const no = (status: Refusal["status"], why: string): Refusal => ({ status, why });

/**
 * Decides who gets a certificate, one request after the other: the same key again gets the same
 * certificate, another one by the same right gets none.
 */
export class EnrolmentDesk {
  readonly #authority: Authority;
  readonly #ledger: EnrolmentLedger;
  readonly #claims: () => readonly Claim[];
  readonly #terms: Terms;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    authority: Authority,
    ledger: EnrolmentLedger,
    claims: () => readonly Claim[],
    terms: Terms,
  ) {
    this.#authority = authority;
    this.#ledger = ledger;
    this.#claims = claims;
    this.#terms = terms;
  }

  decide(asking: Asking): Promise<Verdict> {
    const verdict = this.#last.then(() => this.#decide(asking));
    this.#last = verdict.catch(() => {});
    return verdict;
  }

  /** Revokes every certificate of `gateway`; returns how many. */
  revoke(gateway: string, why: string): number {
    const gone = new Set(this.#ledger.revoked());
    const serials = this.#ledger.entries.flatMap((each) =>
      each.kind === "issued" && each.gateway === gateway && !gone.has(each.serial)
        ? [each.serial]
        : [],
    );
    for (const serial of serials) {
      this.#ledger.add({ at: Date.now(), kind: "revoked", gateway, serial, why });
    }
    return serials.length;
  }

  async #decide(asking: Asking): Promise<Verdict> {
    const asked = await requestIn(asking.body);
    const verdict =
      asked === null
        ? no(400, "no sound request for a P-256 key")
        : await this.#judge(asked, asking);
    if (verdict.status !== 200) {
      const { status, why } = verdict;
      const named = asking.by.kind === "claim" ? asking.by.gateway : asked?.gateway;
      const gateway = (named ?? "").slice(0, 64);
      this.#ledger.add({
        at: Date.now(),
        kind: "refused",
        gateway,
        status,
        why,
        from: asking.from,
      });
    }
    return verdict;
  }

  async #judge(asked: Asked, { by }: Asking): Promise<Verdict> {
    switch (by.kind) {
      case "claim":
        return await this.#enrol(asked, by.gateway, by.claim);
      case "certificate":
        return await this.#renew(asked, by.shown);
      case "nothing":
        return no(401, "a claim is needed");
    }
  }

  async #enrol(asked: Asked, gateway: string, text: string): Promise<Verdict> {
    const hash = createHash("sha256").update(text).digest();
    const claim = this.#claims().find(
      (each) => each.gateway === gateway && timingSafeEqual(Buffer.from(each.claim, "hex"), hash),
    );
    if (claim === undefined) return no(401, "this claim is not known for this gateway");
    if (asked.gateway !== gateway) return no(401, "the request is made out to another gateway");
    const before = this.#ledger.issued(({ by }) => "claim" in by && by.claim === claim.claim);
    if (before !== undefined) return this.#again(asked, before);
    if (claim.expires < Date.now()) return no(401, "the claim has expired");
    // A new claim for a gateway that has an identity replaces the box: the old one's ends.
    this.revoke(gateway, "replaced");
    return await this.#issue(asked, { claim: claim.claim });
  }

  /** The reply may have been lost on a bad link: the same key gets it again. */
  #again(asked: Asked, before: Issued): Verdict {
    if (before.key !== asked.key) return no(409, "this claim was used with another key");
    return this.#objection(asked, before) ?? { status: 200, cert: before.cert };
  }

  async #renew(asked: Asked, shown: X509Certificate | null): Promise<Verdict> {
    const serial = shown?.serialNumber.toLowerCase();
    const before = this.#ledger.issued((each) => each.serial === serial);
    if (shown === null || before === undefined || before.cert !== shown.toString()) {
      return no(401, "the certificate shown is none of this authority");
    }
    if (asked.gateway !== before.gateway)
      return no(401, "the request is made out to another gateway");
    if (this.#terms.graceMs + Date.parse(shown.validTo) < Date.now()) {
      return no(401, "the certificate shown expired too long ago: a new claim is needed");
    }
    const objection = this.#objection(asked, before);
    if (objection !== null) return objection;
    const after = this.#ledger.issued(({ by }) => "before" in by && by.before === serial);
    if (after === undefined) return await this.#issue(asked, { before: before.serial });
    if (after.key === asked.key) return { status: 200, cert: after.cert };
    // The gateway keeps the key that it asks with: whoever asks with another holds a copy.
    return this.#quarantine(asked.gateway, "one certificate was to be renewed for two keys");
  }

  /** Why whoever shows what `before` was issued for gets nothing; null where there is no reason. */
  #objection(asked: Asked, before: Issued): Refusal | null {
    if (this.#ledger.revoked().includes(before.serial)) return no(403, "revoked");
    if (this.#ledger.isQuarantined(before.gateway)) return no(423, "in quarantine");
    if (asked.hardware === null || before.hardware === null) return null;
    if (asked.hardware === before.hardware) return null;
    const boards = `seen on boards ${before.hardware} and ${asked.hardware}`;
    return this.#quarantine(asked.gateway, boards);
  }

  #quarantine(gateway: string, why: string): Refusal {
    this.#ledger.add({ at: Date.now(), kind: "quarantined", gateway, why });
    return no(423, why);
  }

  async #issue(asked: Asked, by: Issued["by"]): Promise<Verdict> {
    const { gateway, hardware, publicKey, key } = asked;
    const at = Date.now();
    const made = await this.#authority.issue({
      publicKey,
      gateway,
      hardware,
      fromMs: at - 60_000,
      toMs: at + this.#terms.lifeMs,
    });
    const [serial, cert] = [made.serialNumber.toLowerCase(), made.toString()];
    this.#ledger.add({ at, kind: "issued", gateway, serial, key, hardware, by, cert });
    return { status: 200, cert };
  }
}
