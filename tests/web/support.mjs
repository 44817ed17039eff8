// Pages of the web client as one of the people in the chat, and what tests do with them.

import { DESKTOP, blank, closeLeftovers, startBrowser } from "../browser/host.mjs";
import { readFile } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import { Server } from "./server.mjs";

export { PHONE, closeChat as closePage, picture, violations } from "../browser/host.mjs";

/** Reacts of the clients: 10.x and 11.0, 11.1 and later, 12. */
export const REACTS = [17, 18, 19];
export const THEMES = ["denim", "sapphire", "quartz", "indigo", "onyx"];

/** A server and a browser for the tests of a file. What one test leaves is gone before the next. */
export function serve(options) {
  const server = new Server(options);
  before(async () => {
    await server.start();
    server.browser = await startBrowser();
  });
  afterEach(async () => {
    await closeLeftovers(server.browser);
    await server.clear();
  });
  after(async () => {
    await server.browser?.close();
    await server.stop();
  });
  return server;
}

/** The client in a context of its own, which fails its test on any error of scripts and whatever React, the store or the content
 *  policy complains of. `query` are options of the page (`page/options.jsx`), `context` those of the browser; `before` is called with
 *  the page before it goes anywhere. */
export async function openPage(server, { user = "maya", react = 18, query = {}, before = async () => {}, ...context } = {}) {
  const page = await blank(server.browser, { viewport: DESKTOP, locale: "en-US", ...context });
  await page.context().addCookies(server.signIn(user));
  await before(page);
  await page.goto(`${server.url}/react-${react}?${new URLSearchParams(query)}`);
  await page.locator('html[data-ready="yes"]').waitFor({ state: "attached" }).catch((error) => {
    throw new Error(`the page does not come up: ${page.faults.join("\n") || error.message}`);
  });
  return page;
}

/** The texts of a language. */
export const catalogue = async (locale) => JSON.parse(await readFile(new URL(`../../i18n/${locale}.json`, import.meta.url), "utf8"));

/** Says something in a channel, or gives a command there. */
export const say = (server, user, message, { channel: place = "town-square", root = null, card: facts } = {}) =>
  server.chat(user, "POST", `channels/${place}/posts`, { message, root_id: root, request_id: `${Date.now()}.${Math.random()}`, card: facts });

export const channel = (page) => page.getByRole("log", { name: "Channel" });
export const thread = (page) => page.getByRole("log", { name: "Replies" });
export const startButton = (page, name = "Start a Zoom meeting") => page.locator(".flex-child").getByRole("button", { name });

/** The card of a meeting by its topic, and the newest one where several have it. */
export const card = (place, topic = "Zoom meeting") => place.getByRole("group", { name: topic, exact: true }).last();

/** What only this user sees. */
export const privately = (place, text) => place.locator(".post--ephemeral", { hasText: text }).last();

/** The tab that something opens, once it shows a page of Zoom's or the plugin's. */
export async function opened(page, act) {
  const [tab] = await Promise.all([page.context().waitForEvent("page"), act()]);
  await tab.waitForURL(/^http/);
  return tab;
}

/** Does something that opens a tab which closes by itself. */
export async function closed(page, act) {
  const [tab] = await Promise.all([page.context().waitForEvent("page"), act()]);
  if (!tab.isClosed()) await tab.waitForEvent("close");
}

/** Zoom's meetings, the newest first. */
export const meetings = async (server) => (await server.chat("maya", "GET", "zoom")).meetings;

/** A meeting's own page at Zoom. */
export const MEETING = /\/zoom-sim\/j\/(\d+)\?pwd=/;
export const meetingOf = (tab) => Number(MEETING.exec(tab.url())?.[1]);

/** Starts a meeting at Zoom. */
export const begin = (server, id) => server.chat("maya", "POST", `zoom/meetings/${id}/start`);
/** Ends it, as if it had lasted some minutes. */
export const end = (server, id, minutes) => server.chat("maya", "POST", `zoom/meetings/${id}/end`, { minutes });

/** How often the plugin was asked to start a meeting. */
export const starts = (server) => server.requests.filter(({ method, path }) => method === "POST" && path === "/plugins/zoom/api/v1/meetings").length;
