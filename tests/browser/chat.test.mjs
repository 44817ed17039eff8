// One meeting after another, as people would have them.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DESKTOP, Host, PHONE, closeChat, closeLeftovers, openChat, openElsewhere, picture, say, startBrowser, violations } from "./support.mjs";

let host;
let browser;

before(async () => {
  host = await Host.start();
  browser = await startBrowser();
});

afterEach(() => closeLeftovers(browser));

after(async () => {
  await browser?.close();
  await host?.stop();
});

const panel = (page) => page.getByRole("complementary", { name: "Zoom" });
const row = (page, topic) => panel(page).locator(".meeting-row", { hasText: topic });
const card = (page, topic) => page.locator("#main").getByRole("group", { name: `Zoom meeting: ${topic}` });

async function start(page, topic) {
  await row(page, topic).getByRole("button", { name: "Start", exact: true }).click();
  await card(page, topic).getByText("In progress").waitFor();
}

async function end(page, topic, minutes) {
  await row(page, topic).getByRole("combobox").selectOption(String(minutes));
  await row(page, topic).getByRole("button", { name: "End", exact: true }).click();
  await card(page, topic).getByText("Ended").waitFor();
}

describe("a meeting", () => {
  test("is started by keyboard, run in the panel, and says how long it lasted", async () => {
    const page = await openChat(browser, host);
    const box = page.getByRole("textbox", { name: "Message Town Square" });
    await box.focus();

    await page.keyboard.type("/z");
    const options = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
    assert.equal(await options.count(), 1);
    await page.keyboard.press("Tab");
    assert.equal(await box.inputValue(), "/zoom ");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    const active = await box.getAttribute("aria-activedescendant");
    assert.match(await page.locator(`#${active}`).innerText(), /^start \[topic\]/);
    assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    assert.equal(await box.inputValue(), "/zoom start ");
    await page.getByText("What the meeting is about").first().waitFor();
    await page.keyboard.type("Sprint review");
    await page.keyboard.press("Enter");

    const meeting = card(page, "Sprint review");
    await meeting.getByText("Ready to join").waitFor();
    const link = meeting.getByRole("link", { name: "Join Sprint review" });
    assert.match(await link.getAttribute("href"), /^http:\/\/127\.0\.0\.1:\d+\/zoom-sim\/j\/\d+\?pwd=\S+$/);
    assert.equal(await box.inputValue(), "");

    await start(page, "Sprint review");
    await row(page, "Sprint review").getByRole("button", { name: "Someone joins" }).click();
    await row(page, "Sprint review").getByText("Ana Silva").waitFor();
    await page.getByRole("button", { name: "Close the notice" }).click();
    await picture(page, "chat-running");

    await end(page, "Sprint review", 47);
    const facts = await meeting.locator(".facts").innerText();
    assert.match(facts, /Lasted\s+47 minutes/);
    assert.equal(await meeting.getByRole("link").count(), 0, "nobody can join what is over");
    await row(page, "Sprint review").getByText("Lasted 47 minutes").waitFor();
    await picture(page, "chat-ended");
    await closeChat(page);
  });

  test("that Zoom reports twice stays as it is", async () => {
    const page = await openChat(browser, host, { user: "jonas" });
    await say(page, "/zoom start --new Twice told");
    await start(page, "Twice told");
    await end(page, "Twice told", 5);
    const before = await card(page, "Twice told").innerText();
    const sent = panel(page).locator(".trace-name", { hasText: "meeting.ended again" });
    const known = await sent.count();
    await panel(page).getByRole("button", { name: "Send the last event again" }).click();
    await sent.nth(known).waitFor();
    await panel(page).locator(".trace li", { hasText: "meeting.ended again" }).first().getByText("200 taken").waitFor();
    assert.equal(await card(page, "Twice told").innerText(), before);
    assert.equal(await card(page, "Twice told").count(), 1);
    await closeChat(page);
  });

  test("is recorded in the panel, and what was recorded comes in under the card", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoom start --new Recorded talk");
    await start(page, "Recorded talk");
    const here = row(page, "Recorded talk");
    const record = here.getByRole("button", { name: "Record it" });
    assert.equal(await record.count(), 0, "not before it is over");
    await here.getByRole("button", { name: "Someone joins" }).click();
    const guest = await here.getByRole("list", { name: "In the meeting" }).innerText();
    await end(page, "Recorded talk", 47);
    await record.click();
    const link = here.getByRole("link", { name: "Its recording" });
    await link.waitFor();
    assert.equal(await record.count(), 0, "once");
    for (const event of ["recording.completed", "recording.transcript_completed"]) {
      await panel(page).locator(".trace li", { hasText: event }).first().getByText("200 taken").waitFor();
    }
    const shown = await page.request.get(await link.getAttribute("href"));
    assert.equal(shown.status(), 200);
    assert.match(await shown.text(), /<h1>Recorded talk<\/h1>\n<p>A recording of 47 min\./);

    const meeting = page.locator("#main .post", { has: page.getByRole("group", { name: "Zoom meeting: Recorded talk" }) });
    await meeting.getByRole("button", { name: /^3 replies/ }).click();
    const thread = page.getByRole("complementary", { name: "Thread" });
    const [player] = await Promise.all([page.context().waitForEvent("page"), thread.getByRole("link", { name: "Watch the recording" }).click()]);
    await player.getByRole("heading", { level: 1, name: "Recorded talk" }).waitFor();
    for (const what of ["chat", "transcript"]) {
      const reply = thread.locator(".post", { hasText: `The ${what} of this Zoom meeting is attached.` });
      const file = await page.request.get(`${host.url}${await reply.getByRole("link", { name: "Download the file" }).getAttribute("href")}`);
      assert.ok((await file.text()).includes(guest.trim()), `${guest} is in the ${what}`);
    }
    await closeChat(page);
  });

  test("can be had again under the same number, with a card that keeps its end", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoom start --new Every week");
    await start(page, "Every week");
    await end(page, "Every week", 65);
    await row(page, "Every week").getByRole("button", { name: "Start again" }).click();
    await row(page, "Every week").getByText("Running").waitFor();
    await panel(page).locator(".trace li", { hasText: "meeting.started" }).first().getByText("200 taken").waitFor();
    assert.match(await card(page, "Every week").first().innerText(), /Lasted\s+1 hour 5 minutes/);
    await row(page, "Every week").getByRole("button", { name: "End", exact: true }).click();
    await closeChat(page);
  });

  test("is started by the button, and joined and left in its room", async () => {
    const page = await openChat(browser, host);
    await page.goto(`${host.url}/#/budget`);
    await page.getByRole("heading", { level: 1, name: "Budget" }).waitFor();
    await page.getByRole("button", { name: "Start a meeting" }).click();
    const topic = await page.locator("#main .meeting-topic").innerText();
    const [room] = await Promise.all([page.context().waitForEvent("page"), card(page, topic).getByRole("link").click()]);
    room.setDefaultTimeout(5000);
    await room.getByText("Not started yet").waitFor();
    assert.deepEqual(await violations(room), []);
    await room.getByRole("button", { name: "Start the meeting" }).click();
    await room.getByRole("button", { name: "Join" }).click();
    await room.getByRole("list", { name: "In the meeting" }).getByText("Maya Okafor").waitFor();
    await card(page, topic).getByText("In progress").waitFor();
    await room.getByRole("button", { name: "Leave" }).click();
    await room.getByRole("button", { name: "End for all" }).click();
    await room.getByText("Ended. It lasted less than a minute.").waitFor();
    await card(page, topic).getByText("less than a minute").waitFor();
    await closeChat(page);
  });

  test("started in a thread is posted there", async () => {
    const page = await openChat(browser, host, { user: "jonas" });
    await say(page, "Shall we talk about the export?");
    const question = page.locator("#main .post", { hasText: "Shall we talk about the export?" });
    await question.hover();
    await question.getByRole("button", { name: "Reply in a thread" }).click();
    const thread = page.getByRole("complementary", { name: "Thread" });
    const box = thread.getByRole("textbox", { name: "Reply in this thread" });
    await box.fill("/zoom start --new The export");
    await box.press("Enter");
    await thread.getByRole("group", { name: /^Zoom meeting: The export/ }).waitFor();
    await question.getByRole("button", { name: /^1 reply/ }).waitFor();
    assert.equal(await card(page, "The export").count(), 0, "it is in the thread, not in the channel");

    await box.fill("/zoom help");
    await box.press("Enter");
    await thread.getByText("Only visible to you").waitFor();
    assert.equal(await page.locator("#main").getByText("Only visible to you").count(), 0);
    await thread.getByRole("button", { name: "Dismiss" }).click();
    await thread.getByText("Only visible to you").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await row(page, "The export").getByText("Not started").waitFor();
    await closeChat(page);
  });
});

