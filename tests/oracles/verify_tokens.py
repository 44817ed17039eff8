"""PyJWT as the judge of every token that a simulated Zoom took: `verify_tokens.py BASE KEY SECRET`.

It reads the requests that the simulation has recorded, so it can be pointed at one that any caller has
used; whether the caller shares code with the simulation does not matter.
"""

import sys

import jwt

from checks import Sim, check

# The longest life that Zoom's own examples give a token, in seconds.
LIFE_S_MAX = 3600


def main(base, key, secret):
    taken = [
        request for request in Sim(base).call("GET", "/requests") if request["status"] in (200, 201, 204)
    ]
    wrong = [problem for problem in (judge(request, key, secret) for request in taken) if problem]
    check(
        "PyJWT verifies every token that was taken",
        taken and not wrong,
        wrong[0] if wrong else f"{len(taken)} tokens",
    )


def judge(request, key, secret):
    """What is wrong with the token of a request, if anything."""
    where = f"{request['method']} {request['path']}"
    scheme, _, token = (request["authorization"] or "").partition(" ")
    if scheme != "Bearer":
        return f"{where}: the scheme is {scheme!r}"
    # The simulation's clock says whether a token is in time, not this machine's.
    options = {"require": ["iss", "exp"], "verify_exp": False}
    try:
        claims = jwt.decode(token, secret, ["HS256"], options, issuer=key)
    except jwt.InvalidTokenError as error:
        return f"{where}: {error}"
    left_s = claims["exp"] - request["at_ms"] // 1000
    if not 0 < left_s <= LIFE_S_MAX:
        return f"{where}: exp is {left_s} seconds away"
    return None


main(*sys.argv[1:])
