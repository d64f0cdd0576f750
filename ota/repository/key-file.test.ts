import test from "ava";
import { GatewayError } from "../../edge/core/errors.ts";
import { isKeyName, makeKey, openKey, readPublicKey } from "./key-file.ts";

const PASSPHRASE = "correct horse battery";

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof GatewayError ? error.code : `not coded: ${error}`;
  }
}

test("a key opens with its own passphrase alone, and its files name the same public key", (t) => {
  const { key, secretText, publicText } = makeKey("alice", PASSPHRASE);
  t.is(openKey(secretText, "alice.key.json", PASSPHRASE).key.keyID, key.keyID);
  t.is(readPublicKey(publicText, "alice.pub.json").key.keyID, key.keyID);
  t.is(readPublicKey(secretText, "alice.key.json").name, "alice");
  t.is(
    codeOf(() => openKey(secretText, "alice.key.json", `${PASSPHRASE}!`)),
    "ota.key",
  );
  t.is(
    codeOf(() => openKey(publicText, "alice.pub.json", PASSPHRASE)),
    "ota.key",
  );
});

test("a short passphrase and a name that is no name of a file are refused", (t) => {
  t.is(
    codeOf(() => makeKey("alice", "short")),
    "ota.key",
  );
  t.true(isKeyName("alice"));
  t.false(isKeyName("../alice"));
});
