// Zoom's own @zoom/rivet as the receiver of the simulated Zoom's webhooks.

import { MeetingsS2SAuthClient } from "@zoom/rivet/meetings";
import { check, freePort, listenOnLoopback, same, sim } from "./checks.mjs";
import { complaints } from "./rivet_types.mjs";

const SECRET_TOKEN = "oracle-webhook-secret-token";

async function main() {
  listenOnLoopback();
  const seen = [];
  let fail = false;
  const client = new MeetingsS2SAuthClient({
    accountId: "unused",
    clientId: "unused",
    clientSecret: "unused",
    webhooksSecretToken: SECRET_TOKEN,
    port: await freePort(),
  });
  for (const event of EVENTS) {
    client.webEventConsumer.event(event, ({ payload, ...rest }) => {
      if (fail) throw new Error("the oracle fails on purpose");
      seen.push({ event, payload: payload ?? rest });
    });
  }
  const server = await client.start();
  const url = `http://127.0.0.1:${server.address().port}/zoom/events`;
  try {
    await validation(url);
    await events(url, seen);
    await recordings(seen);
    await refusals(url, seen);
    await retry(url, seen, (on) => (fail = on));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const EVENTS = [
  "meeting.created",
  "meeting.updated",
  "meeting.started",
  "meeting.participant_joined",
  "meeting.participant_left",
  "meeting.ended",
  "meeting.deleted",
  "recording.completed",
  "recording.transcript_completed",
];

async function validation(url) {
  const saved = await sim("PUT", "/webhook", { url, secret_token: SECRET_TOKEN });
  same("rivet answers the URL validation, and the simulation takes the answer", saved.status, 200);
  const again = await sim("POST", "/webhook/validate");
  same(
    "rivet answers the next validation too",
    [again.status, again.json.validation?.failures_in_a_row],
    [200, 0],
  );
}

async function events(url, seen) {
  await sim("PUT", "/webhook", { url, secret_token: SECRET_TOKEN });
  const topic = 'Überblick / "quoted" \\ \u2028 会議 😀 <b>&amp;</b>\n\t\u0001\u007f';
  const uuids = [];
  for (let round = 0; round < 3; round += 1) {
    const { json: meeting } = await sim("POST", "/users/alice@example.com/meetings", { topic, type: 2 });
    const { json: instance } = await sim("POST", `/meetings/${meeting.id}/start`);
    uuids.push(instance.uuid);
    await sim("POST", `/meetings/${meeting.id}/join`, { user: "bob@example.com" });
    const { json: guest } = await sim("POST", `/meetings/${meeting.id}/join`, { guest: 'Carol "Guest" 会' });
    await sim("POST", `/meetings/${meeting.id}/leave`, { user_id: guest.user_id });
    await sim("POST", `/meetings/${meeting.id}/end`);
  }
  await sim("POST", "/settle");
  const states = await deliveries((delivery) => delivery.event !== "endpoint.url_validation");
  same(
    "rivet takes every signed event",
    states.filter((state) => state !== "delivered"),
    [],
  );
  same("rivet hands on as many as were sent", [seen.length, states.length], [21, 21]);
  const started = seen
    .filter(({ event }) => event === "meeting.started")
    .map(({ payload }) => payload.object);
  same(
    "rivet reads the uuids as they are",
    started.map(({ uuid }) => uuid),
    uuids,
  );
  check(
    "one of them begins with / and one holds //",
    uuids.some((uuid) => uuid.startsWith("/")) && uuids.some((uuid) => uuid.includes("//")),
    uuids.join(" "),
  );
  check(
    "rivet reads the topic as it is",
    started.every((object) => object.topic === topic),
    JSON.stringify(topic),
  );
  const ended = seen.filter(({ event }) => event === "meeting.ended").map(({ payload }) => payload.object);
  check(
    "the id of a running meeting is a string",
    ended.every(({ id }) => typeof id === "string" && Number(id) > 2 ** 31),
    ended[0]?.id,
  );
  const guests = seen.filter(({ payload }) => payload.object?.participant?.user_name === 'Carol "Guest" 会');
  same(
    "guests come and go without id and e-mail",
    guests.map(({ payload: { object } }) => object.participant.id + object.participant.email),
    Array(6).fill(""),
  );
}

async function recordings(seen) {
  const before = seen.length;
  const { json: meeting } = await sim("POST", "/users/alice@example.com/meetings", {
    topic: "Überblick 会議",
    type: 8,
    recurrence: { type: 1, end_times: 2 },
  });
  await sim("POST", `/meetings/${meeting.id}/start`);
  await sim("POST", `/meetings/${meeting.id}/end`);
  await sim("POST", `/meetings/${meeting.id}/record`, { twins: true, transcript_after_ms: 0 });
  await sim("POST", "/settle");
  const handed = seen.slice(before);
  same(
    "rivet takes the events of a series and of its recording",
    handed.map(({ event }) => event),
    [
      "meeting.created",
      "meeting.started",
      "meeting.ended",
      "recording.completed",
      "recording.completed",
      "recording.transcript_completed",
    ],
  );
  same("rivet reads its occurrences", handed[0]?.payload.object.occurrences.length, 2);
  const recorded = handed.slice(3).map(({ payload }) => payload.object);
  check(
    "the id of a recorded meeting is a number",
    recorded.every(({ id }) => id === meeting.id),
    recorded[0]?.id,
  );
  same(
    "rivet reads its files",
    recorded.map(({ recording_files: files }) => files.map((file) => file.file_type).join(" ")),
    ["MP4 M4A CHAT TIMELINE", "MP4 M4A CHAT TIMELINE", "TRANSCRIPT"],
  );
  types(handed);
}

/** Zoom's own types judge what the simulation sends: each member is one that Zoom has, and of its type. */
function types(handed) {
  const payload = (wanted) => handed.find(({ event }) => event === wanted)?.payload;
  same(
    "rivet's types know the members of meeting.ended",
    complaints("MeetingEndedEvent", '["payload"]', payload("meeting.ended")),
    [],
  );
  const completed = payload("recording.completed");
  const judged = (object) =>
    complaints("RecordingCompletedEvent", '["payload"]', { ...completed, object: { ...completed.object, ...object } });
  same("f21 rivet's types know both passcodes of a recording", judged({}), []);
  check(
    "f21 they are two: what is typed, and 32 letters for the link",
    completed.object.recording_play_passcode.length === 32 &&
      completed.object.recording_play_passcode !== completed.object.password,
    JSON.stringify([completed.object.password, completed.object.recording_play_passcode]),
  );
  // These show that the verdict depends on what is sent.
  same("rivet's types refuse a number for a passcode", judged({ password: 12345 }), [
    "Type 'number' is not assignable to type 'string'.",
  ]);
  same("rivet's types refuse a member that Zoom has not", judged({ play_passcode: "made up" }).length, 1);
}

async function refusals(url, seen) {
  const before = seen.length;
  const wrong = await sim("PUT", "/webhook", { url, secret_token: "another-secret-token" });
  same("a URL is not saved when the secrets differ", wrong.status, 409);
  await sim("PUT", "/webhook?validate=false", { url, secret_token: "another-secret-token" });
  same(
    "rivet refuses an event signed with another secret",
    await send('{"event":"meeting.ended","payload":{}}'),
    ["refused", 400],
  );
  await sim("PUT", "/webhook?validate=false", { url });
  same("rivet refuses an event without a signature", await send('{"event":"meeting.ended","payload":{}}'), [
    "refused",
    400,
  ]);
  await sim("PUT", "/webhook", { url, secret_token: SECRET_TOKEN });
  // These show that rivet's verdict on the events above depends on their bytes.
  same("rivet refuses a signed body with spaces", await send('{"event": "meeting.ended", "payload": {}}'), [
    "refused",
    400,
  ]);
  same(
    "rivet refuses a signed body with escapes",
    await send('{"event":"meeting.ended","payload":{"topic":"\\u00e9\\/"}}'),
    ["refused", 400],
  );
  same(
    "rivet takes the same body in compact form",
    await send('{"event":"meeting.ended","payload":{"topic":"é/"}}'),
    ["delivered", 200],
  );
  same("rivet hands on only that one", seen.length - before, 1);
}

async function retry(url, seen, setFail) {
  const before = seen.length;
  setFail(true);
  quietly();
  const [id] = (await sim("POST", "/events", '{"event":"meeting.ended","payload":{}}')).json.deliveries;
  await sim("POST", "/settle");
  setFail(false);
  await sim("POST", "/clock", { advance_ms: 5 * 60 * 1000 });
  const { json: delivery } = await sim("GET", `/deliveries/${id}`);
  const statuses = delivery.attempts.map(({ status }) => status);
  same(
    "an event that rivet answers with 500 comes again and is taken",
    [delivery.state, ...statuses],
    ["delivered", 500, 200],
  );
  same("rivet hands it on once", seen.length - before, 1);
}

/** Sends a body as it stands; its state in the end and the last status. */
async function send(body) {
  const [id] = (await sim("POST", "/events", body)).json.deliveries;
  await sim("POST", "/settle");
  const { json: delivery } = await sim("GET", `/deliveries/${id}`);
  return [delivery.state, delivery.attempts.at(-1)?.status];
}

async function deliveries(wanted) {
  return (await sim("GET", "/deliveries")).json.filter(wanted).map(({ state }) => state);
}

/** rivet prints the stack of a handler's error, which here is the oracle's own. */
function quietly() {
  console.error = () => {};
}

await main();
