import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { Reader } from "../../buffer/reader.ts";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { until } from "./rig.ts";

const test = testWith("chromium", "fonts-noto-cjk");

const PIN = "482916";

const PHONE = {
  viewport: { width: 360, height: 640 },
  ...{ deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "zh-CN" },
};
const DESK = {
  viewport: { width: 1280, height: 800 },
  locale: "en-GB",
  colorScheme: "dark",
} as const;

/** A port of this machine that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** A street with a gas detector whose value the test sets, others that move, and one that is dead. */
async function street() {
  let gas = 6;
  const wave = (middle: number, by: number, everyS: number) => (atMs: number) =>
    Math.round(middle + by * Math.sin((2 * Math.PI * atMs) / (1000 * everyS)));
  const at = (address: number, valueAt: (atMs: number) => number) =>
    ({ area: "holding", address, type: "int16", valueAt }) as const;
  const devices = [
    modbusDevice(1, [at(0, () => gas), at(1, wave(184, 4, 30))]),
    modbusDevice(2, [at(0, wave(1420, 90, 20)), at(1, wave(112, 3, 50))]),
    modbusDevice(3, [at(0, wave(412, 25, 8))]),
  ];
  const plant = await openModbusTcp({ devices });
  const point = (address: number, scale: number, unit: string) =>
    `{ area: holding, address: ${address}, type: int16, scale: ${scale}, unit: "${unit}", every: 500ms }`;
  const yaml = (port: number) => `
buses: { street: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port}, timeout: 300ms } }
devices:
  gas-1: { bus: street, unit: 1, points: { gas: ${point(0, 1, "%[LEL]")}, temp: ${point(1, 0.1, "Cel")} } }
  level-1: { bus: street, unit: 2, points: { level: ${point(0, 0.001, "m")}, temp: ${point(1, 0.1, "Cel")} } }
  main-1: { bus: street, unit: 3, points: { pressure: ${point(0, 0.001, "MPa")} } }
  gas-2: { bus: street, unit: 9, points: { gas: ${point(0, 1, "%[LEL]")} } }
alarms:
  gas-low: { point: gas-1.gas, high: 25, deadband: 2, severity: yellow }
  gas-high: { point: gas-1.gas, high: 50, deadband: 2, severity: red }
  level-high: { point: level-1.level, high: 2.5, severity: orange }
panel: { listen: "127.0.0.1:${port}", pin: "\${file:pin}" }`;
  const setGas = (to: number) => {
    gas = to;
  };
  return { yaml, setGas, close: () => plant.close() };
}

/** A page of its own browser window, and what it asked for and complained of. */
async function visit(browser: Browser, url: string, how: BrowserContextOptions) {
  const context = await browser.newContext(how);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked = new Set<string>();
  const complaints: string[] = [];
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, asked, complaints };
}

/** What axe finds against WCAG 2.2 AA in what is seen: roles, names, contrast and the like. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const tags = JSON.stringify(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]);
  return await page.evaluate<string[]>(
    `axe.run({ runOnly: ${tags} }).then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ").slice(0, 300)))`,
  );
}

/** Where pictures for the README go; left out where none are wanted. */
const SHOTS = process.env.PANEL_SHOTS;

async function shot(page: Page, name: string, height: number): Promise<void> {
  if (SHOTS === undefined) return;
  const width = await page.evaluate<number>("innerWidth");
  const clip = { x: 0, y: 0, width, height };
  await page.screenshot({ path: join(SHOTS, name), clip, fullPage: true });
}

/** Where pictures are wanted: waits until the plot that is so called shows something. */
async function plotted(page: Page, called: string): Promise<void> {
  if (SHOTS === undefined) return;
  await page.locator(`[aria-label^="${called}"]`).waitFor({ timeout: 150_000 });
}

/** Whether nothing is wider than the window. */
function fits(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth <= innerWidth");
}

