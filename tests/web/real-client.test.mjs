// What Mattermost's own client does around the plugin's part, and what people see of it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MEETING, PHONE, card, channel, closePage, closed, openPage, opened, picture, privately, say, serve, startButton, thread, violations } from "./support.mjs";

const server = serve();

const question = (place) => place.locator(".post--ephemeral").last();

/** How many links and buttons of a post can be seen, by what they say. */
async function seen(post) {
  const words = async (role) => (await post.getByRole(role).allInnerTexts()).sort();
  return { links: await words("link"), buttons: await words("button") };
}

/** The lines between days, and the time above a post. */
const place = async (page, post) => ({ days: await page.getByRole("separator").allInnerTexts(), time: await post.locator(".post__time").getAttribute("datetime") });

describe("a private question", () => {
  test("f68_after_a_press_of_the_camera_it_is_drawn_once", async () => {
    await say(server, "jonas", "/zoom start Stand-up");
    const page = await openPage(server);
    await closed(page, () => startButton(page).click());
    await question(channel(page)).getByRole("group").waitFor();
    assert.deepEqual(await seen(question(channel(page))), { links: ["Join the meeting"], buttons: ["Start a new meeting"] });
    assert.deepEqual(await violations(page), []);
    await closePage(page);
  });

  test("f68_after_a_share_it_is_drawn_once", async () => {
    await say(server, "jonas", "/zoom start Stand-up");
    await say(server, "maya", "/zoom share 555 666 7777");
    const page = await openPage(server);
    await question(channel(page)).getByRole("group").waitFor();
    assert.deepEqual(await seen(question(channel(page))), { links: ["Join the meeting"], buttons: ["Post it all the same"] });
    await closePage(page);
  });

  test("f68_about_the_id_it_is_drawn_once_in_a_thread_too", async () => {
    const { post } = await say(server, "jonas", "Shall we?");
    await say(server, "maya", "/zoom settings ask");
    try {
      await say(server, "maya", "/zoom start", { root: post.id });
      const page = await openPage(server);
      await channel(page).locator(".post", { hasText: "Shall we?" }).getByRole("button", { name: "1 replies" }).click();
      await question(thread(page)).getByRole("group").waitFor();
      assert.deepEqual(await seen(question(thread(page))), { links: [], buttons: ["Use a new meeting ID", "Use my Personal Meeting ID"] });
      await closePage(page);
    } finally {
      await say(server, "maya", "/zoom settings never");
    }
  });

  for (const [who, query] of [["a client without the plugin's part", { "no-plugin": "" }], ["an app for phones", { native: "" }]]) {
    test(`f68_${who.replaceAll(/\W+/g, "_")}_has_it_once_with_its_buttons`, async () => {
      await say(server, "jonas", "/zoom start Stand-up");
      await say(server, "maya", "/zoom start Mine");
      const beside = await openPage(server);
      await question(channel(beside)).getByRole("group").waitFor();
      const page = await openPage(server, { query, viewport: PHONE });
      // Message and attachment are complete by themselves, each with a link: clients may leave either away.
      assert.deepEqual(await seen(question(channel(page))), { links: ["Join Meeting", "Join it"], buttons: ["Start a new meeting"] });
      assert.equal(await question(channel(page)).locator(".attachment").count(), 1);
      await question(channel(page)).getByRole("button", { name: "Start a new meeting" }).click();
      await channel(page).locator(".post", { hasText: "Mine" }).first().waitFor();
      await card(channel(beside), "Mine").waitFor();
      await closePage(page);
      await closePage(beside);
    });
  }
});

test("f68_a_card_among_search_results_is_drawn_once_and_leads_by_the_plugins_own_link", async () => {
  await say(server, "maya", "/zoom start Sprint review");
  const page = await openPage(server, { query: { view: "search" } });
  const results = page.getByRole("log", { name: "Results" });
  await card(results, "Sprint review").waitFor();
  const links = await results.locator(".post", { hasText: "Sprint review" }).getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.equal(links.length, 1);
  assert.match(links[0], /^\/plugins\/zoom\/join\/\w/);
  await closePage(page);
});

test("f68_a_post_that_imitates_one_by_a_prop_says_everything_once", async () => {
  const attachments = [{ title: "Sign in again", text: "Please" }];
  await say(server, "jonas", "By a prop", { card: { kind: "custom_other", data: { type: "custom_zoom", attachments } } });
  await say(server, "jonas", "By its type", { card: { kind: "custom_zoom", data: { attachments } } });
  const page = await openPage(server);
  for (const words of ["By a prop", "By its type"]) {
    const post = channel(page).locator(".post", { hasText: words });
    await post.locator(".zoom-plain").waitFor();
    assert.equal(await post.getByText("Sign in again").filter({ visible: true }).count(), 1, words);
    assert.equal(await post.getByText(words).filter({ visible: true }).count() >= 1, true);
  }
  await closePage(page);
});

test("f69_a_private_post_stays_where_and_when_it_was_after_a_choice_and_after_an_answer", async () => {
  await say(server, "maya", "/zoom settings");
  const page = await openPage(server);
  const settings = channel(page).locator(".post--ephemeral", { has: page.getByRole("button", { name: "Never" }) });
  await settings.waitFor();
  const before = await place(page, settings);
  await settings.getByRole("button", { name: "Never" }).click();
  await privately(channel(page), "Your meetings never use your Personal Meeting ID").waitFor();
  assert.deepEqual(await place(page, settings), before);

  await say(server, "jonas", "/zoom start Stand-up");
  await closed(page, () => startButton(page).click());
  const asked = question(channel(page));
  await asked.getByRole("group").waitFor();
  const id = await asked.getAttribute("data-post");
  const then = await place(page, asked);
  const tab = await opened(page, () => asked.getByRole("button", { name: "Start a new meeting" }).click());
  assert.match(tab.url(), MEETING);
  const answered = channel(page).locator(`[data-post="${id}"]`);
  await answered.getByRole("group").waitFor({ state: "detached" });
  assert.deepEqual(await place(page, answered), then);
  await closePage(page);
});

describe("in compact display", () => {
  /** Where something stands. */
  const box = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return { left: x, top: y, right: x + width, bottom: y + height };
  };

  for (const [what, viewport] of [["wide", undefined], ["narrow", PHONE]]) {
    test(`f72_a_${what}_card_is_clear_of_its_authors_name_and_its_title_of_the_float`, async () => {
      await say(server, "jonas", "/zoom start Stand-up");
      await say(server, "maya", "/zoom start Planning");
      const page = await openPage(server, { query: { compact: "" }, ...(viewport && { viewport }) });
      for (const post of [channel(page).locator(".post:not(.post--ephemeral)", { has: page.getByRole("group") }).last(), question(channel(page))]) {
        const drawn = post.getByRole("group");
        await drawn.waitFor();
        const [name, whole, title] = [await box(post.locator(".col__name")), await box(drawn), await box(drawn.locator(".zoom-title"))];
        assert.ok(whole.top >= name.bottom, `the card at ${whole.top} begins below the name, which ends at ${name.bottom}`);
        assert.ok(title.left - whole.left < 20, `the title begins at the card's edge, not ${title.left - whole.left} px from it`);
        assert.ok(title.bottom <= whole.bottom && title.right <= whole.right + 1);
      }
      assert.deepEqual(await violations(page), []);
      await closePage(page);
    });
  }
});
