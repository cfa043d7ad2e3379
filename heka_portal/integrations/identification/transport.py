"""Requests to the provider: no redirects, a size that is read at most, and a time in which it must be over."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
import urllib3.exceptions

from heka_portal.integrations.identification.addresses import is_on_this_machine
from heka_portal.integrations.identification.errors import ProviderFailed, ProviderSlow, ProviderUnreachable

# An ID token of a city's service can reach 32 kB; key sets and metadata are smaller.
LARGEST_ANSWER = 256 * 1024
_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answered."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises ProviderFailed."""
        try:
            parsed = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise ProviderFailed("answer_not_json") from error
        if not isinstance(parsed, dict):
            raise ProviderFailed("answer_not_json_object")
        return parsed


def get(address: str, *, timeout: float) -> Answer:
    """What is at an address, which must answer 200. Raises ProviderUnreachable, ProviderSlow, ProviderFailed."""
    answer = _send("GET", address, form=None, timeout=timeout)
    if answer.status != HTTPStatus.OK:
        raise ProviderFailed(f"answer_status_{answer.status}")
    return answer


def post(address: str, form: Mapping[str, str], *, timeout: float) -> Answer:
    """Send a form. Raises ProviderUnreachable, ProviderSlow, ProviderFailed."""
    return _send("POST", address, form=form, timeout=timeout)


def _send(method: str, address: str, *, form: Mapping[str, str] | None, timeout: float) -> Answer:
    give_up_at = time.monotonic() + timeout
    session = requests.Session()
    # An operator's proxy leads out of the house; it cannot reach a provider on this machine.
    session.trust_env = not is_on_this_machine(address)
    try:
        with (
            session,
            session.request(
                method,
                address,
                data=form,
                headers={"Accept-Encoding": "identity", "Accept": "*/*"},
                # Said out loud, or a .netrc file of the operator's would add a password.
                auth=_no_auth,
                allow_redirects=False,
                stream=True,
                timeout=timeout,
            ) as response,
        ):
            return Answer(response.status_code, _read(response, give_up_at=give_up_at))
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise ProviderSlow("timeout") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise ProviderUnreachable("connection_failed") from error


def _read(response: requests.Response, *, give_up_at: float) -> bytes:
    # Each read returns what has come: a provider that sends a byte a second is given up in time, too.
    body = bytearray()
    while piece := response.raw.read1(_PIECE):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise ProviderFailed("answer_too_large")
        if time.monotonic() > give_up_at:
            raise ProviderSlow("answer_not_finished")
    return bytes(body)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
