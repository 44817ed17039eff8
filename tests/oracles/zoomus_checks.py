"""What zoomus is asked in both of its versions."""

from checks import check, same


def refusal(answer):
    """HTTP status and Zoom's code."""
    return answer.status_code, answer.json().get("code")


def past_meetings(client, sim, user):
    """Finds instances by UUIDs that are awkward in a path. Returns those."""
    meeting = client.meeting.create(user_id=user, topic="Daily", type=3).json()
    uuids = []
    for _ in range(6):
        uuids.append(sim.call("POST", f"/meetings/{meeting['id']}/start")["uuid"])
        sim.call("POST", f"/meetings/{meeting['id']}/end")
    awkward = [uuid for uuid in uuids if uuid.startswith("/") or "//" in uuid]
    check("some uuids begin with / or hold //", 0 < len(awkward) < len(uuids), f"{len(awkward)} of {len(uuids)}")
    found = [client.past_meeting.get(meeting_id=uuid).json().get("uuid") for uuid in uuids]
    same("zoomus finds each by its own encoding of uuids", found, uuids)
    return awkward
