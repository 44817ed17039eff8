// Asks the host.

/** What the host refused, with its sentence. */
export class Refused extends Error {}

/** Sends a request and reads its answer; `undefined` for an empty one. */
export async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("The chat does not answer. Is its program still running?");
  }
  const text = await response.text();
  const answer = text ? parse(text) : undefined;
  if (!response.ok) throw new Refused(answer?.error ?? `The chat answered with status ${response.status}.`);
  return answer;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names one thing that a person does, so that it happens once however often it is sent. */
export const requestId = () => crypto.randomUUID();
