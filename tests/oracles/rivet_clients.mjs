// Zoom's own @zoom/rivet as a client: of Server-to-Server OAuth, and of a user's.

import axios from "axios";
import { MeetingsOAuthClient, MeetingsS2SAuthClient } from "@zoom/rivet/meetings";
import { UsersS2SAuthClient } from "@zoom/rivet/users";
import { base, check, freePort, listenOnLoopback, same, sim } from "./checks.mjs";

const USER = "alice@example.com";
const ACCOUNT = "SimAccount000000000000";
const SERVER = { clientId: "rivet-server-app", clientSecret: "rivet-server-secret" };
const PERSONAL = { clientId: "rivet-user-app", clientSecret: "rivet-user-secret" };
const SECRET_TOKEN = "oracle-webhook-secret-token";
const STATE_COOKIE = "zoom-oauth-state";

async function main() {
  listenOnLoopback();
  toTheSimulation();
  await serverToServer();
  await user();
}

/** rivet knows one address of Zoom's OAuth, and asks through the axios that everybody shares. */
function toTheSimulation() {
  axios.interceptors.request.use((config) => {
    const url = axios.getUri(config);
    if (url.startsWith("https://zoom.us/")) {
      config.url = url.replace("https://zoom.us", base);
      config.baseURL = undefined;
    }
    config.proxy = false;
    return config;
  });
}

async function serverToServer() {
  await sim("POST", "/apps", app("server_to_server", SERVER));
  const options = { ...SERVER, accountId: ACCOUNT, disableReceiver: true, baseUrl: `${base}/v2` };
  const { users } = new UsersS2SAuthClient(options).endpoints;
  const { data } = await users.getUser({ path: { userId: USER } });
  same("rivet signs in for the account and reads a user", data.email, USER);
  const unknown = await failure(users.getUser({ path: { userId: "x@example.com" } }));
  same("rivet reads a refusal", unknown.message, '[404/1001]: "User does not exist: x@example.com."');

  const { meetings } = new MeetingsS2SAuthClient(options).endpoints;
  const created = await meetings.createMeeting({ path: { userId: USER }, body: { topic: "R", type: 2 } });
  same("rivet creates a meeting", [created.statusCode, created.data.topic], [201, "R"]);
  check("its answer carries a tracking id", created.trackingId?.startsWith("v=2.0;"), created.trackingId);
  const path = { meetingId: created.data.id };
  const changed = await meetings.updateMeeting({ path, body: { topic: "S" } });
  const read = await meetings.getMeeting({ path });
  same("rivet changes it and reads it back", [changed.statusCode, read.data.topic], [204, "S"]);
  same("rivet deletes it", (await meetings.deleteMeeting({ path })).statusCode, 204);
  const gone = (await failure(meetings.getMeeting({ path }))).message;
  same("rivet sees it gone", gone, `[404/3001]: "Meeting does not exist: ${path.meetingId}."`);

  const other = new MeetingsS2SAuthClient({ ...options, accountId: "other" }).endpoints.meetings;
  const refused = await failure(other.getMeeting({ path }));
  same("rivet gets no token for another account", refused.response?.data, {
    reason: "Bad request",
    error: "invalid_request",
  });
}

