import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import test from "ava";
import { alone } from "../../ota/install/lock.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { MAIN } from "../../test-rigs/processes/program.ts";
import { smallBuild } from "../../test-rigs/release/small-build.ts";
import type { OutputName } from "./json/outputs.ts";
import { outputSchema } from "./json/page.ts";

const PAGE = fileURLToPath(new URL("../../ota/repository/CEREMONY.md", import.meta.url));
const OUTPUTS: Readonly<Record<string, OutputName>> = {
  key: "releaseKey",
  publish: "releasePublished",
  timestamp: "releasePublished",
  verify: "releaseVerified",
  stick: "releaseVerified",
};

/** Every command of the page, in its order, as the words after `lifeline`. */
const COMMANDS = [...readFileSync(PAGE, "utf8").matchAll(/^lifeline (release .*)$/gm)].map(
  ([, words = ""]) => words.split(" "),
);

function lifeline(cwd: string, ...words: readonly string[]) {
  return new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
    const args = [MAIN, ...words, "--lang", "en"];
    execFile(process.execPath, args, { cwd, timeout: 60_000 }, (error, out, told) => {
      resolve({ code: error === null ? 0 : error.code, out, told });
    });
  });
}

test("the page of the ceremony holds as it stands, from the first key to a key that is lost", async (t) => {
  t.timeout(300_000);
  const folder = tempDir("ceremony");
  mkdirSync(join(folder, "build"));
  smallBuild(join(folder, "build"), 1);
  writeFileSync(join(folder, "pass"), "three words of dice\n");
  t.true(COMMANDS.length > 20);
  for (const words of COMMANDS) {
    const own = words.includes("--passphrase-file") ? [] : ["--passphrase-file", "pass"];
    const { code, out, told } = await lifeline(folder, ...words, ...own, "--json");
    t.is(code, 0, `${words.join(" ")}: ${told}${out}`);
    const name = OUTPUTS[words[1] ?? ""] ?? "releaseDrafts";
    const isDocumented = new Ajv({ strict: false }).compile(outputSchema(name, "closed"));
    t.true(isDocumented(JSON.parse(out)), `${out}: ${JSON.stringify(isDocumented.errors)}`);
  }
  const shown = await lifeline(
    folder,
    "release",
    "verify",
    "--anchor",
    "repository/metadata/1.root.json",
  );
  t.regex(shown.out, /5 targets are whole and signed; current until 20/);

  // Nobody signs for any hardware there is.
  const all = await lifeline(folder, "release", "delegate", "*/stable", "--key", "builds.pub");
  t.is(all.code, 2);

  // A stick that was pulled, one signature of two, and a stranger's passphrase.
  truncateSync(join(folder, "stick/metadata/timestamp.json"), 10);
  t.is((await lifeline(folder, "release", "verify", "stick")).code, 1);
  const pass = ["--passphrase-file", "pass"];
  await lifeline(folder, "release", "root", "--root", "root-anna.pub,root-bo.pub");
  await lifeline(folder, "release", "sign", "drafts/root.json", "--key", "root-anna.key", ...pass);
  const early = await lifeline(folder, "release", "publish", "--key", "online.key", ...pass);
  t.is(early.code, 1);
  t.regex(early.told, /ota\.signature/);
  writeFileSync(join(folder, "other"), "other words of dice\n");
  const other = ["--key", "root-bo.key", "--passphrase-file", "other"];
  const foreign = await lifeline(folder, "release", "sign", "drafts/root.json", ...other);
  t.is(foreign.code, 1);
  t.regex(foreign.told, /ota\.key/);
  const twice = await lifeline(folder, "release", "key", "root-anna", ...pass);
  t.regex(twice.told, /root-anna\.key is there already/);

  // Two at once do not mix, and what is not there is named.
  const beside = await alone(join(folder, ".release.lock"), () =>
    lifeline(folder, "release", "timestamp", "--key", "online.key", ...pass),
  );
  t.is(beside.code, 1);
  t.regex(beside.told, /another command changes this repository/);
  for (const words of [
    ["add", "nowhere"],
    ["verify", "nowhere"],
    ["stick", "out", "--dir", "no"],
  ]) {
    const { code, told } = await lifeline(folder, "release", ...words);
    t.is(code, 1);
    t.regex(told, /ota\.(draft|absent)/, told);
  }
});
