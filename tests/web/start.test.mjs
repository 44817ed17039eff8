// Every way to start a meeting. What React has a hand in is tried on each that the clients have, and what differs only in which button is
// pressed on one.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  MEETING, REACTS, begin, card, channel, closePage, closed, end, meetingOf, meetings, openPage, opened, privately, say, serve, startButton, starts, thread, violations,
} from "./support.mjs";

const server = serve();

/** A message of somebody that a thread can hang on. */
async function message(text) {
  const { post } = await say(server, "jonas", text);
  return post.id;
}

/** The newest card of the channel stands in this thread, and the thread shows it. */
async function announcedIn(page, root) {
  await card(thread(page)).waitFor();
  const { posts } = await server.chat("maya", "GET", "channels/town-square/posts");
  assert.equal(posts.at(-1).root_id, root);
}

for (const react of REACTS) {
  describe(`with React ${react}`, () => {
    test("the mouse starts a meeting in a tab of its own, and the card leads into it", async () => {
      const page = await openPage(server, { react });
      const known = (await meetings(server)).length;
      const tab = await opened(page, () => startButton(page).click());
      assert.match(tab.url(), MEETING);
      assert.equal(await tab.evaluate(() => window.opener), null, "the meeting has no hold on the page");
      const join = card(channel(page)).getByRole("link", { name: "Join the meeting" });
      const joined = await opened(page, () => join.click());
      assert.equal(joined.url(), tab.url());
      assert.equal((await meetings(server)).length, known + 1);
      assert.deepEqual(await violations(page), []);
      await closePage(page);
    });

    test("the keyboard reaches the button", async () => {
      const page = await openPage(server, { react });
      for (let tabs = 0; tabs < 20 && !(await startButton(page).evaluate((button) => button === document.activeElement)); tabs += 1) await page.keyboard.press("Tab");
      const tab = await opened(page, () => page.keyboard.press("Enter"));
      assert.match(tab.url(), MEETING);
      await closePage(page);
    });

    test("a tap, which the client hears as a touch and as a click, starts one meeting", async () => {
      const page = await openPage(server, { react, hasTouch: true });
      await page.evaluate(() => {
        window.heard = [];
        for (const type of ["touchend", "click"]) document.querySelector(".flex-child").addEventListener(type, () => window.heard.push(type));
      });
      const [known, asked] = [(await meetings(server)).length, starts(server)];
      const tab = await opened(page, () => startButton(page).tap());
      assert.match(tab.url(), MEETING);
      await page.waitForFunction(() => window.heard.length === 2);
      assert.deepEqual(await page.evaluate(() => window.heard), ["touchend", "click"]);
      await card(channel(page)).waitFor();
      assert.equal(starts(server), asked + 1);
      assert.equal((await meetings(server)).length, known + 1);
      assert.equal(page.context().pages().length, 2, "one tab");
      await closePage(page);
    });

    test("a message's menu starts a meeting in its thread, beside the channel too", async () => {
      const root = await message("Who has time?");
      const page = await openPage(server, { react });
      const post = channel(page).locator(".post", { hasText: "Who has time?" });
      await post.getByRole("button", { name: "More" }).click();
      await opened(page, () => post.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
      await post.getByRole("button", { name: "1 replies" }).click();
      const reply = thread(page).locator(".post", { has: page.getByRole("group", { name: "Zoom meeting", exact: true }) });
      await reply.getByRole("button", { name: "More" }).click();
      assert.deepEqual(await violations(page), []);
      await closed(page, () => reply.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
      const question = thread(page).locator(".post--ephemeral");
      await question.getByRole("button", { name: "Start a new meeting" }).waitFor();
      assert.equal(await question.getByRole("button", { name: "More" }).count(), 0, "nobody can answer what only one user sees");
      await opened(page, () => question.getByRole("button", { name: "Start a new meeting" }).click());
      const { posts } = await server.chat("maya", "GET", "channels/town-square/posts");
      assert.deepEqual(posts.slice(-2).map(({ root_id: id }) => id), [root, root]);
      await closePage(page);
    });

    test("the card says live that the meeting runs, that it is over, and how long it was", async () => {
      const page = await openPage(server, { react, timezoneId: "Asia/Tokyo" });
      const tab = await opened(page, () => startButton(page).click());
      const meeting = card(channel(page));
      await meeting.getByText("Ready to join").waitFor();
      await begin(server, meetingOf(tab));
      await meeting.getByText("In progress").waitFor();
      await end(server, meetingOf(tab), 47);
      await meeting.getByText("47 minutes").waitFor();
      assert.equal(await meeting.getByRole("link").count(), 0, "nobody can join what is over");
      assert.deepEqual(await violations(page), []);
      await closePage(page);
    });

    test("who starts a meeting just after another one is asked, may join that one, and may have one of their own", async () => {
      await say(server, "jonas", "/zoom start Stand-up");
      const [existing] = await meetings(server);
      const page = await openPage(server, { react });
      await closed(page, () => startButton(page).click());
      const question = channel(page).locator(".post--ephemeral").getByRole("group", { name: "jonas started a Zoom meeting here just now" });
      await question.getByText("Stand-up").waitFor();
      assert.deepEqual(await violations(page), []);
      const joined = await opened(page, () => question.getByRole("link", { name: "Join the meeting" }).click());
      assert.equal(meetingOf(joined), existing.id);
      const own = await opened(page, () => question.getByRole("button", { name: "Start a new meeting" }).click());
      assert.match(own.url(), MEETING);
      assert.notEqual(meetingOf(own), existing.id);
      await card(channel(page)).getByText("@maya").waitFor();
      await closePage(page);
    });

    test("a card that somebody else imitates is plain text, and leads nowhere", async () => {
      const facts = {
        meeting_status: "STARTED", meeting_topic: "Free money", meeting_link: "https://evil.example/", card_id: "0123456789abcdef", from_bot: "true", meeting_creator_username: "maya",
        attachments: [{ title: "Sign in again", title_link: "https://evil.example/", text: "[Here](https://evil.example/)" }],
      };
      await say(server, "jonas", "Join https://evil.example/ now", { card: { kind: "custom_zoom", data: facts } });
      await say(server, "jonas", "And here", { card: { kind: "custom_other", data: { ...facts, type: "custom_zoom" } } });
      const asked = [];
      const page = await openPage(server, {
        react,
        before: async (opening) => { opening.on("request", (request) => asked.push(request.url())); },
      });
      await say(server, "maya", "/zoom start After them");
      await card(channel(page), "After them").waitFor();
      for (const words of ["Join https://evil.example/ now", "And here"]) {
        const forged = channel(page).locator(".post", { hasText: words });
        await forged.getByText("Sign in again").filter({ visible: true }).waitFor();
        assert.equal(await forged.locator(".zoom-plain").getByRole("link").count(), 0, words);
        assert.equal(await forged.getByRole("group").count(), 0, words);
        assert.equal(await forged.locator(".post__body button").count(), 0, words);
      }
      // The client itself draws attachments of posts whose type no plugin has, with their links; of this type it leaves them away.
      assert.equal(await channel(page).locator(".post", { hasText: "Join https://evil.example/ now" }).getByRole("link").count(), 0);
      assert.deepEqual(asked.filter((address) => !address.startsWith(server.origin)), []);
      assert.ok(asked.some((address) => address.includes("/plugins/zoom/api/v1/cards?ids=")), "the server was asked");
      await closePage(page);
    });
  });
}

describe("a thread that is closed", () => {
  test("f71_is_opened_for_the_question_about_a_meeting_that_was_started_just_now", async () => {
    const root = await message("Who has time?");
    await say(server, "jonas", "/zoom start Stand-up");
    const page = await openPage(server);
    const post = channel(page).locator(".post", { hasText: "Who has time?" });
    await post.getByRole("button", { name: "More" }).click();
    await closed(page, () => post.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
    const question = thread(page).locator(".post--ephemeral").getByRole("group", { name: "jonas started a Zoom meeting here just now" });
    await question.waitFor();
    assert.deepEqual(await violations(page), []);
    await opened(page, () => question.getByRole("button", { name: "Start a new meeting" }).click());
    await announcedIn(page, root);
    await closePage(page);
  });

  test("f71_takes_the_place_of_another_one", async () => {
    await message("Another thread");
    await message("This thread");
    await say(server, "jonas", "/zoom start Stand-up");
    const page = await openPage(server);
    await channel(page).locator(".post", { hasText: "Another thread" }).getByRole("button", { name: "Reply" }).click();
    await thread(page).getByText("Another thread").waitFor();
    const post = channel(page).locator(".post", { hasText: "This thread" });
    await post.getByRole("button", { name: "More" }).click();
    await closed(page, () => post.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
    await thread(page).locator(".post--ephemeral").getByRole("group").waitFor();
    assert.equal(await thread(page).getByText("Another thread").count(), 0);
    await closePage(page);
  });

  test("f71_is_opened_for_a_refusal", async () => {
    await message("Shall we talk about it?");
    await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: true });
    try {
      const page = await openPage(server);
      const post = channel(page).locator(".post", { hasText: "Shall we talk about it?" });
      await post.getByRole("button", { name: "More" }).click();
      await closed(page, () => post.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
      await privately(thread(page), "administrator").waitFor();
      await closePage(page);
    } finally {
      await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: false });
    }
  });

  test("f71_stays_closed_when_the_meeting_opens_at_once", async () => {
    await message("Who has time?");
    const page = await openPage(server);
    const post = channel(page).locator(".post", { hasText: "Who has time?" });
    await post.getByRole("button", { name: "More" }).click();
    const tab = await opened(page, () => post.getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).click());
    assert.match(tab.url(), MEETING);
    await post.getByRole("button", { name: "1 replies" }).waitFor();
    assert.equal(await thread(page).count(), 0);
    await closePage(page);
  });
});

