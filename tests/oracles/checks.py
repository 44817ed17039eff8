"""Prints a line for each check, for `run` to count."""

import json
import urllib.request

# So much of a right value is shown.
SHOWN_MAX = 100


def check(what, condition, seen=""):
    """One line: `ok what: seen` or `not ok what: seen`."""
    line = what if seen == "" else f"{what}: {seen}"
    print(("ok " if condition else "not ok ") + line, flush=True)


def same(what, seen, expected):
    """A check that two values are equal; shows the wanted one if they are not."""
    check(what, seen == expected, f"{seen}"[:SHOWN_MAX] if seen == expected else f"{seen}, not {expected}")


class Sim:
    """The control of the simulated Zoom."""

    def __init__(self, base):
        self.base = base

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base}/sim{path}", data, headers, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None
