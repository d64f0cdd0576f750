import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { configFindings } from "./config-findings.ts";

function found(yaml: string): readonly string[] {
  const readFile = (): string => {
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  };
  const outside = { profiles: new Map(), readFile, env: () => undefined, folder: "/" };
  const { problems } = loadConfig(yaml, outside);
  return configFindings(problems, "en").map(({ code, subject }) => `${subject} ${code}`);
}

const HEAD = `gateway: { id: gw-1 }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1 } }
devices: { a: { bus: line, unit: 1, points: { x: { area: holding, address: 0, type: uint16 } } } }
`;

test("what is missing beside the configuration is told as such, and what is wrong within as that", (t) => {
  const to = (more: string) =>
    `${HEAD}destinations: { centre: { kind: mqtt, url: "mqtts://b"${more} } }`;
  t.deepEqual(found(to(`, username: u, password: "\${file:/none}"`)), [
    "destinations.centre.password secret.missing",
  ]);
  const own = found(to(", tls: { cert: /none.pem, key: /none.key }"));
  t.true(own.every((each) => each.endsWith("identity.missing")) && own.length > 0);
  t.deepEqual(found(`${HEAD}bufer: {}`), ["bufer config.invalid"]);
});
