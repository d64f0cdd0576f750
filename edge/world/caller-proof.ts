import { randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  unlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { GatewayError, messageOf } from "../core/errors.ts";

/*
 * Node cannot ask a Unix socket who is at its other end (SO_PEERCRED), and what a caller says of
 * itself proves nothing. But the system notes who owns what is in a directory. So the gateway hands
 * out a nonce, once and to one connection; the caller makes a symbolic link of that name, whose text
 * is the nonce and the directory's number; and the gateway takes its owner. A link and not a file:
 * nobody can change its text, so that it cannot be another's that was opened for writing, and it
 * fits into the inode, so that it can be made on a disk without a free block.
 */

/** What a caller has to do before it may change anything. */
export type Challenge = {
  /** 32 hexadecimal digits: the name of the link. */
  readonly nonce: string;
  /** Path of the directory that the link is made in. */
  readonly directory: string;
};

/** Who callers are is proven by links in it: everybody makes some, nobody moves another's. */
const ROOM_MODE = 0o1770;
/** How long a nonce is good for, in milliseconds. */
const NONCE_MS = 10_000;
/** What lies in the room for so long belongs to nobody who still calls, in milliseconds. */
const LEFT_OVER_MS = 60_000;
/** Where links can be made when no disk takes any more. */
const MEMORY_DIR = "/dev/shm";

/** The directories in which callers prove who they are. */
export class ProofRoom {
  readonly #beside: string;
  readonly #group: number | null;
  #inMemory: string | null = null;

  /** A room beside the socket `path`, for whoever is of `group` too; null: of the process's own. */
  constructor(path: string, group: number | null) {
    this.#beside = `${path}.who`;
    this.#group = group;
  }

  /** A directory in which a link can be made now: in memory where the disk takes none. */
  async directory(): Promise<string> {
    try {
      return await this.#usable(this.#beside);
    } catch {
      this.#inMemory ??= await this.#makeInMemory();
      return await this.#usable(this.#inMemory);
    }
  }

  /** Removes what can be removed. */
  async close(): Promise<void> {
    for (const directory of [this.#beside, this.#inMemory]) {
      if (directory === null || !(await isOwn(directory))) continue;
      await rm(directory, { recursive: true, force: true }).catch(() => {});
    }
  }

  async #usable(directory: string): Promise<string> {
    await mkdir(directory, { mode: 0o700 }).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
    // Where all may write, somebody else may have been here first.
    if (!(await isOwn(directory))) throw new Error(`${directory} is another's`);
    await this.#admit(directory);
    await sweep(directory);
    const attempt = join(directory, `attempt-${newNonce()}`);
    await symlink("attempt", attempt);
    await unlink(attempt);
    return directory;
  }

  async #makeInMemory(): Promise<string> {
    return await mkdtemp(join(MEMORY_DIR, "lifeline-who-")).catch(() =>
      mkdtemp(join(tmpdir(), "lifeline-who-")),
    );
  }

  /** Lets the group in; not to be written again where it stands so on a disk that takes nothing. */
  async #admit(directory: string): Promise<void> {
    const { mode, gid } = await lstat(directory);
    if (this.#group !== null && gid !== this.#group) await chown(directory, -1, this.#group);
    if ((mode & 0o7777) !== ROOM_MODE) await chmod(directory, ROOM_MODE);
  }
}

async function isOwn(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.geteuid?.();
}

/** Removes links whose makers did not come back. */
async function sweep(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const { ctimeMs } = await lstat(file).catch(() => ({ ctimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - ctimeMs > LEFT_OVER_MS) await unlink(file).catch(() => {});
  }
}

function newNonce(): string {
  return randomBytes(16).toString("hex");
}

/** Finds out who is at the other end of one connection. */
export class CallerProof {
  readonly #room: ProofRoom;
  readonly #goodForMs: number;
  #challenge: (Challenge & { readonly until: number }) | null = null;
  #who: string | null = null;

  constructor(room: ProofRoom, goodForMs = NONCE_MS) {
    this.#room = room;
    this.#goodForMs = goodForMs;
  }

  /** What the caller was last asked to prove itself by, or null. */
  get challenge(): Challenge | null {
    if (this.#challenge === null) return null;
    const { nonce, directory } = this.#challenge;
    return { nonce, directory };
  }

  /**
   * The caller's name as the operating system knows it. Rejects with `control.who` while that is
   * not proven, having made a new challenge; each is good for one try.
   */
  async who(): Promise<string> {
    const asked = this.#challenge;
    this.#challenge = null;
    if (this.#who === null && asked !== null) {
      const isInTime = performance.now() < asked.until;
      const uid = await ownerOf(asked);
      if (uid !== null && isInTime) this.#who = await nameOf(uid);
    }
    if (this.#who !== null) return this.#who;
    const directory = await this.#room.directory();
    this.#challenge = { nonce: newNonce(), directory, until: performance.now() + this.#goodForMs };
    const why = asked === null ? "this call changes something" : "what was shown proves nothing";
    throw new GatewayError("control.who", why);
  }
}

/** Who made the link that `challenge` asks for, removing it; null where it is not what was asked. */
async function ownerOf({ nonce, directory }: Challenge): Promise<number | null> {
  const file = join(directory, nonce);
  try {
    const link = await lstat(file);
    const text = await readlink(file);
    // A second name of another's link could be given by whoever calls.
    const isWhole = link.isSymbolicLink() && link.nlink === 1;
    return isWhole && text === (await textOf(nonce, directory)) ? link.uid : null;
  } catch {
    return null;
  } finally {
    await unlink(file).catch(() => {});
  }
}

/** The text of the link: of no use in any other directory. */
async function textOf(nonce: string, directory: string): Promise<string> {
  const { dev, ino } = await stat(directory, { bigint: true });
  return `${nonce} ${dev}:${ino}`;
}

/** The name of user `uid` in the system's list; its number where that lacks it. */
async function nameOf(uid: number): Promise<string> {
  const users = await readFile("/etc/passwd", "utf8").catch(() => "");
  return nameIn(users, uid) ?? `uid ${uid}`;
}

/** The number of group `name`; null where the system's list has none. */
export async function groupId(name: string): Promise<number | null> {
  const groups = await readFile("/etc/group", "utf8").catch(() => "");
  for (const line of groups.split("\n")) {
    const [group, , gid = ""] = line.split(":");
    if (group === name && /^\d+$/.test(gid)) return Number(gid);
  }
  return null;
}

/** The first name of number `id` in a list such as passwd(5). */
function nameIn(list: string, id: number): string | null {
  for (const line of list.split("\n")) {
    const [name = "", , number = ""] = line.split(":");
    if (name !== "" && number === String(id)) return name;
  }
  return null;
}

/**
 * Proves to the gateway that serves the socket `path` who calls. Rejects with `control.who` where
 * that is not possible, and where whoever serves the socket wants it proven elsewhere than in a
 * room of its own.
 */
export async function proveTo(path: string, challenge: unknown): Promise<void> {
  const { nonce, directory } = (challenge ?? {}) as Partial<Challenge>;
  try {
    if (!/^[0-9a-f]{32}$/.test(nonce ?? "") || directory === undefined) {
      throw new Error("the gateway asks for no proof that is known here");
    }
    const [room, socket] = [await lstat(directory), await stat(path)];
    if (!room.isDirectory() || room.uid !== socket.uid) {
      throw new Error(`${directory} does not belong to who serves ${path}`);
    }
    const text = await textOf(nonce as string, directory);
    await symlink(text, join(directory, nonce as string));
  } catch (error) {
    throw new GatewayError("control.who", messageOf(error), { cause: error });
  }
}
