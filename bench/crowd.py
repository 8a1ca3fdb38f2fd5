"""A part of the bench: many people without a browser, over sockets, and the memory that they cost."""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import time
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.websocket import websocket_connect

from bench.part import asked, note
from tests.browser.serving import children

LONGEST = 120.0
"""Seconds after which a session counts as failed."""
STILL = 4
"""So many times in a row the memory has to be the same, to the MB."""


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def session(
    who: dict[str, Any], stay: asyncio.Event | None = None, there: asyncio.Future[float] | None = None
) -> float:
    """One person: from asking for the page until a click is answered. The seconds it took.

    ``stay``: leave only when it is set. ``there``: gets the seconds as soon as they are known.
    """
    async with asyncio.timeout(LONGEST):
        start = time.perf_counter()
        line, leave = await arrive(who)
        took = time.perf_counter() - start
    if there is not None:
        there.set_result(took)
    if stay is not None:
        await stay.wait()
    client = AsyncHTTPClient(force_instance=True)
    await client.fetch(leave, raise_error=False)
    line.close()
    client.close()
    return took


async def arrive(who: dict[str, Any]) -> tuple[Any, HTTPRequest]:
    """Open the page and its line, and check an exercise. Gives the line, and what a page sends when it is left."""
    client = AsyncHTTPClient(force_instance=True)
    answer = await client.fetch(
        who["address"] + who["path"], request_timeout=LONGEST, headers={"Accept-Encoding": "gzip"}
    )
    client.close()
    html = answer.body.decode()
    cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_list("Set-Cookie"))
    found = re.search(r"""(?:data-kernel="|kernelId['"]?:\s*['"])([0-9a-f-]{36})""", html)
    if found is None:
        raise RuntimeError("a page without a kernel")
    origin = who["address"].rstrip("/")
    address = f"{origin.replace('http', 'ws')}/api/kernels/{found[1]}/channels?session_id={os.urandom(8).hex()}"
    headers = HTTPHeaders({"Cookie": cookies, "Origin": origin})
    request = HTTPRequest(address, headers=headers, request_timeout=LONGEST)
    line = await websocket_connect(request, max_message_size=1 << 27)
    states = re.search(r"<script type=\"application/json\" data-states>(.*?)</script>", html, re.DOTALL)
    models = json.loads(states[1])["models"] if states else await all_states(line)
    id = next(id for id, one in models.items() if (one.get("exercise") or {}).get("id") == "three-drawers")
    stage = models[id]["exercise"]["stages"][0]["id"]
    data = {"method": "custom", "content": {"action": "check", "stage": stage, "responses": {}}}
    await until_idle(line, "comm_msg", {"comm_id": id, "data": data})
    token = next((part.partition("=")[2] for part in cookies.split("; ") if part.startswith("_xsrf")), "")
    leave = HTTPRequest(
        f"{origin}/voila/api/shutdown/{found[1]}", method="POST", body=f"_xsrf={token}", headers=headers,
        request_timeout=30,
    )  # fmt: skip
    return line, leave


async def all_states(line: Any) -> dict[str, Any]:
    """Widget states, as stock Voilà's page asks for them."""
    control = {"comm_id": os.urandom(8).hex(), "target_name": "jupyter.widget.control", "data": {}}
    await until_idle(line, "comm_open", control)
    data = {"method": "request_states"}
    for content in await until_idle(line, "comm_msg", {"comm_id": control["comm_id"], "data": data}):
        told = content.get("data", {})
        if isinstance(told, dict) and told.get("method") == "update_states":
            return {id: one["state"] for id, one in told["states"].items()}
    raise RuntimeError("no states")


async def until_idle(line: Any, kind: str, content: Any) -> list[Any]:
    """Say something; what comes back until it has been dealt with."""
    id = os.urandom(8).hex()
    header = {"msg_id": id, "msg_type": kind, "session": id, "username": "", "version": "5.3", "date": ""}
    message = {"channel": "shell", "header": header, "parent_header": {}, "content": content, "buffers": []}
    await line.write_message(json.dumps({**message, "metadata": {"version": "1.0.0"}}))
    heard = []
    while (got := await line.read_message()) is not None:
        text = got if isinstance(got, str) else got[int.from_bytes(got[4:8], "big") :].decode("utf-8", "replace")
        one = json.JSONDecoder().raw_decode(text)[0]
        heard.append(one["content"])
        state = one["content"].get("execution_state")
        if state == "idle" and one["parent_header"].get("msg_id") == id:
            return heard
        if state == "dead":
            break
    raise RuntimeError("a kernel was lost")


async def at_once(who: dict[str, Any], many: int) -> None:
    """Many people at the same moment: how long they took, and how many failed."""
    await session(who)
    done = await asyncio.gather(*(session(who) for _ in range(many)), return_exceptions=True)
    took = [one for one in done if isinstance(one, float)]
    note(f"{many} at once: failed", len(done) - len(took))
    if took:
        note(f"{many} at once: p95 until a click is answered, s", percentile(took, 0.95))


def weight(pid: int) -> float:
    """MB that a server and its processes take; what they share counts once."""
    total = 0
    for one in [pid, *children(pid)]:
        try:
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024


async def settled(pid: int) -> float:
    """The memory once it has not moved for a while: a server that has just started still prepares its notebooks."""
    found = [weight(pid)]
    for _ in range(20):
        await asyncio.sleep(2)
        found.append(weight(pid))
        if max(found[-STILL:]) - min(found[-STILL:]) < 1 and len(found) >= STILL:
            break
    return found[-1]


async def a_further_session(who: dict[str, Any], many: int) -> None:
    """MB of each session while many are open, and what is left above the start after all have gone."""
    pid = who["pid"]
    await session(who)
    before, processes = await settled(pid), len(children(pid))
    stay, people = asyncio.Event(), []
    for _ in range(many):
        there: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        people.append(asyncio.create_task(session(who, stay, there)))
        await asyncio.wait({there, people[-1]}, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
    working = sum(not one.done() for one in people)
    if not working:
        raise RuntimeError("no session came about")
    note("memory a further session, MB", (await settled(pid) - before) / working)
    stay.set()
    await asyncio.wait(people, timeout=60)
    note("memory after all have left, MB more", await settled(pid) - before)
    note("processes after all have left, more", len(children(pid)) - processes)


async def one_after_another(who: dict[str, Any], many: int) -> None:
    """Many people who come one after another and all stay: how many failed, and how long the first and last took."""
    await session(who)
    await settled(who["pid"])
    stay, people, took = asyncio.Event(), [], []
    for _ in range(many):
        there: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        people.append(asyncio.create_task(session(who, stay, there)))
        await asyncio.wait({there, people[-1]}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        if there.done():
            took.append(there.result())
    lost = sum(one.done() for one in people)
    stay.set()
    await asyncio.wait(people, timeout=60)
    note(f"{many} sessions: failed", max(lost, many - len(took)))
    if took:
        first, last = statistics.median(took[:5]), statistics.median(took[-5:])
        note(f"{many} sessions: the first five took, s", first)
        note(f"{many} sessions: the last five took, s", last)
        note(f"{many} sessions: last / first", last / first)


KINDS = {"at once": at_once, "memory": a_further_session, "sessions": one_after_another}


def main() -> None:
    """One kind of crowd, once."""
    who = asked()
    asyncio.run(KINDS[who["kind"]](who, who["many"]))


if __name__ == "__main__":
    main()
