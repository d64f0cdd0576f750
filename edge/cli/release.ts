import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alone as onlyOne } from "../../ota/install/lock.ts";
import { isWord } from "../../ota/release/manifest.ts";
import { addRelease, renewRole } from "../../ota/repository/add-release.ts";
import {
  draftIn,
  fingerprintOf,
  type Moment,
  nextRoot,
  nextTargets,
  roleName,
  signDraft,
  upcoming,
  writeDraft,
} from "../../ota/repository/draft.ts";
import { isKeyName, makeKey } from "../../ota/repository/key-file.ts";
import { type Publication, publish, renewTimestamp, settle } from "../../ota/repository/publish.ts";
import type { SigningKey } from "../../ota/repository/signing-key.ts";
import { copyTree } from "../../ota/repository/stick.ts";
import { metadataFile, namesIn, publishedIn } from "../../ota/repository/tree.ts";
import { verifyTree } from "../../ota/repository/verify.ts";
import { flushFolder, readIfThere } from "../../ota/trust/durable.ts";
import { diskFault } from "../../ota/trust/verdict.ts";
import { GatewayError } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { WallMs } from "../core/time.ts";
import { SystemClock } from "../world/clock.ts";
import { RealRepositoryTransport } from "../world/repository.ts";
import { isoTime } from "../world/wall-text.ts";
import { endSignal } from "./end-signal.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { keysIn, passphraseFor, roleOf } from "./release-keys.ts";
import { sayRelease } from "./release-text.ts";

type Act = (office: Office) => number | Promise<number>;

type Office = {
  readonly invocation: Invocation;
  /** Holds `tree` and `drafts`. */
  readonly dir: string;
  readonly tree: string;
  readonly drafts: string;
  readonly moment: Moment;
  readonly words: readonly string[];
};

/** What each word after `lifeline release` does, and how many words follow it. */
const ACTIONS: Readonly<Record<string, { readonly act: Act; readonly words: readonly number[] }>> =
  {
    key: { act: makeKeyFiles, words: [1] },
    root: { act: alone(draftRoot), words: [0] },
    delegate: { act: alone(delegate), words: [1] },
    renew: { act: alone(renew), words: [1] },
    add: { act: alone(add), words: [1] },
    drafts: { act: tellDrafts, words: [0] },
    sign: { act: withKeys(sign), words: [1, 2, 3, 4] },
    publish: { act: withKeys(publishAll), words: [0] },
    timestamp: { act: withKeys(stamp), words: [0] },
    verify: { act: verify, words: [0, 1] },
    stick: { act: stick, words: [1] },
  };

/** `lifeline release ACTION …`: see its help. */
export async function release(invocation: Invocation): Promise<number> {
  const [action = "", ...words] = invocation.operands;
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (known === undefined || !known.words.includes(words.length)) {
    return misuse(sayRelease(invocation.lang, "usage"), invocation);
  }
  const { dir = "." } = invocation;
  const office = { invocation, words, dir, moment: moment(), ...foldersIn(dir) };
  try {
    return await known.act(office);
  } catch (error) {
    throw diskFault(error, `release ${action}`);
  }
}

/**
 * `act` as the only one that changes the repository and its drafts, so that the server's timestamp
 * and somebody's publication do not mix. What was cut off before is ended first.
 */
function alone(act: Act): Act {
  return async (office) => {
    try {
      mkdirSync(office.dir, { recursive: true });
      return await onlyOne(join(office.dir, ".release.lock"), async () => {
        settle(office.tree);
        return await act(office);
      });
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== "ota.running") throw error;
      return refuse(sayRelease(office.invocation.lang, "busy"), office.invocation);
    }
  };
}