async function user() {
  const port = await freePort();
  const redirectUri = `http://127.0.0.1:${port}`;
  await sim("POST", "/apps", {
    ...app("user", PERSONAL),
    redirect_uris: [`${redirectUri}/zoom/oauth/callback`],
    deauthorization_url: `${redirectUri}/zoom/events`,
    secret_token: SECRET_TOKEN,
  });
  const store = memory();
  const client = new MeetingsOAuthClient({
    ...PERSONAL,
    port,
    webhooksSecretToken: SECRET_TOKEN,
    tokenStore: store,
    baseUrl: `${base}/v2`,
    installerOptions: {
      redirectUri,
      directInstall: true,
      stateStore: "oracle-state-secret-of-forty-characters!",
      stateCookieName: STATE_COOKIE,
    },
  });
  const told = [];
  client.webEventConsumer.event("app_deauthorized", ({ payload }) => void told.push(payload));
  const server = await client.start();
  try {
    await refuses(redirectUri, store);
    await allows(redirectUri, store);
    await calls(client.endpoints.meetings, store);
    await refreshes(client.endpoints.meetings, store);
    await removes(told);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function refuses(redirectUri, store) {
  const error = console.error;
  console.error = () => {};
  const answer = await connect(redirectUri, "refuse=1");
  console.error = error;
  same("rivet is told when a person refuses", [answer.status, store.token], [500, undefined]);
}

async function allows(redirectUri, store) {
  const answer = await connect(redirectUri, `as=${USER}`);
  same("rivet takes the code and the state that come back", answer.status, 200);
  check("rivet has stored tokens", store.token?.accessToken && store.token.refreshToken, store.token?.scopes[0]);
  const life = (new Date(store.token?.expirationTimeIso) - Date.now()) / 1000;
  check("rivet reads how long the token lives", life > 3500 && life <= 3600, `${Math.round(life)} s`);
}

/** A browser's way from rivet's page to Zoom and back, with its cookie. */
async function connect(redirectUri, choice) {
  const installed = await fetch(`${redirectUri}/zoom/oauth/install`, { redirect: "manual" });
  const cookie = installed.headers.get("set-cookie").split(";")[0];
  const authorize = installed.headers.get("location").replace("https://zoom.us", base);
  const allowed = await fetch(`${authorize}&${choice}`, { redirect: "manual" });
  return fetch(allowed.headers.get("location"), { headers: { cookie } });
}

async function calls(meetings, store) {
  const created = await meetings.createMeeting({ path: { userId: "me" }, body: { topic: "Mine", type: 1 } });
  same("rivet creates a meeting as me", [created.statusCode, created.data.host_email], [201, USER]);
  const other = await failure(meetings.listMeetings({ path: { userId: "bob@example.com" } }));
  check("rivet is refused at another user", other.message.startsWith("[400/4711]"), other.message);
  check("its token is one of the simulation's", (await live(store.token)) === 1, "one grant");
}

async function refreshes(meetings, store) {
  const before = store.token;
  await sim("POST", "/oauth/expire_access_tokens");
  store.token = { ...before, expirationTimeIso: new Date(0).toISOString() };
  const listed = await meetings.listMeetings({ path: { userId: "me" } });
  same("rivet refreshes a token that has run out", listed.statusCode, 200);
  check("both tokens are new", distinct(before, store.token), "rotated");

  for (const shape of ["invalid_grant", "invalid_request"]) {
    await sim("PUT", "/oauth", { dead_refresh_token: shape });
    store.token = { ...before, expirationTimeIso: new Date(0).toISOString() };
    const dead = await failure(meetings.listMeetings({ path: { userId: "me" } }));
    same(
      `rivet cannot refresh with a spent token (${shape})`,
      [dead.errorCode, dead.cause?.response?.data],
      ["zoom_rivet_oauth_token_refresh_failed_error", { reason: "Invalid Token!", error: shape }],
    );
  }
}

async function removes(told) {
  const path = `/apps/${PERSONAL.clientId}/deauthorize`;
  const [id] = (await sim("POST", path, { user: USER })).json.deliveries;
  await sim("POST", "/settle");
  const { json: delivery } = await sim("GET", `/deliveries/${id}`);
  same("rivet takes the signed news that the app was removed", delivery.state, "delivered");
  const [payload] = told;
  same("rivet reads of whom and which", [told.length, payload?.client_id], [1, PERSONAL.clientId]);
  same("the grant has ended", (await sim("GET", "/grants")).json.filter(byUser).length, 0);
}

function byUser({ client_id }) {
  return client_id === PERSONAL.clientId;
}

/** How many grants of the simulation have this token as the one to refresh with. */
async function live({ refreshToken }) {
  const { json } = await sim("GET", "/grants");
  return json.filter((grant) => grant.refresh_token === refreshToken).length;
}

function distinct(before, after) {
  return before.accessToken !== after.accessToken && before.refreshToken !== after.refreshToken;
}

function memory() {
  return {
    token: undefined,
    getLatestToken() {
      return this.token;
    },
    storeToken(token) {
      this.token = token;
    },
  };
}

function app(kind, { clientId, clientSecret }) {
  return { kind, client_id: clientId, client_secret: clientSecret };
}

/** The error that a call ends with. */
function failure(call) {
  return call.then(
    ({ statusCode }) => new Error(`no error, but ${statusCode}`),
    (error) => error,
  );
}

await main();