describe("what the plugin asks", () => {
  const privately = (page, name) => page.locator(".post-private", { has: page.getByRole("group", { name }) }).last();

  test("about a meeting that somebody else has just started", async () => {
    const page = await openChat(browser, host);
    const other = await openChat(browser, host, { user: "jonas" });
    await say(page, "/zoom start --new The first");
    await card(other, "The first").waitFor();
    await say(other, "/zoom start The second");
    const question = privately(other, "Another meeting was started here just now");
    await question.getByText("The first").first().waitFor();
    assert.match(await question.getByRole("link", { name: /Join/ }).first().getAttribute("href"), /\/zoom-sim\/j\/\d+/);
    assert.equal(await card(page, "The second").count(), 0);
    assert.deepEqual(await violations(other), []);
    await question.getByRole("button", { name: "Start a new meeting" }).click();
    await card(page, "The second").waitFor();
    await other.locator(".post-private", { hasText: "You chose to go on all the same." }).waitFor();
    assert.equal(await page.locator(".post-private", { hasText: "Another meeting" }).count(), 0, "nobody else is asked");
    await closeChat(page);
    await closeChat(other);
  });

  test("whether to use the personal meeting, once and for all or each time", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoom settings");
    const settings = privately(page, "Use your Personal Meeting ID?");
    await settings.getByRole("button", { name: "Ask me" }).click();
    await page.locator(".post-private", { hasText: "You are asked for each meeting" }).waitFor();
    await say(page, "/zoom start --new My own room");
    await privately(page, "Which meeting ID?").getByRole("button", { name: "Use my Personal Meeting ID" }).click();
    await card(page, "My own room").getByText("Personal Meeting ID").first().waitFor();
    await say(page, "/zoom settings never");
    await page.locator(".post-private", { hasText: "Your meetings never use your Personal Meeting ID" }).first().waitFor();
    await closeChat(page);
  });

  test("whether meetings may be started in a channel", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoom channel-settings");
    const form = page.getByRole("dialog", { name: "Zoom meetings here" });
    assert.equal(await form.getByRole("radio", { name: /^As the server/ }).isChecked(), true);
    assert.deepEqual(await violations(page), []);
    await form.getByRole("radio", { name: "No", exact: true }).check();
    await form.getByRole("button", { name: "Save" }).click();
    await page.locator(".post-private", { hasText: "No meetings may be started in this channel." }).first().waitFor();
    await say(page, "/zoom start --new Not here");
    await page.locator(".post-private", { hasText: "Meetings may not be started in this channel." }).waitFor();
    assert.equal(await card(page, "Not here").count(), 0);
    await say(page, "/zoom channel-settings default");
    await page.locator(".post-private", { hasText: "up to the server’s settings" }).first().waitFor();
    await closeChat(page);
  });
});

