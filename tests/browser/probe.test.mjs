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
  const card = other.getByRole("group", { name: "A card" });
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

test("a form has a control of each kind, and closing it tells the plugin", async () => {
  const page = await openChat(browser, host);
  await say(page, "/probe dialog");
  const form = page.getByRole("dialog", { name: "A question" });
  assert.equal(await form.locator("em").innerText(), "introduction");
  await form.getByRole("textbox", { name: "Topic" }).fill("Tea & <b>");
  await form.getByRole("textbox", { name: "Notes" }).fill("two\nlines");
  await form.getByRole("textbox", { name: "Number" }).fill("8");
  assert.equal(await form.getByRole("checkbox", { name: "Sure" }).isChecked(), true);
  await form.getByRole("checkbox", { name: "Sure" }).uncheck();
  assert.equal(await form.getByRole("radio", { name: "GREEN" }).isChecked(), true);
  await form.getByRole("radio", { name: "RED" }).check();
  assert.equal(await form.getByRole("combobox", { name: "Shade" }).inputValue(), "red");
  await form.getByRole("combobox", { name: "Shade" }).selectOption("green");
  await form.getByRole("button", { name: "Send" }).click();
  await form.waitFor({ state: "detached" });
  await say(page, "/probe kv get submission");
  await page.locator(".post-private", { hasText: /ask kept false colour=red notes=two\s*lines number=8 shade=green sure=false topic=Tea & <b>/ }).waitFor();
  await say(page, "/probe dialog");
  await form.getByRole("button", { name: "Cancel" }).click();
  await form.waitFor({ state: "detached" });
  await say(page, "/probe kv get submission");
  await page.locator(".post-private", { hasText: "ask kept true" }).waitFor();
  await closeChat(page);
});

test("a private card with buttons is drawn where it was asked for, and its answers come there", async () => {
  const page = await openChat(browser, host);
  await say(page, "Shall we talk?");
  const question = page.locator(".post", { hasText: "Shall we talk?" }).last();
  await question.hover();
  await question.getByRole("button", { name: "Reply in a thread" }).click();
  const thread = page.getByRole("complementary", { name: "Thread" });
  const box = thread.getByRole("textbox", { name: "Reply in this thread" });
  await box.fill("/probe private ");
  await box.press("Enter");
  const reply = thread.locator(".post-private", { has: page.getByRole("group", { name: "A card" }) });
  await reply.getByText("Only visible to you").waitFor();
  assert.deepEqual(await violations(page), []);
  await reply.getByRole("button", { name: "Press" }).click();
  await thread.locator(".post-private", { hasText: "press says hello from maya" }).waitFor();
  await reply.getByRole("button", { name: "Ask" }).click();
  await page.getByRole("dialog", { name: "A question" }).getByRole("button", { name: "Cancel" }).click();
  const other = await openChat(browser, host, { user: "priya" });
  await other.locator(".post", { hasText: "Shall we talk?" }).waitFor();
  const theirs = await (await other.request.get(`${host.url}/api/channels/town-square/posts`)).json();
  assert.deepEqual(theirs.private, [], "nobody else is shown it");
  await closeChat(other);
  await closeChat(page);
});

test("a post with a file offers it, and draws no empty card below", async () => {
  const page = await openChat(browser, host);
  await say(page, `/probe transcript ${host.url}/health`);
  const post = page.locator(".post", { hasText: "A transcript." }).last();
  const file = post.getByRole("link", { name: "Download the file" });
  assert.deepEqual(JSON.parse(await (await page.request.get(new URL(await file.getAttribute("href"), host.url).href)).text()), { status: "ok" });
  assert.equal(await post.locator(".card").count(), 0);
  assert.deepEqual(await violations(page), []);
  await closeChat(page);
});

test("a plugin that crashes fails one command, in a sentence", async () => {
  const page = await openChat(browser, host);
  await say(page, "/probe trap");
  await page.locator(".notice-error", { hasText: "Something went wrong inside the Zoom plugin" }).waitFor();
  assert.equal(await page.locator("#message-box").inputValue(), "/probe trap", "what was typed is not lost");
  await say(page, "/probe ok");
  await page.locator(".post-private", { hasText: "ok" }).last().waitFor();
  await closeChat(page);
});
