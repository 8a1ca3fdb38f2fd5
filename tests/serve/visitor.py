"""A visitor without a browser: cookies, requests with any header, and a line to a kernel over a real socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 20


@dataclass
class Answer:
    """What came back: status, headers as they were sent, body."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str:
        """A header's values, or nothing."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())


@dataclass
class Visitor:
    """One browser's worth of cookies, at one server."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.address).netloc

    @property
    def origin(self) -> str:
        """What a page of the server sends as its origin."""
        return f"http://{self.host}"

    def ask(
        self, path: str, method: str = "GET", *, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request; the cookies go along and new ones are taken."""
        host, _, port = self.host.partition(":")
        line = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
        base = urlsplit(self.address).path
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, base + path, body=body, headers={**sent, **(headers or {})})
        got = line.getresponse()
        text = got.read().decode("utf-8", "replace")
        for value in got.msg.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        line.close()
        return Answer(got.status, got.getheaders(), text)

    def open(self, path: str = "m/1a") -> Opened:
        """Open a module's page."""
        return Opened(self, self.ask(path).body)

    def leave(self, kernel: str) -> Answer:
        """What a page's script does when it is left."""
        token = next((value for name, value in self.cookies.items() if name.startswith("_xsrf")), "")
        headers = {"Origin": self.origin}
        return self.ask(f"voila/api/shutdown/{kernel}", "POST", body=urlencode({"_xsrf": token}), headers=headers)


@dataclass
class Opened:
    """A page as it was sent: its kernel, and what its Players show."""

    visitor: Visitor
    html: str

    @property
    def kernel(self) -> str:
        """The kernel's id, of ours or of stock Voilà's."""
        found = re.search(r"""(?:data-kernel="|kernelId['"]?:\s*['"])([0-9a-f-]{36})""", self.html)
        assert found, self.html[:1500]
        return found[1]

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """The states of the page's Players by model id."""
        found = re.search(r"<script type=\"application/json\" data-states>(.*?)</script>", self.html, re.DOTALL)
        assert found
        models: dict[str, dict[str, Any]] = json.loads(found[1])["models"]
        return models

    def player(self, exercise: str) -> str:
        """The model id of an exercise's Player."""
        return next(id for id, state in self.states.items() if state["exercise"].get("id") == exercise)

    def line(self) -> Line:
        """The page's line to its kernel."""
        return Line(self.visitor, self.kernel)


class Line:
    """A line to a kernel; ``status`` is what opening it was answered with."""

    def __init__(self, visitor: Visitor, kernel: str, **headers: str) -> None:
        self.loop = asyncio.new_event_loop()
        address = f"{visitor.address.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?session_id=s"
        cookie = "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())
        sent = {"Origin": visitor.origin, "Cookie": cookie} | {k.replace("_", "-"): v for k, v in headers.items()}
        self.socket: WebSocketClientConnection | None = None
        try:
            request = HTTPRequest(address, headers={k: v for k, v in sent.items() if v}, request_timeout=PATIENCE)
            self.socket = self.loop.run_until_complete(_opened(request))
            self.status = 101
        except HTTPClientError as refused:
            self.status = refused.code

    def send(self, frame: str | bytes, binary: bool = False) -> None:
        """A frame as it is."""
        assert self.socket is not None
        self.loop.run_until_complete(_sent(self.socket, frame, binary))

    def say(self, kind: str, content: Any, channel: str = "shell", id: str = "one") -> None:
        """A message of Jupyter's protocol."""
        header = {"msg_id": id, "msg_type": kind, "session": "s", "username": "", "version": "5.3", "date": ""}
        message = {"channel": channel, "header": header, "parent_header": {}, "content": content}
        self.send(json.dumps({**message, "metadata": {"version": "1.0.0"}, "buffers": []}))

    def tell(self, comm: str, data: Any, id: str = "one") -> None:
        """A message to a widget."""
        self.say("comm_msg", {"comm_id": comm, "data": data}, id=id)

    def hear(self, seconds: float = PATIENCE) -> dict[str, Any] | None:
        """The next message; None where the line was closed. Raises TimeoutError."""
        assert self.socket is not None
        got = self.loop.run_until_complete(asyncio.wait_for(_read(self.socket), seconds))
        if got is None:
            return None
        text = got if isinstance(got, str) else got[int.from_bytes(got[4:8], "big") :].decode("utf-8", "replace")
        message: dict[str, Any] = json.JSONDecoder().raw_decode(text)[0]
        return message

    def until_idle(self, id: str = "one", seconds: float = PATIENCE) -> list[dict[str, Any]]:
        """All messages until the one with this id has been dealt with, or the line is closed."""
        heard: list[dict[str, Any]] = []
        while (message := self.hear(seconds)) is not None:
            heard.append(message)
            state = message["content"].get("execution_state")
            if state == "dead" or (state == "idle" and message["parent_header"].get("msg_id") == id):
                break
        return heard

    def states(self, seconds: float = PATIENCE) -> dict[str, dict[str, Any]]:
        """Every widget's state, as the kernel tells it to whoever asks."""
        comm, asked = uuid4().hex, uuid4().hex
        control = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        self.say("comm_open", control, id=uuid4().hex)
        self.tell(comm, {"method": "request_states"}, id=asked)
        for message in self.until_idle(asked, seconds):
            data = message["content"].get("data", {})
            if isinstance(data, dict) and data.get("method") == "update_states":
                return {id: one["state"] for id, one in data["states"].items()}
        return {}

    def close(self) -> None:
        """Close it."""
        if self.socket is not None:
            self.loop.run_until_complete(_closed(self.socket))
        self.loop.close()


async def _opened(request: HTTPRequest) -> WebSocketClientConnection:
    return await websocket_connect(request, max_message_size=1 << 26)


async def _sent(socket: WebSocketClientConnection, frame: str | bytes, binary: bool) -> None:
    await socket.write_message(frame, binary)


async def _read(socket: WebSocketClientConnection) -> Any:
    return await socket.read_message()


async def _closed(socket: WebSocketClientConnection) -> None:
    socket.close()
    await asyncio.sleep(0)  # lets the closing frame go
