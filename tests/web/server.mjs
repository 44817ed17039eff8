// One origin, as a Mattermost server is: its page, the plugin's bundle as it was built, the plugin's own routes and the chat of a
// real local host.

import { Host } from "../browser/host.mjs";
import { createServer, request as ask } from "node:http";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { once } from "node:events";

const ROOT = new URL("../../", import.meta.url);
const BUNDLE = new URL("webapp/dist/main.js", ROOT);
const PUBLIC = fileURLToPath(new URL("webapp/dist/public", ROOT));
const MANIFEST = JSON.parse(await readFile(new URL("plugin.json", ROOT), "utf8"));
const FONT = new URL("host-shim/local/page/inter.woff2", ROOT);
/** Where the client finds a plugin's bundle. */
const BUNDLE_PATH = "/static/plugins/zoom/zoom_0123456789abcdef_bundle.js";
/** Mattermost's own, less the origins of its services. */
const CONTENT_SECURITY_POLICY = "frame-ancestors 'self'; script-src 'self'";
/** What Mattermost's server says in the place of a secret. */
const MASK = "********************************";
const TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", json: "application/json", html: "text/html; charset=utf-8", woff2: "font/woff2" };

/** A server with a local host behind it. `requests` are those for the plugin, oldest first. */
export class Server {
  requests = [];
  sessions = new Map();

  /** `base` is the path below which the server lives, '' for none; `options` are the local host's. */
  constructor({ base = "", options = [] } = {}) {
    this.base = base;
    this.options = options;
    this.http = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
  }

