// What the plugin draws, in the states, languages, themes and sizes that people see it in. On React 18: `start.test.mjs` has what may
// differ on others.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  MEETING, PHONE, THEMES, begin, card, catalogue, channel, closePage, closed, end, meetingOf, meetings, openPage, opened, picture, privately, say, serve, startButton, thread,
  violations,
} from "./support.mjs";

const server = serve();

/** The size of the pictures. */
const SMALL = { width: 720, height: 600 };

/** Starts a meeting by command, in a channel with one message. With `minutes` it is over, and lasted so long. */
async function meeting(topic, { user = "maya", place = "budget", minutes } = {}) {
  await say(server, user, `/zoom start --new ${topic}`, { channel: place });
  const [{ id }] = await meetings(server);
  if (minutes !== undefined) {
    await begin(server, id);
    await end(server, id, minutes);
  }
  return id;
}

test("a question which ID a meeting is to have is answered by each of its buttons", async () => {
  await say(server, "maya", "/zoom settings ask");
  try {
    const page = await openPage(server, { query: { channel: "budget" }, viewport: SMALL });
    await closed(page, () => startButton(page).click());
    const question = channel(page).locator(".post--ephemeral").getByRole("group", { name: "Which ID shall the meeting have?" });
    await question.getByRole("button", { name: "Use a new meeting ID" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "web-which-id");
    const personal = await opened(page, () => question.getByRole("button", { name: "Use my Personal Meeting ID" }).click());
    await card(channel(page)).getByText("Personal Meeting ID").waitFor();
    await server.clear();

    const again = await openPage(server, { query: { channel: "budget" } });
    await closed(again, () => startButton(again).click());
    const unique = await opened(again, () => channel(again).getByRole("button", { name: "Use a new meeting ID" }).last().click());
    await card(channel(again)).getByText("Meeting ID", { exact: true }).waitFor();
    assert.notEqual(meetingOf(personal), meetingOf(unique));
    await closePage(again);
    await closePage(page);
  } finally {
    await say(server, "maya", "/zoom settings never");
  }
});

test("a question about somebody's meeting elsewhere leads to that post, and to no address that it names", async () => {
  const facts = { meeting_provider: "Jitsi", meeting_link: "https://evil.example/", meeting_topic: "Elsewhere", meeting_status: "STARTED", card_id: "0123456789abcdef" };
  const { post } = await say(server, "jonas", "Come over", { channel: "budget", card: { kind: "custom_jitsi", data: facts } });
  const page = await openPage(server, { query: { channel: "budget" }, viewport: SMALL });
  await closed(page, () => startButton(page).click());
  const question = channel(page).locator(".post--ephemeral").getByRole("group", { name: "jonas started a Jitsi meeting here just now" });
  const show = question.getByRole("link", { name: "Show that meeting" });
  assert.equal(await show.getAttribute("href"), `/_redirect/pl/${post.id}`);
  assert.equal(await question.getByRole("link").count(), 1);
  assert.deepEqual(await violations(page), []);
  await picture(page, "web-question");
  await closePage(page);
});

test("a meeting that is shared just after another one is posted all the same, without a tab", async () => {
  await say(server, "jonas", "/zoom start Stand-up", { channel: "budget" });
  await say(server, "maya", "/zoom share 555 666 7777", { channel: "budget" });
  const page = await openPage(server, { query: { channel: "budget" } });
  await channel(page).locator(".post--ephemeral").getByRole("button", { name: "Post it all the same" }).click();
  await channel(page).getByText("555 666 7777").waitFor();
  assert.equal(page.context().pages().length, 1, "no tab");
  await closePage(page);
});

test("a meeting that the channel follows has a card of nobody's, which says when it began", async () => {
  const id = await meeting("Weekly");
  await say(server, "maya", `/zoom subscription add ${id}`, { channel: "design-review" });
  await begin(server, id);
  const page = await openPage(server, { query: { channel: "design-review" } });
  const followed = card(channel(page), "Weekly");
  await followed.getByText("In progress").waitFor();
  assert.equal(await followed.getByText("Started by").count(), 0);
  await followed.getByRole("link", { name: "Join the meeting" }).waitFor();
  await end(server, id, 15);
  await followed.getByText("15 minutes").waitFor();
  assert.deepEqual(await violations(page), []);
  await say(server, "maya", `/zoom subscription remove ${id}`, { channel: "design-review" });
  await closePage(page);
});

test("transcripts and chats say what they are, under the card", async () => {
  const page = await openPage(server, { query: { channel: "budget" } });
  const id = await meeting("Recorded talk", { minutes: 30 });
  await card(channel(page), "Recorded talk").getByText("30 minutes").waitFor();
  await server.chat("maya", "POST", `zoom/meetings/${id}/record`);
  const post = channel(page).locator(".post", { has: page.getByRole("group", { name: "Recorded talk" }) });
  await post.getByRole("button", { name: "3 replies" }).click();
  for (const what of ["chat", "transcript"]) {
    const reply = thread(page).locator(".post", { hasText: `The ${what} of this Zoom meeting is attached.` });
    await reply.locator(".zoom-plain").waitFor();
    await reply.getByRole("link", { name: "Download the file" }).waitFor();
  }
  assert.deepEqual(await violations(page), []);
  await closePage(page);
});

test("where the browser blocks tabs, the meeting is announced and the user is told where to go", async () => {
  const page = await openPage(server, { before: (opening) => opening.addInitScript(() => { window.open = () => null; }) });
  await startButton(page).click();
  await privately(channel(page), "Your browser opened no tab").waitFor();
  const tab = await opened(page, () => card(channel(page)).getByRole("link", { name: "Join the meeting" }).click());
  assert.match(tab.url(), MEETING);
  await closePage(page);
});

test("somebody whom Zoom does not know is told what to do", async () => {
  const page = await openPage(server, { user: "priya" });
  await closed(page, () => startButton(page).click());
  await privately(channel(page), "Zoom").waitFor();
  assert.deepEqual(await violations(page), []);
  await closePage(page);
});

test("a server that fails is no dead press", async () => {
  const page = await openPage(server);
  await page.route("**/plugins/zoom/api/v1/meetings", (route) => route.abort());
  await closed(page, () => startButton(page).click());
  await privately(channel(page), "The server could not be reached").waitFor();
  await closePage(page);
});

test("a request without the session's token is nobody's", async () => {
  const page = await openPage(server);
  await page.context().clearCookies({ name: "MMCSRF" });
  await closed(page, () => startButton(page).click());
  await privately(channel(page), "Sign in").waitFor();
  const { status, user } = server.requests.findLast(({ method }) => method === "POST");
  assert.deepEqual({ status, user }, { status: 401, user: undefined });
  await closePage(page);
});

describe("a card", () => {
  test("is drawn in each theme, wide and narrow, so that everybody can read it", async () => {
    await say(server, "maya", "/zoom settings ask");
    await say(server, "maya", "/zoom start", { channel: "budget" });
    await say(server, "maya", "/zoom settings never");
    await meeting("Sprint review", { minutes: 47 });
    const running = await meeting("Planning");
    await begin(server, running);
    await say(server, "jonas", "Not a card", { channel: "budget", card: { kind: "custom_zoom", data: { meeting_status: "STARTED" } } });
    await say(server, "maya", "/zoom start Retrospective", { channel: "budget" });
    const page = await openPage(server, { query: { channel: "budget" } });
    await card(channel(page), "Sprint review").getByText("47 minutes").waitFor();
    await card(channel(page), "Planning").getByText("In progress").waitFor();
    for (const question of ["Which ID shall the meeting have?", "maya started a Zoom meeting here just now"]) await channel(page).getByRole("group", { name: question }).waitFor();
    for (const theme of THEMES) {
      await page.evaluate((name) => window.page.set({ theme: name }), theme);
      await page.waitForFunction((name) => document.documentElement.dataset.theme === name, theme);
      assert.deepEqual(await violations(page), [], theme);
    }
    await page.evaluate(() => window.page.set({ compact: true }));
    await channel(page).locator(".zoom-compact").first().waitFor();
    assert.deepEqual(await violations(page), [], "compact");
    await page.setViewportSize(PHONE);
    assert.deepEqual(await violations(page), [], "on a phone");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.equal(wide, false, "nothing reaches out of a phone's screen");
    await closePage(page);
  });

  test("bears any topic", async () => {
    const long = `${"Quarterly planning with everybody who has ever had an opinion on it ".repeat(2)}${"x".repeat(60)}`.slice(0, 190);
    for (const topic of [long, "🎉 Launch 👩‍👩‍👧‍👦", "اجتماع الفريق (Team)", "<b>bold</b> & *stars*"]) await meeting(topic);
    const page = await openPage(server, { query: { channel: "budget" }, viewport: PHONE });
    for (const topic of ["🎉 Launch 👩‍👩‍👧‍👦", "اجتماع الفريق (Team)", "<b>bold</b> & *stars*"]) await card(channel(page), topic).waitFor();
    const directions = await channel(page).locator(".zoom-title").evaluateAll((titles) => titles.map((title) => getComputedStyle(title).direction));
    assert.deepEqual(directions, ["ltr", "ltr", "rtl", "ltr"]);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
    assert.deepEqual(await violations(page), []);
    await closePage(page);
  });

  test("says times in the user's zone, and as the user wants them", async () => {
    const id = await meeting("Sprint review");
    await begin(server, id);
    const times = [];
    for (const query of [{}, { military: "" }]) {
      const page = await openPage(server, { query: { channel: "budget", ...query }, timezoneId: "Asia/Tokyo" });
      const time = card(channel(page), "Sprint review").locator("time");
      times.push({ at: await time.getAttribute("datetime"), shown: (await time.innerText()).replaceAll("\u202f", " ") });
      await closePage(page);
    }
    const [{ at, shown }, military] = times;
    const clock = (hourCycle) => new Intl.DateTimeFormat("en", { timeStyle: "short", timeZone: "Asia/Tokyo", hourCycle }).format(new Date(at)).replaceAll("\u202f", " ");
    assert.ok(shown.endsWith(clock("h12")), `${shown} ends with ${clock("h12")}`);
    assert.match(shown, /[AP]M$/);
    assert.ok(military.shown.endsWith(clock("h23")), `${military.shown} ends with ${clock("h23")}`);
    assert.doesNotMatch(military.shown, /[AP]M$/);
  });
});

describe("in another language", () => {
  test("German speaks in all that the plugin says, the server's sentences too", async () => {
    const german = await catalogue("de");
    const page = await openPage(server, { locale: "de-DE", timezoneId: "Europe/Berlin", query: { channel: "budget" }, viewport: SMALL });
    const tab = await opened(page, () => startButton(page, german["zoom.web.start.button"]).click());
    const meetingCard = card(channel(page), german["zoom.web.card.untitled"]);
    await meetingCard.getByRole("link", { name: german["zoom.web.card.join"] }).waitFor();
    await begin(server, meetingOf(tab));
    await end(server, meetingOf(tab), 65);
    await meetingCard.getByText("1 Stunde 5 Minuten").waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "web-german");
    await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: true });
    try {
      const town = await openPage(server, { locale: "de-DE" });
      await closed(town, () => startButton(town, german["zoom.web.start.button"]).click());
      await privately(channel(town), "Kanal").waitFor();
      await closePage(town);
    } finally {
      await server.chat("maya", "POST", "settings", { RestrictMeetingCreation: false });
    }
    await closePage(page);
  });

  test("Arabic runs from right to left", async () => {
    const arabic = await catalogue("ar");
    await meeting("مراجعة المشروع", { minutes: 47 });
    await meeting("Planning");
    const page = await openPage(server, { locale: "ar", timezoneId: "Asia/Riyadh", query: { channel: "budget" }, viewport: SMALL });
    const join = card(channel(page), "Planning").getByRole("link", { name: arabic["zoom.web.card.join"] });
    await join.waitFor();
    const [box, around] = [await join.boundingBox(), await card(channel(page), "Planning").boundingBox()];
    assert.ok(box.x - around.x > around.x + around.width - (box.x + box.width), "the button stands on the right");
    assert.deepEqual(await violations(page), []);
    await picture(page, "web-arabic");
    await closePage(page);
  });

  /** Waits for what only the plugin's texts in this language say. */
  async function spoken(page, locale) {
    const texts = await catalogue(locale);
    await card(channel(page), "Planning").getByRole("link", { name: texts["zoom.web.card.join"], exact: true }).waitFor();
    await startButton(page, texts["zoom.web.start.button"]).waitFor();
  }

  for (const locale of ["pt-BR", "ja", "zh-CN"]) {
    test(`${locale} comes when somebody reads it`, async () => {
      await meeting("Planning");
      const page = await openPage(server, { locale, query: { channel: "budget" } });
      await spoken(page, locale);
      await closePage(page);
    });
  }

  test("the plugin's texts come where its script is there before the client's own texts", async () => {
    await meeting("Planning");
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const page = await openPage(server, {
      locale: "fr", query: { channel: "budget" },
      before: (opening) => opening.route("**/static/i18n/fr.json", async (route) => { await held; await route.continue(); }),
    });
    release();
    await spoken(page, "fr");
    await closePage(page);
  });

  test("the plugin's texts come where its script is there after the client's own texts", async () => {
    await meeting("Planning");
    const page = await openPage(server, {
      locale: "es", query: { channel: "budget" },
      before: (opening) => opening.route("**/static/plugins/zoom/*.js", async (route) => { await opening.locator(".channel-header").waitFor(); await route.continue(); }),
    });
    await spoken(page, "es");
    await closePage(page);
  });
});

test("a channel with meetings, light and dark, compact and on a phone", async () => {
  await meeting("Sprint review", { minutes: 47 });
  const id = await meeting("Planning");
  await begin(server, id);
  const page = await openPage(server, { query: { channel: "budget" }, viewport: SMALL, user: "jonas" });
  await card(channel(page), "Planning").getByText("In progress").waitFor();
  await picture(page, "web-running");
  await page.evaluate(() => window.page.set({ theme: "onyx" }));
  await page.waitForFunction(() => document.documentElement.dataset.theme === "onyx");
  await picture(page, "web-dark");
  await page.evaluate(() => window.page.set({ theme: "denim", compact: true }));
  await channel(page).locator(".zoom-compact").first().waitFor();
  await picture(page, "web-compact");
  await page.setViewportSize(PHONE);
  await page.evaluate(() => window.page.set({ compact: false }));
  await channel(page).locator(".zoom-compact").first().waitFor({ state: "detached" });
  await picture(page, "web-phone");
  await closePage(page);
});
