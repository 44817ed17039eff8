// Whoever has to connect a Zoom account first is taken through it in the tab of the press, and ends in the meeting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MEETING, REACTS, card, channel, closePage, openPage, opened, serve, startButton } from "./support.mjs";

// Below a path, as some servers live: links and files that do not mind it lead nowhere.
const server = serve({ base: "/mattermost", options: ["--sign-in", "user"] });

const USERS = ["maya", "jonas", "tomas"];

for (const [index, react] of REACTS.entries()) {
  test(`with React ${react}, the tab goes by Zoom into the meeting`, async () => {
    const user = USERS[index];
    const page = await openPage(server, { react, user, query: { channel: "design-review" } });
    const tab = await opened(page, () => startButton(page).click());
    await tab.getByRole("heading", { level: 1, name: "Chat plugin asks for access to your Zoom account" }).waitFor();
    assert.match(tab.url(), /\/zoom-sim\/oauth\/authorize\?/);
    assert.equal(await card(channel(page)).count(), 0, "not before the account is connected");
    await tab.getByRole("link", { name: `Allow as ${user}@example.com` }).click();
    await tab.waitForURL(MEETING);
    const join = card(channel(page)).getByRole("link", { name: "Join the meeting" });
    assert.match(await join.getAttribute("href"), /^\/mattermost\/plugins\/zoom\/join\/[\w-]+$/);
    const joined = await opened(page, () => join.click());
    assert.equal(joined.url(), tab.url());
    await closePage(page);
  });
}

test("texts of another language are fetched below the path", async () => {
  const page = await openPage(server, { locale: "fr" });
  await page.getByRole("button", { name: "Démarrer une réunion Zoom" }).waitFor();
  await closePage(page);
});
