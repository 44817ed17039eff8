"""zoom-python-client 0.2.3, which asks for its token in the query and sends an empty body as JSON:
`zoom_python_s2s.py BASE`."""

import os
import sys

import requests
from zoom_python_client.zoom_api_client import ZoomApiClient
from zoom_python_client.zoom_auth_api.zoom_auth_api_client import ZoomAuthApiClient

from checks import Sim, same

USER = "alice@example.com"
CLIENT_ID, SECRET, ACCOUNT = "oracle-query-app", "oracle-query-secret", "SimAccount000000000000"


def main(base):
    os.environ["NO_PROXY"] = "127.0.0.1"
    ZoomAuthApiClient.oauth_base_url = f"{base}/oauth"
    sim = Sim(base)
    sim.call("POST", "/apps", {"kind": "server_to_server", "client_id": CLIENT_ID, "client_secret": SECRET})
    client = ZoomApiClient(ACCOUNT, CLIENT_ID, SECRET, api_endpoint=f"{base}/v2")
    same("zoom-python-client reads a user", client.users.get_user(USER)["email"], USER)
    asked = [request for request in sim.call("GET", "/requests") if request["path"] == "/oauth/token"][-1]
    same(
        "it asked in the query, with an empty body called JSON",
        (asked["query"], asked["body"], asked["content_type"]),
        (f"grant_type=account_credentials&account_id={ACCOUNT}", "", "application/json"),
    )
    meeting = sim.call("POST", f"/users/{USER}/meetings", {"topic": "Seen", "type": 1})["id"]
    same("it reads a meeting", client.meetings.get_meeting(meeting)["topic"], "Seen")

    before = tokens(sim)
    sim.call("POST", "/oauth/expire_access_tokens")
    same("it comes back with a new token after 401", client.users.get_user(USER)["email"], USER)
    same("it asked for one", tokens(sim) - before, 1)
    # It keeps its token there.
    del os.environ["ZOOM_ACCESS_TOKEN"]
    wrong = ZoomApiClient("other", CLIENT_ID, SECRET, api_endpoint=f"{base}/v2")
    try:
        seen = f"no exception, but {wrong.users.get_user(USER)}"
    except requests.exceptions.HTTPError as error:
        seen = error.response.status_code, error.response.json()
    same("it is refused for another account", seen, (400, {"reason": "Bad request", "error": "invalid_request"}))


def tokens(sim):
    return sim.call("GET", "/oauth")["token_requests"]["account_credentials"]["granted"]


main(*sys.argv[1:])
