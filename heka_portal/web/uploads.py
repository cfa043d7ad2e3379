"""The answer to the script that sends forms with files and shows how far they are."""

from __future__ import annotations

from flask import Flask, Response, request

ASKED = "X-Portal-Upload"
WHERE = "X-Portal-Location"


def answer_upload(response: Response) -> Response:
    """Tell the script where to go instead of redirecting it.

    A redirected script request would load the next page unseen and use up its messages.
    """
    location = response.headers.get("Location")
    if ASKED in request.headers and response.status_code in (302, 303) and location:
        response.headers[WHERE] = location
        del response.headers["Location"]
        response.status_code = 204
        response.set_data(b"")
    return response


def init_app(app: Flask) -> None:
    """Answer upload scripts in their own way."""
    app.after_request(answer_upload)
