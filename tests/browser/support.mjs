// The local host's own page in the browser.

import { DESKTOP, blank } from "./host.mjs";

export { DESKTOP, Host, PHONE, closeChat, closeLeftovers, picture, startBrowser, violations } from "./host.mjs";

/** A page of the chat as one of its people. It fails the test on any error of scripts and on whatever a content policy forbids, in
 *  the tabs that it opens too. `user` is an id; `before` is called with the page before it goes anywhere. */
export async function openChat(browser, host, { user = "maya", viewport = DESKTOP, colorScheme = "light", hash = "", before = async () => {} } = {}) {
  const page = await blank(browser, { viewport, colorScheme });
  await before(page);
  await page.context().addCookies([{ name: "local_chat_user", value: user, url: host.url }]);
  await page.goto(`${host.url}/${hash}`);
  await page.locator('#app[data-ready="yes"]').waitFor();
  return page;
}

/** A page in a browser in which nobody is signed in, as apps on desktops and phones open links. It fails the test like [`openChat`]'s. */
export async function openElsewhere(browser, url, { viewport = DESKTOP } = {}) {
  const page = await blank(browser, { viewport, colorScheme: "light" });
  await page.goto(url);
  return page;
}

/** Types a message or a command and sends it. */
export async function say(page, text) {
  const box = page.locator("#message-box");
  await box.fill(text);
  await box.press("Escape");
  await box.press("Enter");
}
