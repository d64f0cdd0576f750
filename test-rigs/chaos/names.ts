import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "../processes/child.ts";

/** The one who tells addresses by names, in this process's network. */
export type NameServer = {
  /** Whether it answers nobody. */
  isMute: boolean;
  close(): void;
};

const HEADER_BYTES = 12;
/** A response to a recursive query, authoritative, without error (RFC 1035, 4.1.1). */
const ANSWERED = 0x8580;
const [TYPE_A, CLASS_IN] = [1, 1];
/** The name of the question, by its place in the message (4.1.4). */
const SAME_NAME = 0xc000 | HEADER_BYTES;
/** Nobody is to remember it, in seconds. */
const TTL_S = 0;

/**
 * Answers at 127.0.0.1 for `names`, and has this mount namespace ask there: whoever is started from
 * now on, and getaddrinfo(3) of this process.
 */
export async function openNameServer(names: Readonly<Record<string, string>>): Promise<NameServer> {
  const socket = createSocket("udp4");
  const server = { isMute: false, close: () => void socket.close() };
  socket.on("message", (query, { port, address }) => {
    if (!server.isMute) socket.send(answerTo(query, names), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(53, "127.0.0.1", resolve));
  const file = join(tempDir("names"), "resolv.conf");
  writeFileSync(file, "nameserver 127.0.0.1\noptions timeout:2 attempts:2\n");
  execFileSync("mount", ["--bind", file, "/etc/resolv.conf"]);
  return server;
}

/** The answer with the address that is asked for; without any where there is none. */
function answerTo(query: Buffer, names: Readonly<Record<string, string>>): Buffer {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(HEADER_BYTES, at + 5);
  const address = names[labels.join(".").toLowerCase()];
  const isAnswered = address !== undefined && query.readUInt16BE(at + 1) === TYPE_A;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(ANSWERED, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isAnswered ? 1 : 0, 6);
  if (!isAnswered) return Buffer.concat([header, question]);
  const answer = Buffer.alloc(16);
  for (const [i, word] of [SAME_NAME, TYPE_A, CLASS_IN].entries())
    answer.writeUInt16BE(word, 2 * i);
  answer.writeUInt32BE(TTL_S, 6);
  answer.writeUInt16BE(4, 10);
  answer.set(address.split(".").map(Number), 12);
  return Buffer.concat([header, question, answer]);
}