describe("by another button", () => {
  test("the channel's menu has it", async () => {
    const page = await openPage(server, { query: { channel: "budget" } });
    await page.getByRole("button", { name: "Channel menu" }).click();
    const item = page.getByRole("menuitem", { name: "Start a Zoom meeting" });
    await item.waitFor();
    assert.deepEqual(await violations(page), []);
    const tab = await opened(page, () => item.click());
    assert.match(tab.url(), MEETING);
    await card(channel(page)).waitFor();
    await closePage(page);
  });

  test("the App Bar has an icon for it", async () => {
    const page = await openPage(server);
    const icon = page.locator("#app-bar-icon-zoom");
    await icon.locator("img").evaluate((image) => image.decode());
    const tab = await opened(page, () => icon.click());
    assert.match(tab.url(), MEETING);
    await card(channel(page)).waitFor();
    await closePage(page);
  });

  test("where the App Bar is off, the channel's header has the button", async () => {
    const page = await openPage(server, { query: { "no-app-bar": "" } });
    const tab = await opened(page, () => page.locator("button.channel-header__icon").click());
    assert.match(tab.url(), MEETING);
    assert.equal(await page.getByRole("button", { name: "Start a Zoom meeting" }).count(), 2);
    assert.deepEqual(await violations(page), []);
    await closePage(page);
  });

  test("in the Threads view a message's menu does so by keyboard", async () => {
    const root = await message("Shall we meet?");
    const page = await openPage(server, { query: { view: "threads" } });
    await page.getByRole("button", { name: "Shall we meet?" }).press("Enter");
    await thread(page).getByRole("button", { name: "More" }).press("Enter");
    const tab = await opened(page, () => thread(page).getByRole("menuitem", { name: "Start a Zoom meeting in this thread" }).press("Enter"));
    assert.match(tab.url(), MEETING);
    await announcedIn(page, root);
    await closePage(page);
  });

  test("in the Threads view the meeting is announced in the open thread", async () => {
    const root = await message("Shall we talk?");
    const page = await openPage(server, { query: { view: "threads" } });
    await page.getByRole("button", { name: "Shall we talk?" }).click();
    const tab = await opened(page, () => page.locator("#app-bar-icon-zoom").click());
    assert.match(tab.url(), MEETING);
    await announcedIn(page, root);
    await closePage(page);
  });

  test("in a direct message it is between the two", async () => {
    const page = await openPage(server, { user: "jonas", query: { channel: "jonas__maya" } });
    await opened(page, () => startButton(page).click());
    await card(channel(page)).getByText("@jonas").waitFor();
    await closePage(page);
  });

  test("a refusal is said where it was asked for", async () => {
    const root = await message("Shall we talk about it?");
    await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: true });
    try {
      const page = await openPage(server);
      await closed(page, () => startButton(page).click());
      await privately(channel(page), "administrator").waitFor();
      await page.evaluate(() => window.page.set({ view: "threads" }));
      await page.getByRole("button", { name: "Shall we talk about it?" }).click();
      await closed(page, () => page.locator("#app-bar-icon-zoom").click());
      await privately(thread(page), "administrator").waitFor();
      assert.deepEqual(await violations(page), []);
      assert.equal((await server.chat("maya", "GET", "channels/town-square/posts")).posts.filter(({ root_id: id }) => id === root).length, 0);
      await closePage(page);
    } finally {
      await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: false });
    }
  });
});