test("a phone and a laptop see values, alarms and faults, answer with the PIN, and see a gateway end and come back", async (t) => {
  t.timeout(240_000);
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const plant = await street();
  stack.defer(() => plant.close());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const home = gatewayHome(plant.yaml(port));
  writeFileSync(join(home.dir, "pin"), `${PIN}\n`);
  const [gateway, browser] = await Promise.all([
    home.start(),
    chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }),
  ]);
  stack.defer(() => gateway.end("SIGKILL"));
  stack.defer(() => browser.close());
  await gateway.waitFor(/the local page is served/, 20_000);

  const phone = await visit(browser, url, PHONE);
  const desk = await visit(browser, url, DESK);
  const row = (page: Page, point: string) => page.locator(`#point-rows [data-key="${point}"]`);
  await row(phone.page, "gas-1.gas").locator(".value", { hasText: "6 %[LEL]" }).waitFor();
  await row(desk.page, "gas-2.gas").locator(".mark.bad").waitFor();
  await phone.page.getByRole("heading", { name: "报警" }).waitFor();
  await desk.page.getByRole("heading", { name: "Alarms" }).waitFor();
  t.is(await phone.page.locator("#link").textContent(), "实时");
  await row(desk.page, "level-1.level").locator(".plot path").waitFor();
  t.regex(
    (await row(desk.page, "level-1.level").locator(".plot").getAttribute("aria-label")) ?? "",
    /level-1\.level over the last \d+ secs?: 1\.\d+ to 1\.\d+/,
  );

  await plotted(desk.page, "level-1.level over the last 2 min");

  plant.setGas(57);
  const card = (page: Page, alarm: string) => page.locator(`[data-alarm="${alarm}"]`);
  await card(phone.page, "gas-high").getByText("报警，未确认").waitFor();
  await desk.page.locator("#news", { hasText: "gas-high: red, ACTIVE" }).waitFor();
  await plotted(phone.page, "gas-1.gas 近 2分钟：6 至 57");
  t.true(await fits(phone.page));
  t.true(await fits(desk.page));
  t.deepEqual(await barriers(phone.page), []);
  await shot(phone.page, "phone.png", 900);

  await card(phone.page, "gas-high").getByRole("button", { name: "确认报警 gas-high" }).tap();
  const dialog = phone.page.locator("#pin-dialog");
  t.deepEqual(await barriers(phone.page), []);
  await dialog.getByLabel("本网关的 PIN 码").fill("000000");
  await dialog.getByRole("button", { name: "解锁" }).tap();
  await dialog.getByText("PIN 码不正确").waitFor();
  await dialog.getByLabel("本网关的 PIN 码").fill(PIN);
  await dialog.getByRole("button", { name: "解锁" }).tap();
  await dialog.waitFor({ state: "hidden" });
  await phone.page.getByRole("button", { name: "结束操作" }).waitFor();
  await card(phone.page, "gas-high").getByRole("button", { name: "确认报警 gas-high" }).tap();
  await card(phone.page, "gas-high").getByText("报警，已确认").waitFor();
  await card(desk.page, "gas-high").getByText("by panel:127.0.0.1").waitFor();
  const answered = (await home.status()).alarms.find(({ alarm }) => alarm === "gas-high");
  t.like(answered, { state: "acknowledged", by: { who: "panel:127.0.0.1" } });

  // By keyboard alone, and with a reason that is no markup.
  await card(desk.page, "gas-low").getByRole("button", { name: "Shelve alarm gas-low" }).focus();
  await desk.page.keyboard.press("Enter");
  await desk.page.keyboard.type(PIN);
  await desk.page.keyboard.press("Enter");
  await desk.page.locator("#pin-dialog").waitFor({ state: "hidden" });
  await desk.page.getByRole("button", { name: "End work" }).waitFor();
  await card(desk.page, "gas-low").getByRole("button", { name: "Shelve alarm gas-low" }).focus();
  await desk.page.keyboard.press("Enter");
  const reason = SHOTS === undefined ? "<img src=x onerror=alert(1)>" : "sensor is being washed";
  await desk.page.keyboard.type(reason);
  await desk.page.keyboard.press("Enter");
  await card(desk.page, "gas-low").getByText(reason).waitFor();
  t.is(await desk.page.locator("img").count(), 0);

  await desk.page.locator("#findings .card", { hasText: "gas-2" }).waitFor({ timeout: 40_000 });
  t.deepEqual(await barriers(desk.page), []);
  await shot(desk.page, "desktop.png", 800);
  await desk.page.getByLabel("Language").selectOption("zh-CN");
  await desk.page.getByRole("heading", { name: "故障诊断" }).waitFor();
  await desk.page.getByLabel("仅显示异常").check();
  await until("the good points go", 10_000, async () => {
    return (await desk.page.locator("#point-rows [role=row]").count()) === 1;
  });

  await gateway.end("SIGTERM");
  t.is(await gateway.exited, 0);
  await phone.page.locator("#link", { hasText: "网关无应答" }).waitFor();
  t.deepEqual(await barriers(phone.page), []);
  await shot(phone.page, "phone-lost.png", 640);
  t.deepEqual(desk.complaints.concat(phone.complaints).filter(isOwn), []);
  const reader = new Reader(join(home.dir, "buffer", "lifeline.db"));
  const bodies = reader.rows("events", reader.span("events")).map(({ row }) => row?.body ?? "");
  reader.close();
  const opened = bodies.filter((body) => /"panel-opened".*"who":"panel:127\.0\.0\.1"/.test(body));
  t.is(opened.length, 2);
  const again = await home.start();
  stack.defer(() => again.end("SIGKILL"));
  await phone.page.locator("#link", { hasText: "实时" }).waitFor();
  await phone.page.getByText("网关已恢复应答").waitFor();
  await phone.page.getByRole("button", { name: "输入 PIN 码" }).waitFor();
  t.deepEqual([...phone.asked, ...desk.asked], [new URL(url).origin, new URL(url).origin]);
});

/** A browser complains of each answer that is a refusal, and of a gateway that is gone. */
function isOwn(complaint: string): boolean {
  return !/Failed to load resource/.test(complaint);
}