describe("what cannot be is said in a sentence", () => {
  test("to somebody whom Zoom does not know, and to nobody else", async () => {
    const page = await openChat(browser, host, { user: "priya" });
    const other = await openChat(browser, host, { user: "maya" });
    await say(page, "/zoom start --new Hello");
    const reply = page.locator(".post-private", { hasText: "We could not verify your Local Chat account in Zoom." });
    await reply.getByText("Only visible to you").waitFor();
    assert.match(await reply.innerText(), /ask your administrator to add you, or post your own personal meeting with \/zoom share/);
    assert.equal(await other.locator(".post-private", { hasText: "We could not verify" }).count(), 0);
    assert.equal(await card(page, "Hello").count(), 0);
    await closeChat(page);
    await closeChat(other);
  });

  /** Longer than the plugin waits for Zoom, which is 10 seconds. */
  const ANSWER_MS = 15_000;
  const MISHAPS = [
    ["unknown-user", "We could not verify your Local Chat account in Zoom."],
    ["unauthorized", "Zoom does not accept the plugin’s credentials."],
    ["rate-limit", "Zoom allows no more meetings just now. Please try again in 30 seconds."],
    ["bad-gateway", "Zoom has trouble of its own just now."],
    ["false-success", "Zoom refused the meeting: Request failed."],
    ["slow", "Zoom did not answer in time. Please try again in a minute."],
    ["dropped", "Please try again in a minute"],
  ];
  for (const [mishap, sentence] of MISHAPS) {
    test(`when the next call meets ${mishap}, and the one after it is right again`, async () => {
      const page = await openChat(browser, host);
      await panel(page).getByRole("combobox", { name: "What Zoom does with the next call" }).selectOption(mishap);
      await page.waitForFunction(async (wanted) => (await (await fetch("/api/zoom")).json()).mishap === wanted, mishap);
      await say(page, `/zoom start --new After ${mishap}`);
      await page.locator(".post-private", { hasText: sentence }).first().waitFor({ timeout: ANSWER_MS });
      assert.equal(await card(page, `After ${mishap}`).count(), 0);
      await say(page, `/zoom start --new After ${mishap}`);
      await card(page, `After ${mishap}`).waitFor();
      const reply = page.locator(".post-private", { hasText: sentence });
      await reply.getByRole("button", { name: "Dismiss" }).press("Enter");
      await reply.waitFor({ state: "detached" });
      await closeChat(page);
    });
  }

  test("in an archived channel, before Zoom is asked", async () => {
    const page = await openChat(browser, host, { hash: "#/launch-2025" });
    await page.getByText("This channel is archived. It can be read").waitFor();
    const calls = async () => (await (await page.request.get(`${host.url}/api/zoom`)).json()).calls[0]?.id;
    const before = await calls();
    await page.getByRole("button", { name: "Start a meeting" }).click();
    await page.getByText("This channel is archived, so nothing was posted.").waitFor();
    assert.equal(await calls(), before);
    await closeChat(page);
  });

  test("for a command that is not there", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoomer start");
    await page.locator(".post-private", { hasText: "There is no command /zoomer here. Try /zoom help." }).first().waitFor();
    await say(page, "/zoom dance");
    await page.locator(".post-private", { hasText: "There is no /zoom dance." }).first().waitFor();
    const replies = page.locator(".post-private");
    assert.equal(await replies.getByText("Only visible to you").count(), await replies.count(), "each one says who sees it");
    await closeChat(page);
  });

  test("for a number that is no meeting", async () => {
    const page = await openChat(browser, host);
    const before = await page.locator("#main .meeting").count();
    await page.locator("#message-box").pressSequentially("/zoom sh");
    await page.keyboard.press("Tab");
    await page.keyboard.type("12345");
    await page.keyboard.press("Enter");
    await page.locator(".post-private", { hasText: "neither a meeting ID of 9 to 11 digits nor a Zoom link" }).first().waitFor();
    assert.equal(await page.locator("#main .meeting").count(), before);
    await closeChat(page);
  });
});

