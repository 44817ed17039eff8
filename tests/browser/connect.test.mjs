// People connect their Zoom accounts, or the organisation's, in the browser.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { Host, closeChat, closeLeftovers, openChat, openElsewhere, picture, say, startBrowser, violations } from "./support.mjs";

let host;
let browser;

before(async () => {
  host = await Host.start("--sign-in", "user");
  browser = await startBrowser();
});

afterEach(() => closeLeftovers(browser));

after(async () => {
  await browser?.close();
  await host?.stop();
});

const card = (place, topic) => place.getByRole("group", { name: `Zoom meeting: ${topic}` });
const invitation = (place, name = "Connect your Zoom account") => place.locator(".post-private").getByRole("link", { name }).last();
const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** How often the plugin was given a token in exchange for a code. */
async function grants(page) {
  const { calls } = await (await page.request.get(`${host.url}/api/zoom`)).json();
  return calls.filter((call) => JSON.stringify(call).includes("/oauth/token")).length;
}

/** A window as small as the page is. */
const SMALL = { width: 640, height: 360 };

/** Follows a link into the tab that it opens. */
async function follow(page, link) {
  const [tab] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  return tab;
}

/** Allows the app on Zoom's page, as one of the people there. */
async function allow(tab, name) {
  await heading(tab, "Chat plugin asks for access to your Zoom account").waitFor();
  assert.match(tab.url(), /\/zoom-sim\/oauth\/authorize\?/);
  await tab.getByRole("link", { name: `Allow as ${name}@example.com` }).click();
}

/** The address in an invitation, asked for by `/zoom connect`. */
async function connectLink(page) {
  const known = await page.locator(".post-private").count();
  await say(page, "/zoom connect");
  await page.locator(".post-private").nth(known).waitFor();
  return invitation(page).getAttribute("href");
}

