"""The door: other names, other sites and other machines do not get in."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import httpx
import pytest
from live_server import serving

from tregua.app.guard import Door, Guard, is_loopback, name_of

CLOSED = Door()
OPEN = Door("0.0.0.0", "a-token-that-is-long", ("school.local",))


async def inner(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"in"})


@pytest.fixture(scope="module")
def addresses():
    with ExitStack() as stack:
        yield {door: stack.enter_context(serving(Guard(inner, door))) for door in (CLOSED, OPEN)}


@pytest.fixture
def visit(addresses):
    made: list[httpx.Client] = []

    def go(door: Door = CLOSED, host: str = "127.0.0.1") -> httpx.Client:
        made.append(httpx.Client(base_url=addresses[door], headers={"host": host}))
        return made[-1]

    yield go
    for one in made:
        one.close()


@pytest.mark.parametrize("host", ["127.0.0.1:8314", "localhost", "[::1]:99"])
def test_this_machine_gets_in_by_its_own_names(visit, host):
    assert visit(host=host).get("/").text == "in"


@pytest.mark.parametrize("host", ["evil.example", "192.168.0.7", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_a_name_that_points_here_from_elsewhere_is_refused(visit, host):
    answer = visit(host=host).get("/")
    assert answer.status_code == 421
    assert answer.json()["problems"][0]["code"] == "E81"


@pytest.mark.parametrize("headers", [
    {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"},
    {"origin": "http://127.0.0.1.evil.example:80"},
])  # fmt: skip
def test_another_site_cannot_ask_in_a_visitors_name(visit, headers):
    assert visit().post("/api/jobs", headers=headers).status_code == 403


def test_its_own_pages_can_ask(visit):
    headers = {"origin": "http://127.0.0.1:8314", "sec-fetch-site": "same-origin"}
    assert visit().post("/", headers=headers).text == "in"


def test_an_open_address_asks_for_the_token(visit):
    seen = visit(OPEN, "192.168.0.7")
    assert seen.get("/").status_code == 401
    assert seen.get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert seen.get("/?token=wrong").status_code == 401
    assert seen.post("/?token=a-token-that-is-long").status_code == 401
    assert seen.get("/", headers={"authorization": "Bearer a-token-that-is-long"}).text == "in"


def test_the_printed_address_leaves_a_cookie_and_loses_the_token(visit):
    seen = visit(OPEN, "192.168.0.7")
    answer = seen.get("/?token=a-token-that-is-long&lang=es", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?lang=es"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]
    assert seen.get("/").text == "in"


def test_the_token_never_leads_to_another_site(visit):
    seen = visit(OPEN, "192.168.0.7")
    whole = f"{seen.base_url}/evil.example/?token=a-token-that-is-long"
    answer = seen.get(whole, follow_redirects=False)
    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith("//")


def test_an_open_address_knows_plain_addresses_and_named_hosts_only(visit):
    assert visit(OPEN, "school.local").get("/").status_code == 401
    assert visit(OPEN, "other.local").get("/").status_code == 421


@pytest.mark.parametrize(
    ("header", "name"),
    [("localhost:80", "localhost"), ("[::1]:8080", "::1"), ("::1", "::1"), ("http://a.b:1", "a.b"), ("", "")],
)
def test_names_are_read_from_headers(header, name):
    assert name_of(header) == name


def test_loopback_is_known_in_every_form():
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "10.0.0.1", "example.org", ""))


def test_a_port_that_is_taken_is_told(tmp_path):
    from tregua.app.port import listening
    from tregua.errors import UsageError

    first = listening("127.0.0.1", 0)
    try:
        # a browser that opens before the server answers is kept waiting, not refused
        socket.create_connection(first.getsockname(), timeout=5).close()
        with pytest.raises(UsageError, match="nothing can listen"):
            listening("127.0.0.1", first.getsockname()[1])
    finally:
        first.close()
