"""What the web server lets in, over HTTP: log-in, keys, roles, foreign hosts and sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.access.door import COOKIE
from assistant.store.database import Database
from tests.assistant.access.conftest import Guarded
from tests.assistant.programs.serving import Running, open_service, running
from tests.fakes import ScriptedEngine

HTML = {"accept": "text/html"}
AD = {"data": ["KE-1001"]}


@pytest.fixture(scope="module")
def loopback(index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database = Database(tmp_path_factory.mktemp("open") / "page.sqlite3")
    with running(open_service(index_dir, ScriptedEngine()), database) as server:
        yield server


def test_a_page_without_log_in_shows_itself(loopback: Running):
    reply = httpx.get(loopback.url, headers=HTML)
    assert reply.status_code == 200
    assert "gradio" in reply.text
    assert httpx.get(f"{loopback.url}/login").headers["location"] == "/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:80", "@"])
def test_a_loopback_page_is_not_found_under_another_name(loopback: Running, host: str):
    reply = httpx.get(loopback.url, headers={"host": host})
    assert reply.status_code == 421
    assert "localhost" in reply.text


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_a_loopback_page_is_found_under_its_own_names(loopback: Running, host: str):
    assert httpx.get(loopback.url, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_what_a_page_of_another_site_sends_is_refused(loopback: Running, headers: dict[str, str]):
    for path in ("/gradio_api/run/get_product", "/gradio_api/upload", "/login", "/logout"):
        reply = httpx.post(f"{loopback.url}{path}", json=AD, headers=headers)
        assert reply.status_code == 403, path
    told = {name for name in reply.headers if name.startswith("access-control-allow-origin")}
    assert not told


def test_what_the_page_itself_sends_passes(loopback: Running):
    own = {"origin": loopback.url, "sec-fetch-site": "same-origin"}
    url = f"{loopback.url}/gradio_api/run/get_product"
    assert httpx.post(url, json=AD, headers=own).status_code == 200
    assert httpx.post(url, json=AD, headers={"origin": loopback.url}).status_code == 200


def test_another_site_may_read_nothing(loopback: Running):
    reply = httpx.get(loopback.url, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in reply.headers


def test_a_browser_is_told_to_connect_to_nothing_else(loopback: Running):
    policy = httpx.get(loopback.url).headers["content-security-policy"]
    assert "connect-src 'self' data: blob:;" in policy
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_who_is_not_logged_in_sees_the_log_in_and_nothing_else(guarded: Guarded):
    with guarded.client() as client:
        assert client.get("/", headers=HTML).headers["location"] == "/login"
        assert client.get("/?x=1", headers=HTML).headers["location"] == "/login?next=/%3Fx%3D1"
        for path in ("/config", "/gradio_api/info", "/gradio_api/openapi.json", "/v1/models"):
            assert client.get(path).status_code == 401, path
        assert client.get("/gradio_api/mcp/schema").status_code == 401
        assert client.get("/gradio_api/file=/etc/passwd").status_code == 401
        assert client.post("/gradio_api/run/get_product", json=AD).status_code == 401
        assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 401
        assert client.post("/gradio_api/queue/join", json={}).status_code == 401
        assert client.post("/gradio_api/cancel", json={}).status_code == 401
        page = client.get("/login")
        assert page.status_code == 200
        assert "<label" in page.text


def test_a_log_in_opens_the_page_and_a_log_out_closes_it(guarded: Guarded):
    with guarded.logged_in("anna") as client:
        cookie = next(one for one in client.cookies.jar if one.name == COOKIE)
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert str(cookie.get_nonstandard_attr("SameSite")).lower() == "lax"
        assert client.get("/", headers=HTML).status_code == 200
        assert client.get("/gradio_api/user").json() == "anna"
        assert "anna" in client.get("/logout").text
        token = client.cookies[COOKIE]
        assert client.post("/logout").headers["location"] == "/login"
        client.cookies.set(COOKIE, token)
        assert client.get("/gradio_api/info").status_code == 401


def test_two_users_at_once_are_two_users(guarded: Guarded):
    with guarded.logged_in("anna") as anna, guarded.logged_in("sam") as sam:
        assert anna.get("/gradio_api/user").json() == "anna"
        assert sam.get("/gradio_api/user").json() == "sam"
        assert anna.cookies[COOKIE] != sam.cookies[COOKIE]


def test_a_wrong_password_is_said_on_the_page_and_keeps_the_name(guarded: Guarded):
    with guarded.client() as client:
        reply = client.post("/login", data={"name": 'a"><b>', "password": "wrong password"})
        assert reply.status_code == 401
        assert "The name or the password is wrong" in reply.text
        assert 'value="a&quot;&gt;&lt;b&gt;"' in reply.text
        assert COOKIE not in reply.cookies


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/?tab=studio", "/?tab=studio"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
    ],
)
def test_a_log_in_leads_to_this_server_only(guarded: Guarded, target: str, where: str):
    with guarded.client() as client:
        reply = client.post(
            "/login",
            params={"next": target},
            data={"name": "root", "password": "admin of it all"},
        )
        assert reply.headers["location"] == where


def test_a_key_lets_a_program_in_as_its_user(guarded: Guarded):
    with guarded.with_key("sam") as client:
        assert client.get("/gradio_api/user").json() == "sam"
        assert client.get("/v1/models").status_code == 200
        guarded.users.remove_key("sam")
        reply = client.get("/v1/models")
        assert reply.status_code == 401
        assert reply.json()["error"]["code"] == "invalid_api_key"


def test_a_wrong_key_is_refused_even_beside_a_session(guarded: Guarded):
    with guarded.logged_in("anna") as client:
        reply = client.get("/gradio_api/info", headers={"authorization": "Bearer le-wrong"})
        assert reply.status_code == 401


@pytest.mark.parametrize(("name", "status"), [("anna", 403), ("sam", 200)])
def test_a_role_decides_what_may_be_called(guarded: Guarded, name: str, status: int):
    guarded.server.engine.likelihoods = {"Kettles": -0.5}
    data = {"data": [["Kettles", "Lamps"], "KE-1001", None]}
    with guarded.with_key(name) as client:
        reply = client.post("/gradio_api/run/classify_product", json=data)
        assert reply.status_code == status
        assert client.post("/gradio_api/run/get_product", json=AD).status_code == 200


def test_a_broken_user_file_is_said_and_lets_nobody_in(guarded: Guarded):
    content = guarded.users.path.read_bytes()
    with guarded.logged_in("anna") as client:
        try:
            guarded.users.path.write_text("{")
            reply = client.get("/gradio_api/info")
            assert reply.status_code == 503
            assert "not JSON" in reply.json()["detail"]
        finally:
            guarded.users.path.write_bytes(content)
        assert client.get("/gradio_api/info").status_code == 200