describe("where everybody connects their own Zoom account", () => {
  test("a meeting is made after the way to Zoom, in the thread where it was wanted", async () => {
    const page = await openChat(browser, host, { user: "jonas" });
    const plan = page.locator("#main .post", { hasText: "Who starts the meeting?" });
    await plan.hover();
    await plan.getByRole("button", { name: "Reply in a thread" }).click();
    const thread = page.getByRole("complementary", { name: "Thread" });
    const box = thread.getByRole("textbox", { name: "Reply in this thread" });
    await box.fill("/zoom start Sprint review");
    await box.press("Enter");
    await thread.getByText("What you wanted is done right after it.").waitFor();
    assert.equal(await card(thread, "Sprint review").count(), 0, "not before the account is connected");

    const tab = await follow(page, invitation(thread));
    await allow(tab, "jonas");
    await tab.getByText("Not started yet").waitFor();
    const joined = tab.url();
    assert.match(joined, /\/zoom-sim\/j\/\d+\?pwd=/);
    const join = card(thread, "Sprint review").getByRole("link", { name: "Join Sprint review" });
    assert.equal(await join.getAttribute("href"), joined);
    assert.equal(await card(page.locator("#main"), "Sprint review").count(), 0, "it is in the thread, not in the channel");

    await page.keyboard.press("Escape");
    await say(page, "/zoom start --new Right away");
    await card(page.locator("#main"), "Right away").waitFor();
    await closeChat(page);
  });

  test("a browser without a session asks first, and the account at Zoom may have another address", async () => {
    const page = await openChat(browser, host, { user: "priya" });
    const tab = await openElsewhere(browser, await connectLink(page), { viewport: SMALL });
    await heading(tab, "Connect Zoom").waitFor();
    await tab.getByText("You are about to connect Zoom to the Local Chat account @priya (Priya Raman).").waitFor();
    assert.deepEqual(await violations(tab), []);
    await picture(tab, "connect");
    await tab.getByRole("button", { name: "Continue to Zoom" }).press("Enter");
    await allow(tab, "tomas");
    await heading(tab, "Zoom is connected").waitFor();
    assert.deepEqual(await violations(tab), []);
    await page.locator(".post-private", { hasText: "Your Zoom account (tomas@example.com) is now connected to the Local Chat account @priya." }).waitFor();
    await say(page, "/zoom start --new Under another address");
    await card(page.locator("#main"), "Under another address").waitFor();
    const meetings = (await (await page.request.get(`${host.url}/api/zoom`)).json()).meetings;
    assert.equal(meetings.find((meeting) => meeting.topic === "Under another address").host_email, "tomas@example.com");
    await closeChat(tab);
    await closeChat(page);
  });

  test("who refuses at Zoom is told what that means, and a link is good once", async () => {
    const page = await openChat(browser, host, { user: "maya" });
    const link = await connectLink(page);
    const tab = await openElsewhere(browser, link);
    await tab.getByRole("button", { name: "Continue to Zoom" }).click();
    await tab.getByRole("link", { name: "Refuse" }).click();
    await heading(tab, "Zoom is not connected").waitFor();
    assert.deepEqual(await violations(tab), []);
    await tab.goto(link);
    await heading(tab, "This link no longer works").waitFor();
    assert.deepEqual(await violations(tab), []);
    await say(page, "/zoom start --new Not yet");
    await page.getByText("What you wanted is done right after it.").waitFor();
    assert.equal(await card(page.locator("#main"), "Not yet").count(), 0);
    await closeChat(tab);
    await closeChat(page);
  });

  test("somebody else's link connects nothing", async () => {
    const page = await openChat(browser, host, { user: "maya" });
    const other = await openChat(browser, host, { user: "jonas" });
    await other.goto(await connectLink(page));
    await heading(other, "This link is not yours").waitFor();
    assert.deepEqual(await violations(other), []);
    await closeChat(other);
    await closeChat(page);
  });

  test("f03_an authorize URL of another connects nothing, and no code is spent", async () => {
    const page = await openChat(browser, host, { user: "maya" });
    const known = await grants(page);
    const mallory = await openElsewhere(browser, await connectLink(page));
    await mallory.getByRole("button", { name: "Continue to Zoom" }).click();
    await heading(mallory, "Chat plugin asks for access to your Zoom account").waitFor();
    const victim = await openElsewhere(browser, mallory.url());
    await victim.getByRole("link", { name: "Allow as jonas@example.com" }).click();
    await heading(victim, "Nothing was connected").waitFor();
    assert.deepEqual(await violations(victim), []);
    // The address that was left there is worth nothing in the browser that began.
    await mallory.goto(victim.url());
    await heading(mallory, "This link no longer works").waitFor();
    assert.equal(await grants(page), known);
    await closeChat(victim);
    await closeChat(mallory);
    await closeChat(page);
  });

  test("f03_a page of another site cannot press the button", async () => {
    const page = await openChat(browser, host, { user: "maya" });
    const link = await connectLink(page);
    const victim = await openElsewhere(browser, link);
    await heading(victim, "Connect Zoom").waitFor();
    // Another site, for browsers: the same machine by another name.
    await victim.route("http://evil.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<form method="post" action="${link}"><button>Win a prize</button></form>` }),
    );
    await victim.goto("http://evil.example/");
    await victim.getByRole("button", { name: "Win a prize" }).click();
    await heading(victim, "Nothing was connected").waitFor();
    await closeChat(victim);
    await closeChat(page);
  });

  test("what was connected is over when Zoom begins anew, and can be connected again", async () => {
    await host.restart("--sign-in", "user");
    const page = await openChat(browser, host, { user: "jonas" });
    await say(page, "/zoom start --new After the night");
    await page.getByText("What you wanted is done right after it.").waitFor();
    const tab = await follow(page, invitation(page));
    await allow(tab, "jonas");
    await tab.getByText("Not started yet").waitFor();
    await card(page.locator("#main"), "After the night").waitFor();
    await closeChat(page);
  });
});

test("where the whole account is connected, the administrator does it once for all", async () => {
  await host.restart("--fresh", "--sign-in", "account");
  const page = await openChat(browser, host, { user: "jonas" });
  await say(page, "/zoom start Too early");
  await page.locator(".post-private", { hasText: "administrator" }).waitFor();
  assert.equal(await invitation(page, /^Connect/).count(), 0);

  const admin = await openChat(browser, host, { user: "maya" });
  await say(admin, "/zoom connect");
  const tab = await follow(admin, invitation(admin, "Connect the organisation’s Zoom account"));
  await allow(tab, "maya");
  await heading(tab, "Zoom is connected").waitFor();
  assert.deepEqual(await violations(tab), []);
  await admin.locator(".post-private", { hasText: "The organisation’s Zoom account is now connected to Local Chat." }).waitFor();

  await say(page, "/zoom start --new For all");
  await card(page.locator("#main"), "For all").waitFor();
  await closeChat(admin);
  await closeChat(page);
});
