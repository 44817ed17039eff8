// Which posts are drawn as cards: those that the server vouches for, as soon as it does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { card, channel, closePage, openPage, say, serve } from "./support.mjs";

const server = serve();
const CARDS = "**/plugins/zoom/api/v1/cards?**";

/** Changes what the server answers about posts: `change` gets the answer and how often it was asked before. */
async function answering(page, change) {
  let asked = 0;
  await page.route(CARDS, async (route) => {
    // The page goes on asking until it is closed, and its last request is cut off then.
    const response = await route.fetch().catch((error) => {
      if (!page.isClosed()) {
        throw error;
      }
    });
    if (!response) {
      return;
    }
    const body = await response.json();
    change(body, asked);
    asked += 1;
    await route.fulfill({ response, json: body });
  });
}

/** A post as the official plugin makes it, in a user's name. This server takes it for anybody's. */
async function official(facts = {}) {
  const data = {
    meeting_id: 82345678901, meeting_uuid: "abc==", meeting_link: "https://zoom.us/j/82345678901", meeting_status: "STARTED", meeting_topic: "Sprint review",
    meeting_creator_username: "jonas", meeting_provider: "Zoom", attachments: [{ title: "Sprint review", text: "Meeting ID: 82345678901" }], ...facts,
  };
  const { post } = await say(server, "jonas", "I have started a meeting", { card: { kind: "custom_zoom", data } });
  return post;
}

test("f14_a_card_that_a_client_sees_before_the_server_has_noted_it_is_drawn_soon", async () => {
  // As a server does that has the post and not yet the note: it is in neither list.
  const page = await openPage(server, {
    user: "jonas",
    before: (opening) => answering(opening, (body, asked) => {
      if (asked < 2) body.ours = [];
    }),
  });
  await say(server, "maya", "/zoom start --new Sprint review");
  await channel(page).locator(".zoom-plain", { hasText: "Sprint review" }).waitFor();
  await card(channel(page), "Sprint review").getByRole("link", { name: "Join the meeting" }).waitFor();
  await closePage(page);
});

test("f14_a_strangers_card_that_the_server_is_sure_of_is_asked_for_once", async () => {
  const forged = await official();
  let asked = 0;
  const page = await openPage(server, {
    before: (opening) => answering(opening, (body) => {
      // A minute later.
      body.others.push(forged.id);
      asked += 1;
    }),
  });
  await channel(page).locator(".zoom-plain", { hasText: "I have started a meeting" }).waitFor();
  await say(server, "maya", "/zoom start --new Another");
  await card(channel(page), "Another").waitFor();
  assert.equal(asked, 2);
  assert.equal(await card(channel(page), "Sprint review").count(), 0);
  await closePage(page);
});

test("f70_an_official_card_that_the_server_vouches_for_is_a_card_with_a_link_by_its_post", async () => {
  const post = await official();
  const page = await openPage(server, { before: (opening) => answering(opening, (body) => body.ours.push(post.id)) });
  const drawn = card(channel(page), "Sprint review");
  await drawn.getByText("823 4567 8901").waitFor();
  assert.equal(await drawn.getByRole("link", { name: "Join the meeting" }).getAttribute("href"), `/plugins/zoom/join/post/${post.id}`);
  assert.equal(await channel(page).locator(".post", { hasText: "Sprint review" }).getByRole("link").count(), 1);
  await closePage(page);
});

test("f70_an_open_page_draws_an_official_card_as_soon_as_it_is_taken_over", async () => {
  const post = await official();
  let taken = false;
  const page = await openPage(server, {
    before: (opening) => answering(opening, (body) => { (taken ? body.ours : body.others).push(post.id); }),
  });
  await channel(page).locator(".zoom-plain", { hasText: "I have started a meeting" }).waitFor();
  taken = true;
  const now = Date.now();
  await page.evaluate((news) => window.page.hear(news), {
    type: "post",
    post: { ...post, message: "The Zoom meeting has ended.", edited_ms: now, card: { ...post.card, data: { ...post.card.data, card_id: "00ff", meeting_status: "ENDED", meeting_start_time: now - 2_820_000, meeting_end_time: now } } },
  });
  await card(channel(page), "Sprint review").getByText("47 minutes").waitFor();
  await closePage(page);
});

test("f70_a_forged_card_stays_words", async () => {
  const post = await official({ meeting_topic: "Free money" });
  const page = await openPage(server);
  const forged = channel(page).locator(".post", { hasText: "I have started a meeting" });
  await forged.locator(".zoom-plain").waitFor();
  await say(server, "maya", "/zoom start --new After it");
  await card(channel(page), "After it").waitFor();
  assert.equal(await forged.getByRole("link").count(), 0);
  assert.equal(await forged.getByRole("group").count(), 0);
  const direct = await page.goto(`${server.url}/plugins/zoom/join/post/${post.id}`);
  assert.equal(direct.status(), 404);
  await closePage(page);
});