describe("the chat", () => {
  test("shows what others write at once, as text, and counts what was not read", async () => {
    const writer = await openChat(browser, host, { user: "jonas" });
    const reader = await openChat(browser, host, { user: "maya" });
    await reader.getByRole("link", { name: /^Budget/ }).click();
    await reader.getByRole("heading", { level: 1, name: "Budget" }).waitFor();
    const words = "<img src=x onerror=alert(1)> **bold** [bad](javascript:alert(1)) [good](https://example.com) @maya `code`";
    await say(writer, words);
    const link = reader.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: /Town Square/ });
    await link.getByText("1 unread").waitFor();
    await link.click();
    const post = reader.locator("#main .post", { hasText: "onerror" });
    await post.waitFor();
    await reader.locator(".rule-new").getByText("New").waitFor();
    assert.equal(await post.locator("img").count(), 0);
    assert.equal(await post.locator("strong").innerText(), "bold");
    assert.deepEqual(await post.locator(".prose a").evaluateAll((links) => links.map((a) => [a.innerText, a.href])), [["good", "https://example.com/"]]);
    assert.equal(await post.locator(".mention").innerText(), "@maya");
    await link.getByText("unread").waitFor({ state: "detached" });
    await post.hover();
    await post.getByRole("button", { name: "Delete" }).click();
    await writer.locator("#main .post", { hasText: "onerror" }).waitFor({ state: "detached" });
    await closeChat(writer);
    await closeChat(reader);
  });

  test("misses nothing that comes while a page opens", async () => {
    const other = await openChat(browser, host, { user: "jonas" });
    const page = await openChat(browser, host, {
      before: (page) => page.route("**/api/events", async (route) => {
        await say(other, "Just before you came");
        await other.locator(".post", { hasText: "Just before you came" }).waitFor();
        await route.continue();
      }, { times: 1 }),
    });
    await page.locator(".post", { hasText: "Just before you came" }).waitFor();
    await closeChat(page);
    await closeChat(other);
  });

  test("knows who presses a button in a browser that was never here", async () => {
    // Nobody else starts a meeting there, about which the plugin would ask first.
    const page = await openElsewhere(browser, `${host.url}/#/design-review`);
    await page.getByText("The second draft is ready").waitFor();
    await page.getByRole("button", { name: "Start a meeting" }).click();
    await page.locator("#main .meeting").waitFor();
    await closeChat(page);
  });

  test("lets one act as somebody else", async () => {
    const page = await openChat(browser, host);
    await page.getByRole("button", { name: /^Maya Okafor.*Act as somebody else/ }).click();
    assert.equal(await page.getByRole("menuitemradio", { name: /Maya Okafor/ }).getAttribute("aria-checked"), "true");
    await page.keyboard.press("End");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    await page.getByRole("button", { name: /^Tomás Herrera.*Act as somebody else/ }).waitFor();
    const channels = await page.getByRole("navigation", { name: "Channels" }).getByRole("link").allInnerTexts();
    assert.deepEqual(channels, ["Design Review"], "a guest is in one channel");
    await closeChat(page);
  });

  test("is walked through by keyboard", async () => {
    const page = await openChat(browser, host);
    const skip = page.getByRole("link", { name: "Skip to the message box" });
    await skip.focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "message-box");
    await skip.focus();
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() => document.activeElement.innerText), /^Town Square/);
    await page.keyboard.press("Home");
    assert.match(await page.evaluate(() => document.activeElement.innerText), /^Budget/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Design Review" }).waitFor();
    await page.getByRole("textbox", { name: "Message Design Review" }).fill("/zoom ");
    const options = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
    assert.ok(await options.count() > 1);
    await page.keyboard.press("Escape");
    assert.equal(await options.count(), 0);
    await closeChat(page);
  });

  test("keeps its messages and cards over a restart", async () => {
    const page = await openChat(browser, host);
    await say(page, "/zoom start --new Before the restart");
    await card(page, "Before the restart").waitFor();
    await closeChat(page);
    await host.restart();
    const again = await openChat(browser, host);
    await card(again, "Before the restart").waitFor();
    await again.getByText("Works for me. Who starts the meeting?").first().waitFor();
    await closeChat(again);
    await host.restart("--fresh");
    const fresh = await openChat(browser, host);
    assert.equal(await card(fresh, "Before the restart").count(), 0);
    await closeChat(fresh);
  });

  test("takes webhooks without signatures once signing is off", async () => {
    const page = await openChat(browser, host);
    await panel(page).getByRole("switch", { name: /Sign events/ }).click();
    await page.waitForFunction(async () => !(await (await fetch("/api/zoom")).json()).signed);
    await say(page, "/zoom start --new Unsigned");
    await start(page, "Unsigned");
    await end(page, "Unsigned", 5);
    await panel(page).getByRole("switch", { name: /Sign events/ }).click();
    await page.waitForFunction(async () => (await (await fetch("/api/zoom")).json()).signed);
    await closeChat(page);
  });
});

