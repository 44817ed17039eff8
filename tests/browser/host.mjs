// A local host on a port of its own, a browser beside it, and what tests of any page in it need. tests/web uses it too.

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";

/** How long anything on the page may take, in milliseconds. */
const PATIENCE_MS = 5000;
const START_MS = 20_000;
const PICTURES = new URL("../../docs/img/", import.meta.url);

/** A desktop window, and the size of the pictures in the README. */
export const DESKTOP = { width: 1280, height: 800 };
/** A phone held upright. */
export const PHONE = { width: 414, height: 896 };

/** A running local host. `url` is its page; `restart` ends it and starts it on the same data. */
export class Host {
  static async start(...options) {
    const host = new Host();
    host.data = await mkdtemp(join(tmpdir(), "local-chat-"));
    try {
      await host.#run(options);
    } catch (error) {
      // A program that nobody ends would keep the test runner waiting.
      host.process.kill("SIGKILL");
      await rm(host.data, { recursive: true });
      throw error;
    }
    return host;
  }

  async #run(options) {
    const args = ["--component", process.env.LOCAL_COMPONENT, "--data", this.data, "--port", "0", ...options];
    this.process = spawn(process.env.LOCAL_HOST, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    this.complained = "";
    this.process.stderr.on("data", (bytes) => { this.complained += bytes; });
    this.url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the local host did not start: ${this.said}${this.complained}`)), START_MS);
      this.process.stdout.on("data", (bytes) => {
        this.said += bytes;
        const address = this.said.match(/The chat is at (http:\S+)/);
        if (!address) return;
        clearTimeout(timer);
        resolve(address[1]);
      });
      this.process.once("exit", (code) => reject(new Error(`the local host ended with ${code}: ${this.complained}`)));
    });
  }

  async restart(...options) {
    await this.#end();
    await this.#run(options);
  }

  async #end() {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) throw new Error(`the local host ended by itself with ${exitCode ?? signalCode}: ${this.complained}`);
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    const [code] = await ended;
    assert.equal(code, 0, "the local host ends cleanly");
  }

  async stop() {
    await this.#end();
    await rm(this.data, { recursive: true });
  }
}

/** A browser without a profile. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page in a context of its own, which goes nowhere yet. It keeps in `faults` what scripts complain of and what a content policy
 *  forbids, in the tabs that it opens too. `options` are those of the browser's context. */
export async function blank(browser, options) {
  const context = await browser.newContext({ reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  context.on("weberror", (fault) => faults.push(fault.error().message));
  context.on("console", (message) => {
    // Answers above 399 are part of some tests; the page shows their sentence.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
  });
  const page = await context.newPage();
  page.faults = faults;
  return page;
}

/** Closes a page of [`blank`] with its context, and says what its scripts complained of. */
export async function closeChat(page) {
  await page.context().close();
  assert.deepEqual(page.faults, []);
}

/** Closes what a test that failed has left open, so that it does not read messages of the next one. */
export async function closeLeftovers(browser) {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** What axe finds, in words. */
export async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** Keeps a picture of the page in docs/img, when pictures are asked for. */
export async function picture(page, name) {
  if (!process.env.UPDATE_SCREENSHOTS) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: new URL(`${name}.png`, PICTURES).pathname, animations: "disabled", caret: "hide" });
}
