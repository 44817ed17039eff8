// The page of the local host in headless Chromium: a meeting from the command to its card's end.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const { LOCAL_HOST, ZOOM_CWASM, CHROMIUM, PICTURES } = process.env;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const LIMIT_MS = 10_000;

let folder, host, address, browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "local-chat-"));
  host = spawn(LOCAL_HOST, ["--component", ZOOM_CWASM, "--data", join(folder, "data"), "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  address = await new Promise((resolve, reject) => {
    let said = "";
    host.stdout.on("data", (chunk) => {
      said += chunk;
      const found = said.match(/The chat is at (\S+)/);
      if (found) resolve(found[1]);
    });
    host.once("exit", (code) => reject(new Error(`the local host ended with ${code}: ${said}`)));
  });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

after(async () => {
  await browser?.close();
  if (host && host.exitCode === null) {
    const gone = new Promise((resolve) => host.once("exit", resolve));
    host.kill("SIGINT");
    await gone;
  }
  if (folder) await rm(folder, { recursive: true });
});

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  await page.goto(address);
  const box = page.locator("#main textarea");
  await box.waitFor();
  return { context, page, box };
}

async function type(box, text) {
  await box.fill(text);
  await box.press("Escape");
  await box.press("Enter");
}

async function panel(page) {
  const side = page.locator("#side[aria-label=Zoom]");
  if (!(await side.isVisible())) await page.getByRole("button", { name: /zoom/i }).first().click();
  await side.waitFor();
  return side;
}

const cards = (page) => page.locator("#main section.card.meeting");

async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

test("a meeting runs from the command to the end of its card", async () => {
  const { context, page, box } = await open();
  await type(box, "/zoom start Sprint review");
  const card = cards(page).filter({ hasText: "Sprint review" });
  await card.waitFor();
  assert.equal(await card.count(), 1);

  const side = await panel(page);
  const row = side.locator(".meeting-row", { hasText: "Sprint review" });
  await row.getByRole("button", { name: "Start", exact: true }).click();
  await row.locator(".pill", { hasText: "Running" }).waitFor();
  await page.locator("#main section.card.meeting-live", { hasText: "Sprint review" }).waitFor();
  await picture(page, "chat-running");

  await row.getByRole("combobox").selectOption("47");
  await row.getByRole("button", { name: "End" }).click();
  const over = page.locator("#main section.card.meeting-over", { hasText: "Sprint review" });
  await over.waitFor();
  assert.match(await over.innerText(), /47 min/);
  await picture(page, "chat-ended");
  await context.close();
});

test("a number that is no meeting is refused to the one who typed it", async () => {
  const { context, page, box } = await open();
  const before = await cards(page).count();
  await type(box, "/zoom share 12345");
  await page.getByText("neither a meeting ID of 9 to 11 digits nor a Zoom link").waitFor();
  assert.equal(await cards(page).count(), before);
  await context.close();
});

test("the keyboard completes the command", async () => {
  const { context, page, box } = await open();
  await box.pressSequentially("/zoom sh");
  const option = page.getByRole("option").filter({ hasText: "share" }).first();
  await option.waitFor();
  await box.press("Tab");
  await page.waitForFunction(() => document.querySelector("#main textarea").value.startsWith("/zoom share"));
  await context.close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in ${colorScheme}`, async () => {
    const { context, page } = await open({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map((violation) => [violation.id, violation.nodes.map((node) => node.target.join(" "))]), []);
    await picture(page, `chat-${colorScheme}`);
    await context.close();
  });
}

test("the page fits a phone", async () => {
  const { context, page } = await open({ viewport: { width: 414, height: 896 } });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 414, `the page is ${wide} px wide`);
  await picture(page, "chat-phone");
  await context.close();
});
