"""zoomus 1.1.6 in JWT mode as a client of the simulated Zoom, and tokens that PyJWT makes."""

import datetime
import os
import sys
import time
import warnings

import jwt
import requests
import zoomus.client
from zoomus import ZoomClient

from checks import Sim, check, same
from zoomus_checks import past_meetings, refusal

USER = "alice@example.com"


def main(base, key, secret):
    # The address of the simulation is a port of this machine.
    os.environ["NO_PROXY"] = "127.0.0.1"
    # PyJWT finds the secret short for HS512, which is signed with here only to be refused.
    warnings.simplefilter("ignore")
    zoomus.client.API_BASE_URIS[2] = f"{base}/v2"
    sim = Sim(base)
    client = ZoomClient(key, secret)
    users(client)
    meetings(client)
    raw_uuids(client, past_meetings(client, sim, USER))
    refused_tokens(base, key, secret, sim)


def users(client):
    answer = client.user.get(id=USER)
    user = answer.json()
    same("zoomus reads a user by e-mail", (answer.status_code, user["email"]), (200, USER))
    same("zoomus reads the same user by id", client.user.get(id=user["id"]).json(), user)
    same("zoomus reads the account's owner as me", client.user.get(id="me").json(), user)
    emails = [user["email"] for user in client.user.list().json()["users"]]
    same("zoomus lists users", emails, [USER, "bob@example.com"])
    unknown = client.user.get(id="nobody@example.com")
    same("zoomus sees an unknown user refused", refusal(unknown), (404, 1001))


def meetings(client):
    created = client.meeting.create(user_id=USER, topic="Überblick / 会議", type=1, default_password=True)
    meeting = created.json()
    same(
        "zoomus creates an instant meeting",
        (created.status_code, meeting["topic"]),
        (201, "Überblick / 会議"),
    )
    check("its number is above 2^31", meeting["id"] > 2**31, meeting["id"])
    check(
        "its link carries the passcode",
        meeting["join_url"].endswith(f"/j/{meeting['id']}?pwd={meeting['encrypted_password']}"),
    )
    got = client.meeting.get(id=meeting["id"])
    same("zoomus reads the meeting back", (got.status_code, got.json()), (200, meeting))

    start = datetime.datetime(2031, 7, 1, 10, 30)
    planned = client.meeting.create(user_id=USER, topic="Plan", type=2, start_time=start, duration=45).json()
    same("zoomus plans a meeting", (planned["start_time"], planned["duration"]), ("2031-07-01T10:30:00Z", 45))
    changed = client.meeting.update(id=planned["id"], topic="Better plan")
    topic = client.meeting.get(id=planned["id"]).json()["topic"]
    same("zoomus changes it", (changed.status_code, topic), (204, "Better plan"))
    deleted = client.meeting.delete(id=planned["id"])
    gone = refusal(client.meeting.get(id=planned["id"]))
    same("zoomus deletes it", (deleted.status_code, gone), (204, (404, 3001)))
    unknown = client.meeting.get(id=85555555555)
    same("zoomus sees an unknown meeting refused", refusal(unknown), (404, 3001))
    long = client.meeting.create(user_id=USER, topic="x" * 201, type=1)
    fields = [error["field"] for error in long.json().get("errors", [])]
    same("zoomus sees a topic too long refused", (refusal(long), fields), ((400, 300), ["topic"]))


def raw_uuids(client, awkward):
    raw = [client.get_request(f"/past_meetings/{uuid}").status_code for uuid in awkward]
    same("those uuids are lost when sent raw", raw, [404] * len(awkward))


def refused_tokens(base, key, secret, sim):
    now = int(time.time())
    good = {"iss": key, "exp": now + 60}
    same("PyJWT's HS256 token is taken", ask(base, jwt.encode(good, secret, "HS256")), (200, None))
    cases = {
        "HS512": jwt.encode(good, secret, "HS512"),
        "another secret": jwt.encode(good, "another-secret-of-at-least-32-bytes", "HS256"),
        "another iss": jwt.encode({**good, "iss": "other"}, secret, "HS256"),
        "no exp": jwt.encode({"iss": key}, secret, "HS256"),
        "an exp in the past": jwt.encode({**good, "exp": now - 1}, secret, "HS256"),
        "an exp in milliseconds": jwt.encode({**good, "exp": (now + 60) * 1000}, secret, "HS256"),
        "no signature": jwt.encode(good, None, "none"),
    }
    for name, token in cases.items():
        same(f"PyJWT's token with {name} is refused", ask(base, token), (401, 124))
    wrong = ZoomClient(key, "wrong-secret-of-at-least-32-bytes-long")
    same("zoomus with a wrong secret is refused", refusal(wrong.user.get(id="me")), (401, 124))

    client = ZoomClient(key, secret)
    sim.call("POST", "/clock", {"advance_ms": 3601 * 1000})
    same("zoomus is refused when its token has run out", refusal(client.user.get(id="me")), (401, 124))
    sim.call("POST", "/clock", {"set_ms": int(time.time() * 1000)})
    same("zoomus is taken again when time is back", client.user.get(id="me").status_code, 200)
    sim.call("PUT", "/app", {"active": False})
    same("zoomus is refused when the app is deactivated", refusal(client.user.get(id="me")), (401, 124))
    sim.call("PUT", "/app", {"active": True})


def ask(base, token):
    answer = requests.get(f"{base}/v2/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=15)
    return answer.status_code, answer.json().get("code")


main(*sys.argv[1:])
