"""zoomus 1.2.1 as a client with Server-to-Server OAuth: `zoomus_s2s.py BASE`."""

import os
import sys

from zoomus import ZoomClient

from checks import Sim, check, same
from zoomus_checks import past_meetings, refusal

USER = "alice@example.com"
CLIENT_ID, SECRET, ACCOUNT = "oracle-server-app", "oracle-server-secret", "SimAccount000000000000"


def main(base):
    os.environ["NO_PROXY"] = "127.0.0.1"
    sim = Sim(base)
    sim.call("POST", "/apps", {"kind": "server_to_server", "client_id": CLIENT_ID, "client_secret": SECRET})
    client = new_client(base)
    check("zoomus gets a token", isinstance(client.config["token"], str) and client.config["token"])
    wrong = {"a wrong secret": (CLIENT_ID, "wrong", ACCOUNT), "a wrong account": (CLIENT_ID, SECRET, "other")}
    for what, credentials in wrong.items():
        same(f"zoomus gets none with {what}", new_client(base, *credentials).config["token"], None)
    users_and_meetings(client)
    past_meetings(client, sim, USER)
    scopes(base, sim)
    expiry(client, sim)


def users_and_meetings(client):
    user = client.user.get(id=USER)
    same("zoomus reads a user by e-mail", (user.status_code, user.json()["email"]), (200, USER))
    same("zoomus reads the same user by id", client.user.get(id=user.json()["id"]).json(), user.json())
    emails = [user["email"] for user in client.user.list().json()["users"]]
    same("zoomus lists users", emails, [USER, "bob@example.com"])
    same("zoomus is nobody as me", refusal(client.user.get(id="me")), (401, 124))
    same("zoomus sees an unknown user refused", refusal(client.user.get(id="x@example.com")), (404, 1001))
    created = client.meeting.create(user_id="bob@example.com", topic="For Bob", type=1)
    meeting = created.json()
    same(
        "zoomus creates a meeting for anybody of the account",
        (created.status_code, meeting["host_email"]),
        (201, "bob@example.com"),
    )
    same("zoomus reads it back", client.meeting.get(id=meeting["id"]).json(), meeting)
    same("zoomus deletes it", client.meeting.delete(id=meeting["id"]).status_code, 204)
    same("zoomus sees it gone", refusal(client.meeting.get(id=meeting["id"])), (404, 3001))


def scopes(base, sim):
    app = {"kind": "server_to_server", "client_id": "oracle-narrow", "client_secret": SECRET}
    sim.call("POST", "/apps", {**app, "scopes": ["user:read:user:admin"]})
    client = new_client(base, "oracle-narrow")
    same("zoomus reads a user with that scope alone", client.user.get(id=USER).status_code, 200)
    refused = client.meeting.create(user_id=USER, topic="T", type=1)
    same("zoomus may not create a meeting with it", refusal(refused), (400, 4711))
    check("the refusal names the scope", "meeting:write:meeting:admin]" in refused.json()["message"])
    sim.call("POST", "/apps", {**app, "scopes": ["user:read:user:admin", "meeting:write:admin"]})
    same("an old token has no new scope", refusal(client.meeting.create(user_id=USER, type=1)), (400, 4711))
    client.refresh_token()
    same("a new token has", client.meeting.create(user_id=USER, type=1).status_code, 201)


def expiry(client, sim):
    same("zoomus is taken before", client.user.get(id=USER).status_code, 200)
    sim.call("POST", "/oauth/expire_access_tokens")
    same("zoomus is refused when its token has run out", refusal(client.user.get(id=USER)), (401, 124))
    client.refresh_token()
    same("zoomus is taken with a new token", client.user.get(id=USER).status_code, 200)


def new_client(base, client_id=CLIENT_ID, secret=SECRET, account=ACCOUNT):
    return ZoomClient(client_id, secret, account, base_uri=f"{base}/v2", oauth_uri=f"{base}/oauth/token")


main(*sys.argv[1:])
