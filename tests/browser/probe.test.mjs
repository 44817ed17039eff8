// What cards, buttons, forms and failures of any plugin look like: the probe component does what it is told.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Host, closeChat, closeLeftovers, openChat, say, startBrowser, violations } from "./support.mjs";

let host;
let browser;

before(async () => {
  host = await Host.start("--component", process.env.PROBE_COMPONENT);
  browser = await startBrowser();
});

afterEach(() => closeLeftovers(browser));

after(async () => {
  await browser?.close();
  await host?.stop();
});

test("a button of a card answers whoever presses it, with what the plugin gave it", async () => {
  const page = await openChat(browser, host);
  const other = await openChat(browser, host, { user: "jonas" });
  await say(page, "/probe button");
  const card = other.getByRole("region", { name: "A card" });
  assert.equal(await card.locator("em").innerText(), "button");
  assert.deepEqual(await violations(other), []);
  assert.ok(!(await (await other.request.get(`${host.url}/api/channels/town-square/posts`)).text()).includes("hello from"), "what a button gives back stays between plugin and host");
  await card.getByRole("button", { name: "Press" }).click();
  await other.locator(".post-private", { hasText: "press says hello from maya" }).waitFor();
  assert.equal(await page.locator(".post-private", { hasText: "press says" }).count(), 0);
  assert.equal(await other.getByRole("link", { name: "Open it" }).getAttribute("href"), "https://example.com/");
  await closeChat(page);
  await closeChat(other);
});

test("a form says what is wrong with a field, and closes when all is right", async () => {
  const page = await openChat(browser, host);
  await say(page, "/probe dialog");
  const form = page.getByRole("dialog", { name: "A question" });
  const topic = form.getByRole("textbox", { name: "Topic" });
  await topic.waitFor();
  assert.deepEqual(await violations(page), []);
  await form.getByRole("button", { name: "Send" }).click();
  await form.getByText("Fill this in.").waitFor();
  assert.equal(await topic.getAttribute("aria-invalid"), "true");
  assert.equal(await topic.evaluate((field) => field === document.activeElement), true);
  await topic.fill("Plans");
  await topic.press("Enter");
  await form.waitFor({ state: "detached" });
  await closeChat(page);
});

test("a plugin that crashes fails one command, in a sentence", async () => {
  const page = await openChat(browser, host);
  await say(page, "/probe trap");
  await page.locator(".notice-error", { hasText: "The plugin gave no answer" }).waitFor();
  assert.equal(await page.locator("#message-box").inputValue(), "/probe trap", "what was typed is not lost");
  await say(page, "/probe ok");
  await page.locator(".post-private", { hasText: "ok" }).last().waitFor();
  await closeChat(page);
});
