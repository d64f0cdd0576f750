import { createPrivateKey } from "node:crypto";
import { GatewayError } from "../../core/errors.ts";
import { type IdentityKeeper, type IdentityStanding, notOwn } from "../../core/identity.ts";
import type { SecretText } from "../../core/secret-text.ts";
import { certificatesIn, chainFor, requestFor } from "./certificates.ts";
import { askAuthorities, askCertificate, type Entitlement, type EstServer } from "./est-client.ts";
import { comingOf, drop, end, keep, keyIn, pemOf, readOf, settle, standingOf } from "./files.ts";
import { hardwareSerial } from "./hardware.ts";

/** Whose identity, where it is kept, and who gives it. */
export type IdentitySettings = {
  readonly dir: string;
  readonly gateway: string;
  /** Null where it is enrolled by hand. */
  readonly server: EstServer | null;
  /** Null where none is configured. */
  readonly claim: SecretText | null;
};

/**
 * The identity of one gateway, in a folder of its own. Cut off at any moment it goes on where it was:
 * a key is on the disk before it is asked for a certificate, so that the same is asked for again.
 */
export class Identity implements IdentityKeeper {
  readonly #settings: IdentitySettings;
  readonly #hardware: string | null;

  constructor(settings: IdentitySettings, hardware: string | null = hardwareSerial()) {
    this.#settings = settings;
    this.#hardware = hardware;
  }

  /** Finishes first what was cut off. */
  standing(): IdentityStanding {
    settle(this.#settings.dir);
    return standingOf(this.#settings.dir, this.#hardware);
  }

  /** Takes up the first certificate; nothing where there is one. */
  async enrol(signal: AbortSignal): Promise<void> {
    const { gateway, claim } = this.#settings;
    if (this.#own().current !== null) return;
    if (claim === null) throw new GatewayError("enrol.claim", "no enrolment.claim is configured");
    const server = this.#server();
    const key = this.#firstKey();
    await this.#takeAuthorities(server, signal);
    await this.#ask(
      { server, key, by: { kind: "claim", gateway, claim }, to: "credential" },
      signal,
    );
    drop(this.#settings.dir, "key");
  }

  async renew(signal: AbortSignal): Promise<void> {
    const { dir } = this.#settings;
    this.#own();
    // One that no platform has taken before it too grew old is renewed by itself.
    const pem = readOf(dir, "next") ?? readOf(dir, "credential");
    if (pem === null) throw new GatewayError("enrol.none", `there is no certificate in ${dir}`);
    const server = this.#server();
    const key = keyIn(dir, "renewalKey");
    await this.#takeAuthorities(server, signal);
    await this.#ask({ server, key, by: { kind: "certificate", pem }, to: "next" }, signal);
    drop(dir, "renewalKey");
  }

  /**
   * A request to carry to the centre, as PEM: for the first certificate, or for the next one. The
   * same key is asked for again until there is a certificate.
   */
  async request(): Promise<string> {
    const { dir, gateway } = this.#settings;
    const isFirst = this.#own().current === null;
    const key = isFirst ? this.#firstKey() : keyIn(dir, "renewalKey");
    const body = Buffer.from(await requestFor(key, gateway, this.#hardware)).toString("base64");
    const lines = body.match(/.{1,64}/g) ?? [];
    const label = "CERTIFICATE REQUEST-----";
    return [`-----BEGIN ${label}`, ...lines, `-----END ${label}`, ""].join("\n");
  }

  /** Takes up what the centre made of a request: PEM, or certs-only in base64. */
  async install(text: string): Promise<void> {
    const { dir, gateway } = this.#settings;
    const isFirst = this.#own().current === null;
    const file = isFirst ? "key" : "renewalKey";
    const held = readOf(dir, file);
    if (held === null) throw new GatewayError("enrol.certificate", "nothing was asked for yet");
    const certificates = await certificatesIn(text);
    const chain = chainFor(certificates, createPrivateKey(held), gateway);
    const roots = certificates.filter(({ subject, issuer }) => subject === issuer);
    if (roots.length > 0) keep(dir, "authorities", roots.map(String).join(""));
    keep(dir, isFirst ? "credential" : "next", held + chain);
    drop(dir, file);
  }

  /**
   * Takes up another identity, by a claim, in place of the one that is here, which may be another
   * board's. That one stays until the other is certified; the centre revokes it with the same stroke.
   */
  async replace(signal: AbortSignal): Promise<void> {
    const { dir } = this.#settings;
    // What an earlier try has come to.
    settle(dir);
    const coming = new Identity({ ...this.#settings, dir: comingOf(dir) }, this.#hardware);
    if (coming.standing().state === "foreign") coming.forget();
    try {
      await coming.enrol(signal);
    } catch (error) {
      const isUsed = error instanceof GatewayError && error.code === "enrol.used";
      if (!isUsed || !(await this.#isOfClaim(signal))) throw error;
      coming.forget();
    }
    settle(dir);
    drop(dir, "key");
  }

  /** Ends the identity, and any that was to take its place: all of it is removed. */
  forget(): void {
    end(this.#settings.dir);
  }

  /** Whether what is here came by the claim, which was used: a try that was cut off had come so far. */
  async #isOfClaim(signal: AbortSignal): Promise<boolean> {
    const { dir, gateway, claim } = this.#settings;
    const { state, current } = this.standing();
    const pem = readOf(dir, "credential");
    if (state !== "enrolled" || pem === null || claim === null) return false;
    const der = await requestFor(createPrivateKey(pem), gateway, this.#hardware);
    const by = { kind: "claim", gateway, claim } as const;
    const answer = await askCertificate(this.#server(), der, by, signal).catch(() => "");
    const [own] = answer === "" ? [] : await certificatesIn(answer);
    return own?.serialNumber === current?.serial;
  }

  /** How it stands; throws where the identity is another board's, or cannot be opened. */
  #own(): IdentityStanding {
    const standing = this.standing();
    const trouble = notOwn(standing);
    if (trouble !== null) throw trouble;
    return standing;
  }

  #server(): EstServer {
    const { server } = this.#settings;
    if (server !== null) return server;
    throw new GatewayError("enrol.unreachable", "no enrolment.url is configured");
  }

  /** The board is noted before the key is made on it. */
  #firstKey() {
    const { dir } = this.#settings;
    if (readOf(dir, "hardware") === null && this.#hardware !== null) {
      keep(dir, "hardware", `${this.#hardware}\n`);
    }
    return keyIn(dir, "key");
  }

  async #takeAuthorities(server: EstServer, signal: AbortSignal): Promise<void> {
    const { dir } = this.#settings;
    const authorities = await certificatesIn(await askAuthorities(server, signal));
    const text = authorities.map(String).join("");
    if (readOf(dir, "authorities") !== text) keep(dir, "authorities", text);
  }

  async #ask({ server, key, by, to }: Asked, signal: AbortSignal): Promise<void> {
    const { dir, gateway } = this.#settings;
    const der = await requestFor(key, gateway, this.#hardware);
    const answer = await certificatesIn(await askCertificate(server, der, by, signal));
    keep(dir, to, pemOf(key) + chainFor(answer, key, gateway));
  }
}

type Asked = {
  readonly server: EstServer;
  readonly key: ReturnType<typeof keyIn>;
  readonly by: Entitlement;
  readonly to: "credential" | "next";
};
