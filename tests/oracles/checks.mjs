// What the checkers in this folder share: the line for each check, and the control of the simulation.

import net from "node:net";

/** The address of the simulated Zoom. */
export const base = process.argv[2];
/** So much of a right value is shown. */
const SHOWN_MAX = 100;

/** A call of the simulation's control. */
export async function sim(method, path, body) {
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${base}/sim${path}`, { method, headers, body: text });
  const json = await answer.text();
  return { status: answer.status, json: json ? JSON.parse(json) : null };
}

export function same(what, seen, expected) {
  const [left, right] = [JSON.stringify(seen), JSON.stringify(expected)];
  check(what, left === right, left === right ? left.slice(0, SHOWN_MAX) : `${left}, not ${right}`);
}

export function check(what, condition, seen) {
  console.log(`${condition ? "ok" : "not ok"} ${what}: ${seen}`);
}

/** rivet listens on every address of the machine unless it is told otherwise, and it cannot be told. */
export function listenOnLoopback() {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (port, ...rest) {
    return typeof port === "number"
      ? listen.call(this, port, "127.0.0.1", ...rest)
      : listen.call(this, port, ...rest);
  };
}

/** rivet takes 0 for "no port given". */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject);
    probe.listen({ port: 0, host: "127.0.0.1" }, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
