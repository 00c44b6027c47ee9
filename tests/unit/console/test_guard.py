"""Who gets in: the token once, the cookie, the host, the origin, the form's key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import Route

from cognito_standby.console.web.acts import Acts
from cognito_standby.console.web.app import console_app
from cognito_standby.console.web.guard import ENTER, POLICY
from local.console.beside import DemoPages
from tests.unit.console.asgi import Browser
from tests.unit.console.console_world import PORT, ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION


@pytest.fixture
def world() -> ConsoleWorld:
    return ConsoleWorld()


def test_the_token_is_good_once(world: ConsoleWorld) -> None:
    token = world.keys.address.split(ENTER)[1]
    first, second = world.browser(entered=False), world.browser(entered=False)
    entered = first.get(ENTER + token)
    assert entered.status == 200
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert token not in cookie
    assert first.get("/").status == 200
    assert second.get(ENTER + token).status == 403, "the address in a history is worth nothing"
    assert second.get("/").status == 401


def test_of_many_at_once_one_gets_in(world: ConsoleWorld) -> None:
    token = world.keys.address.split(ENTER)[1]
    together = Barrier(8)

    def enter(_: int) -> int:
        browser = world.browser(entered=False)
        together.wait(60)
        return browser.get(ENTER + token).status

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(enter, range(8))) == [200] + [403] * 7


@pytest.mark.parametrize("header", ["sec_purpose", "purpose", "x_moz"])
def test_a_browser_that_loads_ahead_spends_nothing(world: ConsoleWorld, header: str) -> None:
    path = ENTER + world.keys.address.split(ENTER)[1]
    browser = world.browser(entered=False)
    ahead = browser.get(path, **{header: "prefetch;prerender"})
    assert ahead.status == 503
    assert not browser.cookies
    assert browser.get(path).status == 200


def test_the_address_opened_again_by_who_is_in_leads_on(world: ConsoleWorld) -> None:
    """A reload, the way back, a second click in the terminal."""
    token = world.keys.address.split(ENTER)[1]
    browser = world.browser()
    again = browser.get(ENTER + token)
    assert again.status == 200
    assert "Go on to the console" in again.words


def test_a_browser_leaves_out_the_port_that_everybody_knows() -> None:
    world = ConsoleWorld(port=80)
    browser = world.browser()
    browser.host = "127.0.0.1"
    form = browser.fill(browser.get("/people"), "/people", who="ann")
    assert browser.post("/people", form).status == 200


def test_nobody_gets_in_by_a_guess(world: ConsoleWorld) -> None:
    stranger = world.browser(entered=False)
    for path in (
        "/",
        "/letters",
        "/static/console.js",
        "/live/",
        "/do/redrive",
        "/enter/",
        "/nothing",
    ):
        assert stranger.get(path).status in (401, 403), path
    stranger.cookies[world.keys.cookie] = "x"
    assert stranger.get("/").status == 401
    assert world.browser().get("/").status == 200, "and a guess costs the token nothing"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", f"127.0.0.1.evil.example:{PORT}", ""]
)
def test_another_host_is_refused(world: ConsoleWorld, host: str) -> None:
    browser = world.browser()
    assert browser.get("/", host=host).status == 421
    assert browser.get("/", host=f"localhost:{PORT}").status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", f"https://127.0.0.1:{PORT}"])
def test_a_form_of_another_site_is_refused(world: ConsoleWorld, origin: str) -> None:
    browser = world.browser()
    form = browser.fill(browser.get("/people"), "/people", who="ann")
    assert browser.post("/people", form, origin=origin).status == 403
    assert browser.post("/people", form).status == 200


def test_a_form_needs_its_key(world: ConsoleWorld) -> None:
    browser = world.browser()
    assert browser.post("/people", {"who": "ann"}).status == 403
    assert browser.post("/people", {"who": "ann", "form_key": "x"}).status == 403
    assert browser.post("/people", {"who": "x" * 70_000, "form_key": world.keys.form}).status == 403


HARMLESS = {"/people", "/person", "/conflict"}
"""Forms that change nothing: they are forms so that no name is in an address."""


def _forms(app: Any) -> list[str]:
    """The path of every route that takes one."""
    routes = [each for each in app._app.routes if isinstance(each, Route)]
    return [each.path for each in routes if set(each.methods or ()) - {"GET", "HEAD"}]


def test_a_console_that_only_looks_takes_no_form_that_changes_something() -> None:
    """Of every route there is, those beside `make up` too, and of those to come: who adds one that
    changes nothing says so here."""
    world = ConsoleWorld(actions=False)
    demo: Any = None
    app = console_app(world.site, lambda site: DemoPages(site, demo).routes)
    browser = Browser(app, f"127.0.0.1:{PORT}", {world.keys.cookie: world.keys.session})
    kinds = list(Acts(world.site)._kinds)
    paths = {path.replace("{kind}", kind) for path in _forms(app) for kind in kinds} - HARMLESS
    assert {"/demo/fault", "/do/failover", "/do/abort"} <= paths
    form = {"form_key": world.keys.form, "id": "1", "region": REGION, "to": OTHER, "run": "a"}
    for path in paths:
        answer = browser.post(path, form)
        assert answer.status == 403, path
        assert "--allow-actions" in answer.words, path
    assert not world.jobs.all
    assert not world.roles


def test_no_method_but_these_reaches_a_route(world: ConsoleWorld) -> None:
    browser = world.browser()
    origin = f"http://{browser.host}"
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"):
        assert browser.ask(method, "/do", origin=origin).status == 405, method
        assert browser.ask(method, "/do").status == 403, method


def test_another_site_reads_nothing(world: ConsoleWorld) -> None:
    browser = world.browser()
    for elsewhere in ("cross-site", "same-site"):
        assert browser.get("/live/", sec_fetch_site=elsewhere).status == 403
    assert browser.get("/", sec_fetch_site="cross-site", sec_fetch_mode="navigate").status == 200


def test_the_page_of_the_local_aws_is_not_there(world: ConsoleWorld) -> None:
    browser = world.browser()
    assert browser.get("/demo").status == 404
    assert browser.post("/demo/fault", {"form_key": world.keys.form}).status == 404
    assert "Try it" not in browser.get("/").words


def test_a_fault_that_is_none_of_the_page_is_refused(world: ConsoleWorld) -> None:
    demo: Any = SimpleNamespace(names=(REGION, OTHER))
    app = console_app(world.site, lambda site: DemoPages(site, demo).routes)
    browser = Browser(app, f"127.0.0.1:{PORT}", {world.keys.cookie: world.keys.session})
    answer = browser.post("/demo/fault", {"form_key": world.keys.form, "fault": "x"})
    assert answer.status == 400
    assert "Say what is to break" in answer.words


def test_another_console_s_cookie_lets_nobody_in(world: ConsoleWorld) -> None:
    """A browser sends it, too: cookies know no ports."""
    other = ConsoleWorld(port=PORT + 1)
    browser = other.browser()
    browser.app, browser.host = world.app, f"127.0.0.1:{PORT}"
    assert browser.get("/").status == 401
    browser.cookies[world.keys.cookie] = other.keys.session
    assert browser.get("/").status == 401
    mine = world.browser()
    form = mine.fill(mine.get("/people"), "/people", who="ann") | {"form_key": other.keys.form}
    assert mine.post("/people", form).status == 403


def test_what_a_browser_is_told(world: ConsoleWorld) -> None:
    for answer in (world.browser().get("/"), world.browser(entered=False).get("/")):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_a_page_loads_nothing_from_elsewhere(world: ConsoleWorld) -> None:
    browser: Browser = world.browser()
    for path in ("/", "/letters", "/executions", "/people", "/reports", "/do", "/jobs"):
        text = browser.get(path).text
        assert "//" not in text.replace("http://www.w3.org", ""), path
        for inline in (" style=", "<style", "onclick", "<script>", "javascript:"):
            assert inline not in text, (path, inline)