/** `act` alone, with the keys of `--key`, which are opened before. */
function withKeys(act: (office: Office, keys: readonly SigningKey[]) => number): Act {
  return async (office) => {
    const { key, lang } = office.invocation;
    if (key === undefined) return misuse(sayRelease(lang, "needsKey"), office.invocation);
    const keys = await keysIn(key, office.invocation);
    return await alone(() => act(office, keys))(office);
  };
}

function foldersIn(dir: string) {
  return { tree: join(dir, "repository"), drafts: join(dir, "drafts") };
}

function moment(): Moment {
  const nowMs = new SystemClock().now();
  const DAY_MS = 86_400_000;
  return {
    nowMs,
    after: (days) => isoTime((nowMs + days * DAY_MS) as WallMs).replace(/\.\d+Z$/, "Z"),
  };
}

async function makeKeyFiles({ invocation, words }: Office): Promise<number> {
  const { lang, json, passphraseFile } = invocation;
  const [name = ""] = words;
  if (!isKeyName(name)) return misuse(sayRelease(lang, "badName", { name }), invocation);
  const [secret, open] = [`${name}.key`, `${name}.pub`];
  // None that is there is ever replaced, nor half of one made.
  const there = [secret, open].find((file) => existsSync(file));
  if (there !== undefined) return refuse(sayRelease(lang, "isThere", { file: there }), invocation);
  const passphrase = await passphraseFor(sayRelease(lang, "askNew", { name }), invocation);
  const isSame =
    passphraseFile !== undefined ||
    (await passphraseFor(sayRelease(lang, "askAgain"), invocation)) === passphrase;
  if (!isSame) return refuse(sayRelease(lang, "differ"), invocation);
  const { secretText, publicText, key } = makeKey(name, passphrase);
  writeFileSync(open, publicText, { flag: "wx", flush: true });
  writeFileSync(secret, secretText, { flag: "wx", flush: true, mode: 0o600 });
  // A stick that is pulled right now carries both.
  flushFolder(".");
  if (json) print(toJson({ name, secret, public: open, id: key.keyID }));
  else print(sayRelease(lang, "made", { secret, open }));
  return 0;
}

function draftRoot(office: Office): number {
  const { tree, drafts, moment, invocation } = office;
  const { root, targets, online, threshold } = invocation;
  const role = (list: string | undefined, many: string | undefined) =>
    list === undefined ? undefined : roleOf(list, many);
  const server = role(online, "1");
  const named = {
    root: role(root, threshold),
    targets: role(targets, threshold),
    snapshot: server,
    timestamp: server,
  };
  const change = Object.fromEntries(Object.entries(named).filter(([, keys]) => keys !== undefined));
  writeDraft(drafts, "root", nextRoot(publishedIn(tree).root, change, moment));
  return tellDrafts(office);
}

function delegate(office: Office): number {
  const { tree, drafts, moment, invocation, words } = office;
  const { key, threshold, lang } = invocation;
  const line = lineOf(words);
  if (line === null) return misuse(sayRelease(lang, "badLine"), invocation);
  if (key === undefined) return misuse(sayRelease(lang, "needsKey"), invocation);
  const { hardware, channel } = line;
  const role = {
    ...{ name: roleName(hardware, channel), paths: [`${hardware}/${channel}/*`] },
    ...roleOf(key, threshold),
  };
  const published = publishedIn(tree);
  const { targets } = upcoming(published, drafts);
  writeDraft(drafts, "targets", nextTargets(published.targets, targets, [role], moment));
  return tellDrafts(office);
}

function renew(office: Office): number {
  const { tree, drafts, moment, invocation, words } = office;
  const line = lineOf(words);
  if (line === null) return misuse(sayRelease(invocation.lang, "badLine"), invocation);
  renewRole(tree, drafts, roleName(line.hardware, line.channel), moment);
  return tellDrafts(office);
}

/** What `HARDWARE/CHANNEL` names; null where it is not that. */
function lineOf([word = ""]: readonly string[]) {
  const [hardware = "", channel = "", ...more] = word.split("/");
  return isWord(hardware) && isWord(channel) && more.length === 0 ? { hardware, channel } : null;
}

