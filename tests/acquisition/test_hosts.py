"""Whoever publishes a link must not reach into the network of whoever follows it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipelines.acquisition.hosts import HostRefusedError, checked_addresses, why_not_public
from pipelines.acquisition.transfer import Answer, Bounds, Transport
from tests.acquisition.server import Governments, file, governments, pdf

BOUNDS = Bounds(5, 5, 30, 1 << 20)


@pytest.fixture
def web() -> Iterator[Governments]:
    with governments() as server:
        yield server


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "this machine"),
        ("127.8.9.10", "this machine"),
        ("0.0.0.0", "unspecified"),
        ("10.0.0.1", "private"),
        ("172.16.5.4", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "reserved"),
        ("169.254.169.254", "link-local"),
        ("224.0.0.251", "multicast"),
        ("239.1.2.3", "multicast"),
        ("240.0.0.1", "private"),
        ("255.255.255.255", "private"),
        ("192.0.2.1", "private"),
        ("::1", "this machine"),
        ("::", "unspecified"),
        ("fe80::1%eth0", "link-local"),
        ("fc00::1", "private"),
        ("ff02::1", "multicast"),
        ("::ffff:127.0.0.1", "this machine"),
        ("::ffff:10.0.0.1", "private"),
        ("::127.0.0.1", "this machine"),
        ("64:ff9b::7f00:1", "this machine"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("2002:7f00:1::", "this machine"),
        ("2002:a00:1::", "private"),
        ("example.gov.cn", "no IP address"),
    ],
)
def test_what_is_not_public_is_told_apart(address: str, reason: str) -> None:
    assert reason in why_not_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "59.110.1.2", "2400:3200::1", "::ffff:59.110.1.2"])
def test_public_addresses_are_public(address: str) -> None:
    assert why_not_public(address) == ""


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    def resolver(host: str, port: int) -> Sequence[str]:
        return ["59.110.1.2", "10.0.0.5"]

    with pytest.raises(
        HostRefusedError, match=r"www\.test \(10\.0\.0\.5\) is an address of a private network"
    ):
        checked_addresses("www.test", 80, resolver=resolver)
    allowed = [ipaddress.ip_network("10.0.0.0/24")]
    assert checked_addresses("www.test", 80, resolver=resolver, allowed=allowed) == ("59.110.1.2", "10.0.0.5")


@pytest.mark.parametrize(
    "written", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "017700000001", "[::1]"]
)
def test_loopback_in_any_writing_is_refused_by_the_real_resolver(written: str, tmp_path: Path) -> None:
    answer = Transport(user_agent="t").get(f"http://{written}/", to=tmp_path / "a", bounds=BOUNDS, sent={})
    assert answer.problem in {"refused_address", "no_name"}
    assert not (tmp_path / "a").exists()


def test_a_name_server_cannot_change_its_answer_between_check_and_connection(
    web: Governments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the name is looked up once, and the connection goes to what was checked."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.5"]

    real = socket.getaddrinfo

    def looked_up(host: object, *arguments: object, **named: object) -> object:
        assert host == "127.0.0.1", f"{host} was looked up a second time"
        return real(host, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    web.put("rebinding.test", "/a.pdf", file(pdf("a")))
    transport = Transport(user_agent="t", resolver=resolver, allowed=[ipaddress.ip_network("127.0.0.1/32")])
    address = web.address("rebinding.test", "/a.pdf")
    answer = transport.get(address, to=tmp_path / "a", bounds=BOUNDS, sent={})
    assert (answer.problem, answer.status, asked) == ("", 200, ["rebinding.test"])
    again = transport.get(address, to=tmp_path / "b", bounds=BOUNDS, sent={})
    assert again.problem == "refused_address", "and every request is checked anew"
    assert len(web.asked) == 1


def test_a_proxy_of_the_environment_is_not_asked(
    web: Governments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{web.port}")
    answer = Transport(user_agent="t", resolver=lambda *_: ["10.1.1.1"]).get(
        "http://www.test/", to=tmp_path / "a", bounds=BOUNDS, sent={}
    )
    assert answer.problem == "refused_address"
    assert web.asked == []


def test_another_address_of_a_host_is_tried_where_the_first_does_not_answer(
    web: Governments, tmp_path: Path
) -> None:
    web.put("two.test", "/a.pdf", file(pdf("a")))
    transport = Transport(
        user_agent="t",
        resolver=lambda *_: ["::1", "127.0.0.1"],
        allowed=[ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128")],
    )
    answer = transport.get(web.address("two.test", "/a.pdf"), to=tmp_path / "a", bounds=BOUNDS, sent={})
    assert (answer.problem, answer.status) == ("", 200)


def talk(reply: bytes, tmp_path: Path, scheme: str = "http") -> Answer:
    """One request to a server that says ``reply``, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        transport = Transport(
            user_agent="t", resolver=lambda *_: ["127.0.0.1"], allowed=[ipaddress.ip_network("127.0.0.1/32")]
        )
        address = f"{scheme}://odd.test:{port}/a"
        made = transport.get(address, to=tmp_path / "a", bounds=BOUNDS, sent={})
        thread.join(5)
    return made


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (b"", "cut_off"),
        (b"SSH-2.0-OpenSSH_9.0\r\n", "cut_off"),
        (b"\x00" * 50, "cut_off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "cut_off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cut_off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "cut_off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "cut_off"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "cut_off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "not_http"),
        (b"HTTP/1.1 206 OK\r\nContent-Range: bytes 7-9/10\r\nContent-Length: 3\r\n\r\nabc", "not_http"),
    ],
)
def test_answers_that_are_no_http_are_told_in_words(reply: bytes, problem: str, tmp_path: Path) -> None:
    answer = talk(reply, tmp_path)
    assert answer.problem == problem, answer
    assert answer.said
    assert "0x" not in answer.said


def test_a_server_without_a_trusted_certificate_is_not_believed(tmp_path: Path) -> None:
    answer = talk(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", tmp_path, "https")
    assert answer.problem == "certificate"
    assert answer.said.startswith("no trusted connection")


def test_connections_are_checked_against_the_name_that_was_asked_for() -> None:
    pool = Transport(user_agent="t")._pool("https", "www.test", "59.110.1.2", 443, None)  # type: ignore[arg-type]
    assert (pool.host, pool.conn_kw["server_hostname"], pool.assert_hostname) == (  # type: ignore[attr-defined]
        "59.110.1.2", "www.test", "www.test",
    )  # fmt: skip
    assert pool.conn_kw["ssl_context"].verify_mode == ssl.CERT_REQUIRED
