import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { connectAsync } from "mqtt";
import type { MqttSettings } from "../../edge/core/uplink.ts";
import { hasFile, keep, readOf } from "../../edge/world/identity/files.ts";
import { connectMqtt } from "../../edge/world/mqtt.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";
import { startEnrolment } from "./enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "./gateway-claim.ts";
import { startIdentityBroker } from "./identity-broker.ts";

const test = testWith("mosquitto");
const never = new AbortController().signal;

async function centre(t: ExecutionContext) {
  const dir = tempDir("centre");
  const server = await startEnrolment(dir);
  t.teardown(() => server.close());
  const broker = await startIdentityBroker(dir, server);
  t.teardown(() => broker.close());
  const enrolled = async (gateway: string) => {
    const claim = [newClaim(dir, gateway)];
    const made = newGateway({ gateway, server: wayTo(server), claim });
    await made.identity.enrol(never);
    return made;
  };
  const settings = (gateway: string, identity: string): MqttSettings => ({
    ...{ url: broker.url, clientId: `lifeline-${gateway}-centre`, tls: { identity } },
    ...{ keepAliveS: 30, connectTimeoutMs: 5000 },
  });
  return { dir, server, broker, enrolled, settings };
}

const message = (gateway: string) => ({
  topic: `lifeline/v1/${gateway}/readings`,
  payload: "{}",
  retain: false,
});

test("a gateway can neither take another one's session over nor write its topics", async (t) => {
  const { broker, enrolled, settings } = await centre(t);
  const [one, other] = [await enrolled("gw-1"), await enrolled("gw-2")];
  const heard: string[] = [];
  const centreSide = await connectAsync(broker.adminUrl);
  t.teardown(() => centreSide.endAsync(true));
  centreSide.on("message", (topic) => heard.push(topic));
  await centreSide.subscribeAsync("lifeline/#");
  const uplink = await connectMqtt(settings("gw-1", one.dir), never);
  t.teardown(() => uplink.close());
  let isOver = false;
  void uplink.closed.then(() => {
    isOver = true;
  });
  const thief = await connectMqtt({ ...settings("gw-2", other.dir), clientId: "gw-1" }, never);
  t.teardown(() => thief.close());
  await thief.publish(message("gw-1"));
  t.is(await thief.publish(message("gw-2")), "accepted");
  t.is(await uplink.publish(message("gw-1")), "accepted");
  t.false(isOver);
  for (let tries = 0; heard.length < 2 && tries < 200; tries++) await sleep(25);
  t.deepEqual(heard, ["lifeline/v1/gw-2/readings", "lifeline/v1/gw-1/readings"]);
});

test("a revoked gateway's open session is cut within a minute, it does not come back, the others stay", async (t) => {
  const { server, broker, enrolled, settings } = await centre(t);
  const [one, other] = [await enrolled("gw-1"), await enrolled("gw-2")];
  const uplink = await connectMqtt(settings("gw-1", one.dir), never);
  const neighbour = await connectMqtt(settings("gw-2", other.dir), never);
  t.teardown(() => neighbour.close());
  const from = Date.now();
  t.is(await server.revoke("gw-1"), 1);
  await broker.cut("gw-1");
  await uplink.closed;
  t.true(Date.now() - from < 60_000);
  t.log(`cut after ${Date.now() - from} ms`);
  const error = await t.throwsAsync(connectMqtt(settings("gw-1", one.dir), never));
  t.is((error as { code?: string }).code, "uplink.client-certificate", error?.message);
  t.not(await neighbour.publish(message("gw-2")), "failed");
});

test("a renewed certificate takes the old one's place once a broker has taken it", async (t) => {
  const { enrolled, settings } = await centre(t);
  const { dir, identity } = await enrolled("gw-1");
  await identity.renew(never);
  const renewed = identity.standing().next?.serial;
  await (await connectMqtt(settings("gw-1", dir), never)).close();
  t.is(identity.standing().current?.serial, renewed);
  t.false(hasFile(dir, "next"));
});

test("a renewed certificate that the broker refuses leaves the old one in force", async (t) => {
  const { enrolled, settings } = await centre(t);
  const { dir, identity } = await enrolled("gw-1");
  const before = identity.standing().current?.serial;
  const dirElsewhere = tempDir("centre");
  const elsewhere = await startEnrolment(dirElsewhere);
  t.teardown(() => elsewhere.close());
  const claim = [newClaim(dirElsewhere, "gw-1")];
  const foreign = newGateway({ server: wayTo(elsewhere), claim });
  await foreign.identity.enrol(never);
  keep(dir, "next", readOf(foreign.dir, "credential") ?? "");
  const uplink = await connectMqtt(settings("gw-1", dir), never);
  t.not(await uplink.publish(message("gw-1")), "failed");
  await uplink.close();
  t.is(identity.standing().current?.serial, before);
  t.true(hasFile(dir, "next"), "it is tried again at the next connect");
});

test("before there is an identity a destination says so and can be tried again", async (t) => {
  const { enrolled, settings } = await centre(t);
  const bare = newGateway();
  const error = await t.throwsAsync(connectMqtt(settings("gw-1", bare.dir), never));
  t.is((error as { code?: string }).code, "uplink.secret");
  t.regex(error?.message ?? "", /no identity yet.*lifeline provision/);
  const { dir } = await enrolled("gw-1");
  keep(dir, "hardware", "another-board\n");
  const here = newGateway({ dir, board: "this-board" });
  t.is(here.identity.standing().state, "foreign");
});
