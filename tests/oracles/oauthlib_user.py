"""requests-oauthlib as the client of a user's OAuth: `oauthlib_user.py BASE`."""

import os
import sys

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from checks import Sim, check, same

USER = "alice@example.com"
CLIENT_ID, SECRET = "oracle-user-app", "oracle-user-secret"
REDIRECT_URI = "http://127.0.0.1:9/oauth/complete?chat=1"


def main(base):
    os.environ["NO_PROXY"] = "127.0.0.1"
    # The simulation is on loopback and speaks no TLS.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    sim = Sim(base)
    app = {"kind": "user", "client_id": CLIENT_ID, "client_secret": SECRET, "redirect_uris": [REDIRECT_URI]}
    sim.call("POST", "/apps", app)
    connect(base)
    verifier(base)
    refusals(base)
    refresh(base, sim)
    dead_tokens(base, sim)
    revocation(base)


def connect(base):
    session = new_session(base)
    url, state = session.authorization_url(f"{base}/oauth/authorize")
    back = browser(url)
    check("the browser is sent back with code and state", f"state={state}" in back and "code=" in back)
    token = fetch(session, base, back)
    same("requests-oauthlib exchanges the code", (token["token_type"], token["expires_in"]), ("bearer", 3600))
    check("the answer names its scopes", "meeting:write:meeting" in token["scope"], len(token["scope"]))
    me = session.get(f"{base}/v2/users/me")
    same("its session reads the user as me", (me.status_code, me.json()["email"]), (200, USER))
    created = session.post(f"{base}/v2/users/me/meetings", json={"topic": "From oauthlib", "type": 1})
    same("its session creates a meeting", (created.status_code, created.json()["host_email"]), (201, USER))
    other = session.get(f"{base}/v2/users/bob@example.com")
    same("its session does not reach another user", (other.status_code, other.json()["code"]), (400, 4711))
    raises("the same code a second time", "invalid_request", lambda: fetch(new_session(base), base, back))


def verifier(base):
    session = new_session(base, pkce="S256")
    url, _ = session.authorization_url(f"{base}/oauth/authorize")
    back = browser(url)
    check("the authorisation carries a challenge", "code_challenge_method=S256" in url)
    token = fetch(session, base, back)
    check("requests-oauthlib exchanges with its verifier", bool(token["access_token"]))
    session = new_session(base, pkce="S256")
    back = browser(session.authorization_url(f"{base}/oauth/authorize")[0])
    session._code_verifier = "A" * 64
    raises("another verifier", "invalid_request", lambda: fetch(session, base, back))


def refusals(base):
    url, _ = new_session(base).authorization_url(f"{base}/oauth/authorize")
    back = requests.get(f"{url}&refuse=1", allow_redirects=False, timeout=15).headers["location"]
    raises("a person who refuses", "access_denied", lambda: fetch(new_session(base), base, without_state(back)))
    session, back = sent_back(base)
    raises("a wrong secret", "invalid_client", lambda: fetch(session, base, back, "wrong"))
    session, back = sent_back(base)
    session.redirect_uri = "http://127.0.0.1:9/oauth/complete"
    raises("another redirect_uri", "invalid_request", lambda: fetch(session, base, back))
    url = f"{base}/oauth/authorize?response_type=code&client_id={CLIENT_ID}&redirect_uri=http://evil.example/"
    page = requests.get(url, allow_redirects=False, timeout=15)
    same("nobody is sent to a redirect_uri that is not registered", page.status_code, 400)


def refresh(base, sim):
    kept = []
    session = new_session(
        base,
        auto_refresh_url=f"{base}/oauth/token",
        auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": SECRET},
        token_updater=kept.append,
    )
    back = browser(session.authorization_url(f"{base}/oauth/authorize")[0])
    first = dict(fetch(session, base, back))
    same("a token that has run out is refused", refused_when_expired(base, sim, first), (401, 124))
    session.token = {**first, "expires_at": 1}
    me = session.get(f"{base}/v2/users/me")
    same("requests-oauthlib refreshes on its own", (me.status_code, len(kept)), (200, 1))
    check("the refresh token has rotated", kept and kept[0]["refresh_token"] != first["refresh_token"])
    asked = [request for request in sim.call("GET", "/requests") if "grant_type=refresh" in request["body"]][-1]
    same("it sent its credentials in the body alone", asked["authorization"], None)
    check("they were in the body", f"client_secret={SECRET}" in asked["body"])


def refused_when_expired(base, sim, token):
    sim.call("POST", "/oauth/expire_access_tokens")
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    answer = requests.get(f"{base}/v2/users/me", headers=headers, timeout=15)
    return answer.status_code, answer.json()["code"]


def dead_tokens(base, sim):
    for shape, error in (("invalid_grant", "invalid_grant"), ("invalid_request", "invalid_request")):
        sim.call("PUT", "/oauth", {"dead_refresh_token": shape})
        session, back = sent_back(base)
        token = dict(fetch(session, base, back))
        renew(session, base, token)
        raises(f"a spent refresh token ({shape})", error, lambda s=session, t=token: renew(s, base, t))
        older = dict(session.token)
        session, back = sent_back(base)
        fetch(session, base, back)
        raises(f"a token of a grant before ({shape})", error, lambda s=session, t=older: renew(s, base, t))


def revocation(base):
    session, back = sent_back(base)
    token = dict(fetch(session, base, back))
    form = {"token": token["access_token"]}
    answer = requests.post(f"{base}/oauth/revoke", data=form, auth=(CLIENT_ID, SECRET), timeout=15)
    same("a token is revoked", (answer.status_code, answer.json()), (200, {"status": "success"}))
    raises("the refresh token of a revoked grant", "invalid_request", lambda: renew(session, base, token))


def new_session(base, **options):
    return OAuth2Session(CLIENT_ID, redirect_uri=REDIRECT_URI, **options)


def sent_back(base):
    session = new_session(base)
    return session, browser(session.authorization_url(f"{base}/oauth/authorize")[0])


def browser(url):
    """Where a browser in which Alice is signed in, and allows, is sent."""
    return requests.get(f"{url}&as={USER}", allow_redirects=False, timeout=15).headers["location"]


def without_state(url):
    return url.split("&state=")[0]


def fetch(session, base, back, secret=SECRET):
    return session.fetch_token(f"{base}/oauth/token", authorization_response=back, client_secret=secret)


def renew(session, base, token):
    kwargs = {"client_id": CLIENT_ID, "client_secret": SECRET}
    return session.refresh_token(f"{base}/oauth/token", refresh_token=token["refresh_token"], **kwargs)


def raises(what, error, call):
    """That oauthlib makes an exception of the answer, with this error in it."""
    try:
        seen = f"no exception, but {call()}"
    except OAuth2Error as caught:
        seen = caught.error
    same(f"oauthlib raises at {what}", seen, error)


main(*sys.argv[1:])