  async start() {
    this.http.listen(0, "127.0.0.1");
    await once(this.http, "listening");
    this.origin = `http://127.0.0.1:${this.http.address().port}`;
    this.url = this.origin + this.base;
    this.host = await Host.start("--behind", this.url, "--public", PUBLIC, ...this.options);
    this.seeds = new Set((await this.#posts("maya")).posts.map(({ id }) => id));
  }

  async stop() {
    this.http.close();
    this.http.closeAllConnections();
    await this.host?.stop();
  }

  /** Signs somebody in. Gives the cookies of the session. */
  signIn(user) {
    const [token, csrf] = [randomBytes(13).toString("hex"), randomBytes(13).toString("hex")];
    this.sessions.set(token, { user, csrf });
    const cookie = (name, value, httpOnly = false) => ({ name, value, domain: "127.0.0.1", path: this.base || "/", httpOnly, sameSite: "Lax" });
    // The last one is the local host's own, for Zoom's pages on it.
    return [cookie("MMAUTHTOKEN", token, true), cookie("MMUSERID", user), cookie("MMCSRF", csrf), { ...cookie("local_chat_user", user, true), path: "/" }];
  }

  /** Asks the local host in a user's name, as its own page does. */
  async chat(user, method, path, body) {
    const response = await fetch(`${this.host.url}/api/${path}`, {
      method, headers: { Cookie: `local_chat_user=${user}`, "Content-Type": "application/json" }, body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Takes away what was posted since the start, in private too: a meeting of one test is no recent one in the next. */
  async clear() {
    const gone = new Set();
    for (const { id, root_id: root } of (await this.#posts("maya")).posts.filter((post) => !this.seeds.has(post.id))) {
      // With a thread go its replies.
      if (!gone.has(root)) await this.chat("maya", "DELETE", `posts/${id}`);
      gone.add(id);
    }
    for (const user of (await this.chat("maya", "GET", "state")).people) {
      for (const { id } of (await this.#posts(user)).own) await this.chat(user, "DELETE", `private/${id}`);
    }
  }

  /** What a user sees in all channels. */
  async #posts(user) {
    const { channels } = await this.chat(user, "GET", "state");
    const seen = await Promise.all(channels.map(({ id }) => this.chat(user, "GET", `channels/${id}/posts`)));
    return { posts: seen.flatMap(({ posts }) => posts), own: seen.flatMap((channel) => channel.private) };
  }

  async #answer(request, response) {
    const { pathname, search } = new URL(request.url, this.origin);
    if (!pathname.startsWith(`${this.base}/`)) return void send(response, 404, "json", "{}");
    const path = pathname.slice(this.base.length);
    const session = this.#session(request);
    if (path.startsWith("/plugins/zoom/")) return void this.#plugin(request, response, path + search, session);
    if (path.startsWith("/chat/")) return void this.#forward(request, response, `/api/${path.slice("/chat/".length)}${search}`, session);
    if (path.startsWith("/files/")) return void this.#forward(request, response, path, session);
    const [kind, content] = await this.#own(path, session) ?? [];
    if (!kind) return void send(response, 404, "json", "{}");
    send(response, 200, kind, content);
  }

  #session({ headers }) {
    const token = /(?:^|; *)MMAUTHTOKEN=([^;]+)/.exec(headers.cookie ?? "")?.[1];
    return this.sessions.get(token);
  }

  /** As Mattermost: a plugin is told the user only where a request that changes something has the session's own token. */
  #plugin(request, response, path, session) {
    const proven = request.method === "GET" || (request.headers["x-csrf-token"] === session?.csrf && request.headers["x-requested-with"] === "XMLHttpRequest");
    const known = { method: request.method, path, user: proven ? session?.user : undefined };
    this.requests.push(known);
    response.once("finish", () => { known.status = response.statusCode; });
    this.#forward(request, response, path, proven ? session : undefined);
  }

  #forward(request, response, path, session) {
    const { cookie = "", ...headers } = request.headers;
    // As Mattermost, which keeps the session's token to itself and passes on what else the browser has.
    const cookies = cookie.split("; ").filter((one) => one && !/^(MMAUTHTOKEN|local_chat_user)=/.test(one));
    if (session) cookies.push(`local_chat_user=${session.user}`);
    if (cookies.length > 0) headers.cookie = cookies.join("; ");
    const { hostname, port } = new URL(this.host.url);
    const onward = ask({ hostname, port, path, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      response.once("close", () => answer.destroy());
    });
    onward.on("error", () => response.headersSent ? response.destroy() : send(response, 502, "json", "{}"));
    request.pipe(onward);
  }

  async #own(path, session) {
    if (path === BUNDLE_PATH) return ["js", await readFile(BUNDLE)];
    const built = /^\/static\/((?:host-\d+|page)\.(js|css))$/.exec(path);
    if (built) return [built[2], await readFile(new URL(`dist/${built[1]}`, import.meta.url))];
    if (path === "/static/inter.woff2") return ["woff2", await readFile(FONT)];
    if (/^\/static\/i18n\/[\w-]+\.json$/.test(path)) return ["json", JSON.stringify({ "generic.close": "×" })];
    const page = /^\/react-(\d+)$/.exec(path);
    if (page) return ["html", this.#page(page[1])];
    if (!session) return undefined;
    if (path === "/api/v4/session") return ["json", JSON.stringify({ user_id: session.user, site_url: this.url })];
    if (path === "/api/v4/plugins/webapp") return ["json", JSON.stringify([{ ...MANIFEST, webapp: { bundle_path: BUNDLE_PATH } }])];
    if (path === "/api/v4/config") return ["json", JSON.stringify(await this.#config(session.user))];
    return undefined;
  }

  /** The configuration as the System Console gets it: keys in lower case, and no secret of a plugin. */
  async #config(user) {
    const saved = await this.chat(user, "GET", "settings");
    const secret = new Set(MANIFEST.settings_schema.settings.filter((setting) => setting.secret).map(({ key }) => key.toLowerCase()));
    const shown = Object.entries(saved).map(([key, value]) => [key.toLowerCase(), secret.has(key.toLowerCase()) ? MASK : value]);
    return { ServiceSettings: { SiteURL: this.url }, PluginSettings: { Plugins: { zoom: Object.fromEntries(shown) } } };
  }

  #page(react) {
    return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Local Chat</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${this.base}/static/page.css"></head>
<body><div id="root"></div><script src="${this.base}/static/host-${react}.js"></script></body>
</html>`;
  }
}

function send(response, status, kind, content) {
  response.writeHead(status, { "Content-Type": TYPES[kind], "Content-Security-Policy": CONTENT_SECURITY_POLICY, "X-Content-Type-Options": "nosniff" });
  response.end(content);
}
