"""The stand-in as a Flask application: it puts the views together and guards every page."""

from urllib.parse import urlsplit

from flask import Flask, Response, g

from devtools.identity_provider import documents, identifying, tokens
from devtools.identity_provider.clients import ClientKeys
from devtools.identity_provider.configuration import Configuration
from devtools.identity_provider.keys import ProviderKeys
from devtools.identity_provider.memory import Memory
from devtools.identity_provider.state import StandIn
from devtools.identity_provider.texts import LANGUAGES, translator


def create_provider(configuration: Configuration) -> Flask:
    """The stand-in for one configuration."""
    app = Flask(__name__)
    app.extensions["stand_in"] = StandIn(
        configuration=configuration,
        keys=ProviderKeys(configuration.keys, issuer=configuration.issuer, now=configuration.now()),
        client_keys=ClientKeys(),
        memory=Memory(),
    )
    for views in (documents, identifying, tokens):
        app.register_blueprint(views.bp)
    app.context_processor(_words)
    app.after_request(_protect)
    return app


def _words() -> dict[str, object]:
    language = g.get("language", "fi")
    return {"t": translator(language), "language": language, "languages": LANGUAGES}


def _protect(response: Response) -> Response:
    # A browser holds the whole chain of redirects after a form to form-action, so the portal it leads to is named.
    target = urlsplit(g.get("form_target", ""))
    form_action = f"'self' {target.scheme}://{target.netloc}" if target.netloc else "'self'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
