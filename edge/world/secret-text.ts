import { readFile } from "node:fs/promises";
import process from "node:process";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { SecretReference, SecretText } from "../core/secret-text.ts";
import { readablePath } from "./sealed-file.ts";

/** `text` as it is now. Rejects with `uplink.secret` where a part cannot be read or is empty. */
export async function readSecret(text: SecretText): Promise<string> {
  const parts = await Promise.all(text.map((part) => (isText(part) ? part : follow(part))));
  return parts.join("");
}

function isText(part: string | SecretReference): part is string {
  return typeof part === "string";
}

async function follow(reference: SecretReference): Promise<string> {
  switch (reference.kind) {
    case "env": {
      const value = process.env[reference.name];
      if (value) return value;
      const text = `the environment variable ${reference.name} is not set, or is empty`;
      throw new GatewayError("uplink.secret", text);
    }
    case "file": {
      // Editors end a file with a line break that is no part of the secret.
      const content = (await readFileOf(reference.path)).toString().replace(/\r?\n$/, "");
      if (content !== "") return content;
      throw new GatewayError("uplink.secret", `the file ${reference.path} is empty`);
    }
  }
}

/** What stands in the file at `path`, sealed or not. Rejects with `uplink.secret` where it cannot be read. */
export async function readFileOf(path: string): Promise<Buffer> {
  try {
    return await readFile(readablePath(path));
  } catch (cause) {
    const text = `the file ${path} cannot be read: ${messageOf(cause)}`;
    throw new GatewayError("uplink.secret", text, { cause });
  }
}
