import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A text of 43 characters that nobody guesses. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether two texts are the same; how long that takes tells neither where they differ nor how long they are. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
