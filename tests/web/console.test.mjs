// The plugin's page in the System Console.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REACTS, THEMES, closePage, openPage, picture, serve, violations } from "./support.mjs";

const server = serve({ options: ["--sign-in", "user"] });

const open = (react, context = {}) => openPage(server, { react, query: { view: "console" }, permissions: ["clipboard-read", "clipboard-write"], ...context });
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

for (const react of REACTS) {
  test(`with React ${react}, the addresses for Zoom are ready to be copied, and the secret shows when it is asked for`, async () => {
    const { WebhookSecret: secret } = await server.chat("maya", "GET", "settings");
    const webhook = `${server.url}/plugins/zoom/webhook?secret=${secret}`;
    const page = await open(react);
    await page.getByRole("button", { name: "Show the secret" }).waitFor();
    assert.ok(!(await page.content()).includes(secret), "nothing of it is in the page before");
    assert.ok(!(await page.content()).includes("***"), "the server's stars are no secret");
    await page.getByRole("button", { name: "Copy: Event notification endpoint URL" }).click();
    await page.getByText("Copied.").waitFor();
    assert.equal(await copied(page), webhook);
    await page.getByRole("button", { name: "Copy: OAuth Redirect URL" }).click();
    await page.waitForFunction(async (expected) => await navigator.clipboard.readText() === expected, `${server.url}/plugins/zoom/oauth2/complete`);
    await page.getByRole("button", { name: "Show the secret" }).click();
    await page.getByText(webhook, { exact: true }).waitFor();
    await page.getByText(`${server.url}/plugins/zoom/deauthorization?secret=${secret}`, { exact: true }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Hide the secret" }).click();
    await page.getByText(webhook, { exact: true }).waitFor({ state: "detached" });
    await closePage(page);
  });
}

test("the check asks the doctor, and says what is good and what is to be done", async () => {
  const page = await open(18, { viewport: { width: 900, height: 720 } });
  await page.getByRole("button", { name: "Check" }).click();
  const findings = page.locator("[aria-live] li");
  await findings.first().waitFor();
  await findings.filter({ hasText: "Good:" }).first().waitFor();
  assert.ok(await findings.count() >= 4);
  for (const theme of THEMES) {
    await page.evaluate((name) => window.page.set({ theme: name }), theme);
    await page.waitForFunction((name) => document.documentElement.dataset.theme === name, theme);
    assert.deepEqual(await violations(page), [], theme);
  }
  await page.evaluate(() => window.page.set({ theme: "denim" }));
  await picture(page, "web-console");
  await closePage(page);

  await server.chat("maya", "POST", "settings", { ZoomWebhookSecret: "", EncryptionKey: "short" });
  const sick = await open(18);
  await sick.getByRole("button", { name: "Check" }).click();
  await sick.locator("[aria-live] li", { hasText: "Not working:" }).filter({ hasText: "Press Regenerate" }).first().waitFor();
  await closePage(sick);
});

test("a plugin that is turned off leaves no style behind", async () => {
  const page = await open(18);
  const styles = () => page.locator("style").evaluateAll((all) => all.filter((style) => style.textContent.includes("zoom-")).length);
  assert.equal(await styles(), 1);
  await page.evaluate(() => window.page.remove());
  assert.equal(await styles(), 0);
  await closePage(page);
});
