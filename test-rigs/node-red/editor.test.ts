import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type Browser, chromium, type Page } from "playwright-core";
import { testWith } from "../debian/test-with.ts";
import { example, nodeRedDir, startNodeRed } from "./rig.ts";

const test = testWith("chromium", "fonts-noto-cjk");

/** Where pictures go, for whoever wants to look at them. */
const PICTURES = process.env.LIFELINE_PICTURES;

const WORDS = {
  "en-US": {
    labels: ["reading in", "alarm in", "status in", "write", "ack alarm", "derived out"],
    row: "Only readings of good quality",
    confirm: "I have checked this list",
    help: "Sends a message for each reading of the points named.",
  },
  "zh-CN": {
    labels: ["读数输入", "报警输入", "状态输入", "写入", "确认报警", "推导值输出"],
    row: "仅质量良好的读数",
    confirm: "我已核对此清单",
    help: "对所列测点的每个读数发送一条消息。",
  },
} as const;

type Lang = keyof typeof WORDS;

async function editor(browser: Browser, url: string, lang: Lang) {
  const context = await browser.newContext({
    locale: lang,
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const asked = new Set<string>();
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.goto(url);
  await page.locator("#red-ui-palette .red-ui-palette-node").first().waitFor();
  return { page, asked };
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Opens the dialog of the first node of `type` that is deployed. */
async function edit(page: Page, type: string): Promise<void> {
  await page.evaluate((type) => {
    // biome-ignore lint/suspicious/noExplicitAny: the editor's own global, which has no types.
    const { RED } = globalThis as any;
    const [node] = RED.nodes.filterNodes({ type });
    RED.editor.edit(node);
  }, type);
  await page.locator(".red-ui-tray").last().waitFor();
  // The tray slides in.
  await page.locator("#node-input-name").waitFor();
}

/** Closes the dialog without a change; it slides out. */
async function close(page: Page): Promise<void> {
  await page.locator("#node-dialog-cancel").click();
  await page.locator("#node-dialog-cancel").waitFor({ state: "detached" });
}

test("the editor shows palette, dialogs and help in both languages, and asks nobody else", async (t) => {
  t.timeout(300_000);
  const { url, child, deploy } = await startNodeRed(nodeRedDir());
  t.teardown(() => child.end("SIGTERM"));
  const flows = [...example("risk index of all gas detectors"), ...example("siren on an alarm")];
  await deploy(flows);
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  t.teardown(() => browser.close());
  for (const lang of ["en-US", "zh-CN"] as const) {
    const { labels, row, confirm, help } = WORDS[lang];
    const { page, asked } = await editor(browser, url, lang);
    const palette = page.locator("#red-ui-palette-lifeline .red-ui-palette-label");
    await palette.first().waitFor({ state: "attached" });
    await picture(page, `palette-${lang}`);
    const texts = (await palette.allTextContents()).map((text) => text.replace(/\s+/g, " "));
    t.deepEqual(texts.toSorted(), [...labels].toSorted(), lang);
    await palette.first().scrollIntoViewIfNeeded();

    await edit(page, "lifeline-reading-in");
    t.true(await page.getByText(row).isVisible(), lang);
    await picture(page, `reading-in-${lang}`);
    await close(page);

    await edit(page, "lifeline-write");
    t.true(await page.getByText(confirm).isVisible(), lang);
    await picture(page, `write-${lang}`);
    await close(page);

    const shown = await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the editor's own global, which has no types.
      const { RED } = globalThis as any;
      return RED.nodes.getNodeHelp("lifeline-reading-in") as string;
    });
    t.true(shown.includes(help), lang);
    t.deepEqual([...asked], [url], "nothing is asked for elsewhere");
    await page.context().close();
  }
});

test("a list of points to write has to be confirmed by whoever sees it, and again when it changes", async (t) => {
  t.timeout(300_000);
  const { url, child, deploy } = await startNodeRed(nodeRedDir());
  t.teardown(() => child.end("SIGTERM"));
  await deploy(example("siren on an alarm"));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  t.teardown(() => browser.close());
  const { page } = await editor(browser, url, "en-US");
  const write = () =>
    page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the editor's own global, which has no types.
      const { RED } = globalThis as any;
      const [{ valid, confirmed, permitted }] = RED.nodes.filterNodes({ type: "lifeline-write" });
      return { valid, confirmed, permitted } as Record<string, unknown>;
    });
  t.like(await write(), { valid: false, confirmed: "" });

  await edit(page, "lifeline-write");
  t.false(await page.locator("#node-lifeline-confirm").isChecked());
  await page.locator("#node-lifeline-confirm").check();
  await page.locator("#node-dialog-ok").click();
  await page.locator("#node-dialog-ok").waitFor({ state: "detached" });
  t.like(await write(), { valid: true, confirmed: "siren.on" });

  await edit(page, "lifeline-write");
  await page.locator("#node-input-permitted").fill("siren.on valve-1.shut");
  t.false(
    await page.locator("#node-lifeline-confirm").isChecked(),
    "another list is not confirmed",
  );
  await page.locator("#node-dialog-ok").click();
  await page.locator("#node-dialog-ok").waitFor({ state: "detached" });
  t.like(await write(), { valid: false, confirmed: "" });
});
