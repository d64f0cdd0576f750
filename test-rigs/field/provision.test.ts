import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { markOf } from "../../edge/provision/claim.ts";
import { startEnrolment } from "../centre/enrolment-server.ts";
import { newClaim } from "../centre/gateway-claim.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** Runs `lifeline provision` with `args` to its end. */
async function provision(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, "provision", ...args]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** Every file below `dir`. */
function filesIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
}

async function centre(t: ExecutionContext) {
  const dir = tempDir("centre");
  const server = await startEnrolment(dir);
  t.teardown(() => server.close());
  const home = tempDir("home");
  const config = join(home, "gateway.yaml");
  const yaml = (id: string) => `gateway: { id: ${id} }
buffer: { dir: buffer }
buses: { b: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { d: { bus: b, unit: 1, points: { x: { area: coil, address: 0, type: bool, every: 1s } } } }
enrolment: { url: "${server.url}", ca: ${server.authority.file}, claim: claim }
`;
  return { dir, server, home, config, yaml };
}

test("a bare gateway is enrolled by one command, told of in both languages, and reset after a question", async (t) => {
  t.timeout(180_000);
  const { dir, server, home, config, yaml } = await centre(t);
  writeFileSync(config, yaml("gw-0001"));
  const before = await provision("--config", config);
  t.is(before.code, 1);
  t.regex(before.text, /gw-0001 has no identity yet/);
  const claim = newClaim(dir, "gw-0001");
  writeFileSync(join(home, "claim"), `${claim}\n`);
  const made = await provision("enrol", "--config", config);
  t.is(made.code, 0, made.text);
  t.regex(made.text, /gw-0001 is enrolled[\s\S]*of Lifeline Test Authority, valid until/);
  t.is((await provision("enrol", "--config", config)).code, 0, "again is no harm");
  t.is(server.entries.length, 1);
  t.regex((await provision("--config", config, "--lang", "zh-CN")).text, /gw-0001 已注册/);
  t.false(made.text.includes(claim), "the claim is not told");
  t.is((await provision("reset", "--config", config)).code, 1, "nobody agreed");
  t.true(existsSync(join(home, "buffer/identity/credential.pem")));
  t.is((await provision("reset", "--yes", "--config", config)).code, 0);
  t.deepEqual(readdirSync(join(home, "buffer")), [], "nothing of it stays");
  const nothing = await provision("reset", "--config", config);
  t.is(nothing.code, 0, "there is nothing to agree to");
  t.regex(nothing.text, /gw-0001 has no identity yet/);
  const used = await provision("enrol", "--config", config);
  t.is(used.code, 1);
  t.regex(used.text, /enrol\.used/);
  writeFileSync(join(home, "new-claim"), newClaim(dir, "gw-0001"));
  const file = join(home, "new-claim");
  const replaced = await provision("replace", "--yes", "--claim", file, "--config", config);
  t.is(replaced.code, 0, replaced.text);
  t.is(server.entries.filter(({ kind }) => kind === "revoked").length, 1, "the old box's ends");
});

