"""What can go wrong in an identification, one named error for each page the web layer shows.

`code` is stable: pages, translations and the audit log are keyed by it. `reason` says which check failed, in words
of our own; neither ever holds text that the provider or a person sent, so both may be logged.
"""

from typing import ClassVar


class IdentificationError(Exception):
    """An identification did not succeed."""

    code: ClassVar[str] = "identification_failed"

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{self.code}: {reason}" if reason else self.code)
        self.reason = reason


# What the person or the provider decided: it comes back in the address.


class Cancelled(IdentificationError):
    """The person turned back at the provider: a calm page, nothing to log as an error."""

    code = "cancelled"


class LoginRequired(IdentificationError):
    """The provider wanted the person to act and could not ask them."""

    code = "login_required"


class RequestRefused(IdentificationError):
    """The provider found our request malformed."""

    code = "invalid_request"


class ScopeRefused(IdentificationError):
    """The provider does not give us the attributes we asked for."""

    code = "invalid_scope"


class ClientRefused(IdentificationError):
    """The provider does not accept us: our registration or our keys are out of date there."""

    code = "invalid_client"


class ProviderFailed(IdentificationError):
    """The provider told of a fault of its own, or answered something that makes no sense."""

    code = "server_error"


class ProviderBusy(IdentificationError):
    """The provider asks to try again later."""

    code = "temporarily_unavailable"


# What the network did.


class ProviderUnreachable(IdentificationError):
    """No connection to the provider."""

    code = "provider_unreachable"


class ProviderSlow(ProviderUnreachable):
    """The provider did not answer within the time we give it."""

    code = "provider_slow"


# What we refuse ourselves.


class AttemptExpired(IdentificationError):
    """The person came back later than an identification may take."""

    code = "attempt_expired"


class CallbackRefused(IdentificationError):
    """The address the person came back to is not an answer to this attempt."""

    code = "callback_refused"


class CodeUsed(IdentificationError):
    """The code was used before, or has expired; what its first use gave stays valid."""

    code = "code_used"


class TokenRefused(IdentificationError):
    """The ID token failed a check; `reason` names it."""

    code = "token_refused"


class NotFreshEnough(TokenRefused):
    """The provider gave an older identification where a new one was asked for."""

    code = "not_fresh"


class NoIdentityCode(IdentificationError):
    """The person was identified, but has no Finnish personal identity code."""

    code = "no_identity_code"


_CALLBACK_ERRORS: dict[str, type[IdentificationError]] = {
    "access_denied": Cancelled,
    "cancel": Cancelled,
    "login_required": LoginRequired,
    "interaction_required": LoginRequired,
    "account_selection_required": LoginRequired,
    "consent_required": LoginRequired,
    "invalid_request": RequestRefused,
    "invalid_request_object": RequestRefused,
    "invalid_request_uri": RequestRefused,
    "request_not_supported": RequestRefused,
    "unsupported_response_type": RequestRefused,
    "unmet_authentication_requirements": RequestRefused,
    "invalid_scope": ScopeRefused,
    "unauthorized_client": ClientRefused,
    "invalid_client": ClientRefused,
    "server_error": ProviderFailed,
    "temporarily_unavailable": ProviderBusy,
}

_TOKEN_ERRORS: dict[str, type[IdentificationError]] = {
    "invalid_grant": CodeUsed,
    "invalid_client": ClientRefused,
    "unauthorized_client": ClientRefused,
    "invalid_request": RequestRefused,
    "unsupported_grant_type": RequestRefused,
    "invalid_scope": ScopeRefused,
    "server_error": ProviderFailed,
    "temporarily_unavailable": ProviderBusy,
}


def callback_error(error: str) -> IdentificationError:
    """The named error for an `error` the person was sent back with."""
    return _named(_CALLBACK_ERRORS, error, where="callback")


def token_error(error: str) -> IdentificationError:
    """The named error for an `error` of the token endpoint."""
    return _named(_TOKEN_ERRORS, error, where="token_endpoint")


def _named(table: dict[str, type[IdentificationError]], error: str, *, where: str) -> IdentificationError:
    if error in table:
        return table[error](f"{where}_{error}")
    return ProviderFailed(f"{where}_unknown_error")
