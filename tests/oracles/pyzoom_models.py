"""pyzoom 1.0.8 as a client of the simulated Zoom: its pydantic models take no answer that lacks a field."""

import base64
import hashlib
import hmac
import json
import logging
import os
import sys
import time

from pyzoom import ZoomClient, err

from checks import Sim, check, same

USER = "alice@example.com"


def main(base, key, secret):
    # The address of the simulation is a port of this machine.
    os.environ["NO_PROXY"] = "127.0.0.1"
    # It logs each refusal, and some are asked for here.
    logging.disable(logging.ERROR)
    sim = Sim(base)
    client = ZoomClient(token(key, secret), "no-refresh-token", base_url=f"{base}/v2")
    meeting = meetings(client)
    lists(client, sim)
    participants(client, sim, meeting)
    users(client, sim)
    refusals(client, base)


def meetings(client):
    created = client.meetings.create_meeting(
        "Überblick / 会議", start_time="2031-07-01T10:30:00Z", duration_min=45, password="k3Q9pz"
    )
    same("pyzoom's model takes a created meeting", (created.topic, created.status), ("Überblick / 会議", "waiting"))
    same("with the passcode asked for", created.password, "k3Q9pz")
    check("with passcodes for telephones and rooms", created.h323_password and created.pstn_password)
    check("with the passcode of links", created.join_url.endswith(f"?pwd={created.encrypted_password}"))
    same("with the settings asked for", (created.settings.host_video, created.settings.audio), (True, "voip"))
    got = client.meetings.get_meeting(created.id)
    same("pyzoom's model takes the same meeting read", got, created)
    for kind in (1, 2, 3, 10):
        other = client.meetings.create_meeting(
            f"type {kind}", start_time="2031-07-01T10:30:00Z", duration_min=30, type_=kind
        )
        same(f"pyzoom's model takes a meeting of type {kind}", other.type, kind)
    client.meetings.update_meeting(
        "Better plan", start_time="2031-07-02T10:30:00Z", duration_min=20, meeting_id=created.id
    )
    got = client.meetings.get_meeting(created.id)
    same("pyzoom changes it", (got.topic, got.start_time), ("Better plan", "2031-07-02T10:30:00Z"))
    own = client.raw.post("/users/me/meetings", body={"type": 1, "settings": {"use_pmi": True}}).json()
    got = client.meetings.get_meeting(own["id"])
    same("pyzoom's model takes a meeting on the personal number", got.settings.use_pmi, True)
    return created


def lists(client, sim):
    for number in range(35):
        sim.call("POST", f"/users/{USER}/meetings", {"topic": f"Planned {number}", "type": 3})
    first = client.meetings.list_meetings()
    same("pyzoom's model takes a page of a list", (len(first.meetings), first.page_size), (30, 30))
    check("the page names the next one", first.next_page_token)
    whole = client.raw.get_all_pages("/users/me/meetings")
    ids = [meeting["id"] for meeting in whole["meetings"]]
    same("pyzoom follows the pages to the end", (len(ids), len(set(ids))), (whole["total_records"],) * 2)
    check("instant meetings are in no list", not any(meeting["type"] == 1 for meeting in whole["meetings"]))


def participants(client, sim, meeting):
    sim.call("POST", f"/meetings/{meeting.id}/start")
    sim.call("POST", f"/meetings/{meeting.id}/join", {"user": "bob@example.com"})
    sim.call("POST", f"/meetings/{meeting.id}/join", {"guest": "Carol"})
    sim.call("POST", f"/meetings/{meeting.id}/end")
    people = client.meetings.past_meeting_participants(meeting.id)
    same("pyzoom's model takes who was there", [person.name for person in people], ["Bob", "Carol"])
    same("and finds one by address", len(people.find_by_email("bob@example.com")), 1)


def users(client, sim):
    found = client.users.get_users("active")
    same("pyzoom's model takes users", [user.email for user in found.users], [USER, "bob@example.com"])
    sim.call("PATCH", "/users/bob@example.com", {"status": "inactive"})
    found = client.users.get_users("inactive")
    same("pyzoom lists who is switched off", [user.email for user in found.users], ["bob@example.com"])


def refusals(client, base):
    same("pyzoom sees an unknown meeting refused", error(lambda: client.meetings.get_meeting(85555555555)), 3001)
    stranger = ZoomClient("made-up", None, base_url=f"{base}/v2")
    same("pyzoom with a made-up token is refused", error(stranger.meetings.list_meetings), 124)
    one = client.meetings.list_meetings().meetings[0].id
    same("pyzoom deletes a meeting", client.meetings.delete_meeting(one), True)
    same("which is gone", error(lambda: client.meetings.get_meeting(one)), 3001)


def error(call):
    """Zoom's code in the refusal that pyzoom raises."""
    try:
        call()
    except (err.APIError, *err.HTTP_ERRORS_MAP.values()) as refusal:
        return refusal.args[0]["code"]
    return None


def token(key, secret):
    """An HS256 token of the JWT app: pyzoom takes any bearer."""
    claims = {"iss": key, "exp": int(time.time()) + 600}
    signed = ".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256", "typ": "JWT"}, claims))
    return signed + "." + part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


def part(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


main(*sys.argv[1:])