describe("everybody can use it", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of [["a desktop", DESKTOP], ["a phone", PHONE]]) {
      test(`axe finds nothing on ${name} in the ${colorScheme}`, async () => {
        const page = await openChat(browser, host, { colorScheme, viewport });
        const topic = `Seen on ${name} in the ${colorScheme}`;
        await say(page, `/zoom start --new ${topic}`);
        await card(page, topic).waitFor();
        await say(page, "/zoom help");
        await page.locator(".post-private").first().waitFor();
        await page.locator("#message-box").fill("/zoom ");
        assert.deepEqual(await violations(page), []);
        await page.locator("#message-box").fill("");
        if (viewport === PHONE) {
          await page.getByRole("button", { name: "Open the channel list" }).click();
          assert.deepEqual(await violations(page), []);
          await page.keyboard.press("Escape");
          await page.getByRole("button", { name: "Zoom", exact: true }).click();
          await start(page, topic);
          assert.deepEqual(await violations(page), []);
        }
        await closeChat(page);
      });
    }
  }

  test("a phone shows the channel, its list and the panel one at a time", async () => {
    const page = await openChat(browser, host, { viewport: PHONE });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= PHONE.width, `nothing sticks out to the side (${wide})`);
    assert.equal(await panel(page).count(), 0);
    await page.getByRole("button", { name: "Open the channel list" }).click();
    const list = page.getByRole("navigation", { name: "Channels" });
    await list.getByRole("link", { name: /Design Review/ }).click();
    await page.getByRole("heading", { level: 1, name: "Design Review" }).waitFor();
    assert.equal(await list.isVisible(), false);
    await closeChat(page);
  });

  test("colours follow the system until one chooses", async () => {
    const page = await openChat(browser, host, { colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByRole("button", { name: "Colours: As the system" }).click();
    await page.getByRole("menuitemradio", { name: "Light" }).click();
    const light = await ground();
    assert.notEqual(light, dark);
    await page.reload();
    await page.locator('#app[data-ready="yes"]').waitFor();
    assert.equal(await ground(), light);
    await closeChat(page);
  });
});

test("a meeting that runs is seen in the dark and on a phone", async () => {
  await host.restart("--fresh");
  const page = await openChat(browser, host, { colorScheme: "dark" });
  await say(page, "/zoom start --new Sprint review");
  await start(page, "Sprint review");
  await row(page, "Sprint review").getByRole("button", { name: "Someone joins" }).click();
  await row(page, "Sprint review").getByText("Ana Silva").waitFor();
  await page.getByRole("button", { name: "Close the notice" }).click();
  await picture(page, "chat-dark");
  await closeChat(page);
  const phone = await openChat(browser, host, { viewport: PHONE });
  await card(phone, "Sprint review").waitFor();
  await picture(phone, "chat-phone");
  await closeChat(phone);
});