test("a table of sites becomes claims that work once, configurations and labels, and can be gone on with", async (t) => {
  t.timeout(180_000);
  const { dir, server, home, yaml } = await centre(t);
  const out = join(home, "batch");
  const [sites, form] = [join(home, "sites.csv"), join(home, "form.yaml")];
  writeFileSync(
    sites,
    'id,name\ngw-1,"Century Avenue, 7"\ngw-2,"世纪大道 ""七"" 号"\ngw-3,Three\n',
  );
  writeFileSync(
    form,
    yaml("{{ id }}")
      .replace("}\n", ', site: { name: "{{ name }}" } }\n')
      .replace('"{{ name }}"', "{{ name | json }}"),
  );
  const args = ["batch", sites, "--template", form, "--out", out];
  const made = await provision(...args);
  t.is(made.code, 0, made.text);
  t.is(readFileSync(join(out, "labels.pdf")).subarray(0, 5).toString(), "%PDF-");
  const claim = readFileSync(join(out, "gw-1/claim"), "utf8").trim();
  t.regex(claim, /^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
  t.is(statSync(join(out, "gw-1/claim")).mode & 0o777, 0o600);
  const others = filesIn(out).filter((file) => !file.endsWith("/claim"));
  t.deepEqual(
    others.filter((file) => readFileSync(file).includes(claim)),
    [],
    "nowhere else",
  );
  t.false(made.text.includes(claim));
  const again = await provision(...args, "--json");
  t.is(JSON.parse(again.text).gateways[0].fingerprint, markOf(claim).fingerprint);
  t.is(readFileSync(join(out, "gw-1/claim"), "utf8").trim(), claim);
  t.regex(readFileSync(join(out, "gw-2/gateway.yaml"), "utf8"), /世纪大道 \\"七\\" 号/);
  writeFileSync(join(dir, "claims.jsonl"), readFileSync(join(out, "claims.jsonl")));
  for (const id of ["gw-1", "gw-2", "gw-3"]) {
    const enrolled = await provision("enrol", "--config", join(out, id, "gateway.yaml"));
    t.is(enrolled.code, 0, enrolled.text);
  }
  t.deepEqual(
    server.entries.map(({ gateway, kind }) => [gateway, kind]),
    [
      ["gw-1", "issued"],
      ["gw-2", "issued"],
      ["gw-3", "issued"],
    ],
  );
});

test("a table or a template with mistakes makes nothing, and says where they are", async (t) => {
  t.timeout(120_000);
  const home = tempDir("home");
  const [sites, form] = [join(home, "sites.csv"), join(home, "form.yaml")];
  const out = join(home, "batch");
  const tried = async (table: string, template: string, lang = "en") => {
    writeFileSync(sites, table);
    writeFileSync(form, template);
    return await provision("batch", sites, "--template", form, "--out", out, "--lang", lang);
  };
  const good = "gateway: { id: {{ id }} }\n";
  const cases = [
    [
      "id\ngw-1\ngw 2\ngw-1\n",
      good,
      /line 3: 'gw 2' is no gateway id[\s\S]*line 4: gw-1 is on line 2/,
    ],
    ["name\nx\n", good, /there is no column id/],
    ["id\n", good, /there is no site in it/],
    ["id,name\ngw-1\n", good, /this is no CSV/],
    ["id\ngw-1\n", "gateway: { id: {{ nme }} }\n", /for gw-1: undefined variable: nme/],
    [
      "id\ngw-1\n",
      "gateway: { id: gw-0 }\n",
      /gateway 'gw-0'\. Write gateway: \{ id: \{\{ id \}\} \}/,
    ],
  ] as const;
  for (const [table, template, pattern] of cases) {
    const { code, text } = await tried(table, template);
    t.is(code, 1);
    t.true(text.split("\n").length > 0);
    t.regex(text.split("\n").toSorted().join("\n"), pattern);
  }
  t.regex((await tried("id\n", good, "zh-CN")).text, /第 1 行：其中没有站点/);
  t.false(existsSync(out));
  t.is((await provision("batch", sites)).code, 2);
  t.is((await provision("install")).code, 2);
});

test("a gateway measures before it is enrolled, and enrols by itself once there is a claim", async (t) => {
  t.timeout(180_000);
  const { dir, server } = await centre(t);
  const claim = join(tempDir("claim"), "claim");
  const home = gatewayHome(`buses: { b: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { d: { bus: b, unit: 1, points: { x: { area: coil, address: 0, type: bool, every: 1s } } } }
enrolment: { url: "${server.url}", ca: ${server.authority.file}, claim: ${claim} }
destinations: { centre: { kind: mqtt, url: "mqtts://127.0.0.1:1", tls: { identity: true } } }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  t.is((await home.status()).points.length, 1);
  t.is((await provision("--config", home.config)).code, 1);
  writeFileSync(claim, newClaim(dir, "gw-test"));
  const isEnrolled = async () => (await provision("--config", home.config)).code === 0;
  await until("the gateway to enrol", 60_000, isEnrolled);
  t.is(server.entries.filter(({ kind }) => kind === "issued").length, 1);
  await gateway.end("SIGTERM");
  const said = gateway.lines.join("\n");
  t.false(said.includes(readFileSync(claim, "utf8")) || said.includes("PRIVATE"));
});
