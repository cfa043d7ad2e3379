"""What the stand-in publishes about itself, and its front page with the button that changes its key."""

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from devtools.identity_provider.configuration import TEST_LEVELS
from devtools.identity_provider.state import stand_in
from devtools.identity_provider.texts import LANGUAGES

bp = Blueprint("documents", __name__)


@bp.get("/")
def index() -> str:
    """Say what this is, whom it serves and which key it signs with."""
    wanted = request.args.get("lang", "")
    g.language = wanted if wanted in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "fi")
    here = stand_in()
    return render_template("index.html", here=here, key=here.keys.current.kid)


@bp.post("/rotate")
def rotate() -> ResponseReturnValue:
    """Sign with a new key from now on."""
    stand_in().keys.rotate()
    return redirect(url_for("documents.index", lang=request.form.get("lang")), code=303)


@bp.get("/.well-known/openid-configuration")
def discovery() -> dict[str, Any]:
    """The discovery document."""
    issuer = stand_in().issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks.json",
        "signed_jwks_uri": f"{issuer}/signed-jwks",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "scopes_supported": ["openid", "profile", "personal_identity_code", "weak"],
        "acr_values_supported": list(TEST_LEVELS),
        "ui_locales_supported": list(LANGUAGES),
        "id_token_signing_alg_values_supported": ["RS256"],
        "id_token_encryption_alg_values_supported": ["RSA-OAEP"],
        "id_token_encryption_enc_values_supported": ["A128CBC-HS256"],
        "request_object_signing_alg_values_supported": ["RS256"],
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "require_signed_request_object": True,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


@bp.get("/jwks.json")
def jwks() -> dict[str, Any]:
    """The public keys, as they are."""
    return stand_in().keys.public


@bp.get("/signed-jwks")
def signed_jwks() -> Response:
    """The public keys, signed with the entity key."""
    here = stand_in()
    return Response(here.keys.signed_public(now=here.now()), content_type="application/jwk-set+jwt")


@bp.get("/entity-statement")
def entity_statement() -> Response:
    """The entity statement, to be pinned."""
    here = stand_in()
    return Response(here.keys.entity_statement(now=here.now()), content_type="application/entity-statement+jwt")