function add(office: Office): number {
  const { tree, drafts, moment, invocation, words } = office;
  const { lang, from = "", json } = invocation;
  const [build = ""] = words;
  const path = manifestIn(build);
  const versions = from.split(",").filter((version) => version !== "");
  const { version, counter, deltas } = addRelease(tree, drafts, build, path, versions, moment);
  if (!json) print(sayRelease(lang, "release", { version, counter, count: deltas.length }));
  return tellDrafts(office);
}

/** The one manifest in the folder of a build, as a path below it. Throws `ota.draft`. */
function manifestIn(build: string): string {
  const names = existsSync(build) ? readdirSync(build, { recursive: true, encoding: "utf8" }) : [];
  const found = names.filter((name) => {
    return name.endsWith(".release.json") && !name.endsWith("latest.release.json");
  });
  const [path] = found;
  if (path !== undefined && found.length === 1) return path;
  throw new GatewayError("ota.draft", `${build} holds ${found.length} builds, not one`);
}

function tellDrafts({ drafts, invocation }: Office): number {
  const { lang, json } = invocation;
  const files = namesIn(drafts).filter((name) => name.endsWith(".json"));
  const told = files.map((name) => {
    const file = join(drafts, name);
    const draft = draftIn(file);
    const { version, expires } = draft.signed;
    const role = name.replace(/\.json$/, "");
    const signatures = Object.keys(draft.signatures).length;
    return { file, role, version, expires, signatures, fingerprint: fingerprintOf(draft) };
  });
  if (json) print(toJson({ drafts: told }));
  else if (told.length === 0) print(sayRelease(lang, "noDrafts"));
  else {
    for (const { signatures, fingerprint, ...rest } of told) {
      print(sayRelease(lang, "draft", { ...rest, count: signatures }));
      print(sayRelease(lang, "compare", { fingerprint }));
    }
  }
  return 0;
}

function sign(office: Office, keys: readonly SigningKey[]): number {
  for (const key of keys) {
    for (const file of office.words) signDraft(file, key);
  }
  return tellDrafts(office);
}

function publishAll(office: Office, keys: readonly SigningKey[]): number {
  const { tree, drafts, moment, invocation } = office;
  return tellPublished(publish(tree, drafts, keys, moment), invocation);
}

function stamp({ tree, moment, invocation }: Office, keys: readonly SigningKey[]): number {
  return tellPublished(renewTimestamp(tree, keys, moment), invocation);
}

function tellPublished({ versions }: Publication, { lang, json }: Invocation): number {
  if (json) print(toJson({ versions }));
  else {
    const text = Object.entries(versions).map(([role, version]) => `${role} ${version}`);
    print(sayRelease(lang, "published", { versions: text.join(", ") }));
  }
  return 0;
}

async function verify({ tree, invocation, words }: Office): Promise<number> {
  return await tellVerified(words[0] ?? tree, invocation);
}

async function stick({ tree, invocation, words }: Office): Promise<number> {
  const [dir = ""] = words;
  copyTree(tree, dir);
  const code = await tellVerified(dir, invocation);
  if (!invocation.json) print(sayRelease(invocation.lang, "stick", { dir }));
  return code;
}

async function tellVerified(tree: string, { lang, json, anchor }: Invocation): Promise<number> {
  const trusted = anchor ?? metadataFile(tree, "1.root.json");
  const root = readIfThere(trusted);
  if (root === null) throw new GatewayError("ota.absent", `there is no ${trusted}`);
  const parts = { transport: new RealRepositoryTransport(), clock: new SystemClock() };
  const { freshUntil, targets } = await verifyTree(tree, root, parts, endSignal());
  if (json) print(toJson({ freshUntil, targets }));
  else print(sayRelease(lang, "verified", { count: targets.length, until: freshUntil }));
  return 0;
}
