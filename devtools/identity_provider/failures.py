"""The ways an identification can be made to fail, by the place where the portal meets it."""

from enum import StrEnum


class Failure(StrEnum):
    """One way to fail; the value is what the form sends."""

    # The person comes back with an error in the address.
    LOGIN_REQUIRED = "login_required"
    INVALID_REQUEST = "invalid_request"
    INVALID_SCOPE = "invalid_scope"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    SERVER_ERROR = "server_error"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    OTHER_CANCEL = "other_cancel"
    WRONG_STATE = "wrong_state"
    WRONG_CALLBACK_ISSUER = "wrong_callback_issuer"

    # The portal asks for the token and gets something else.
    CODE_USED = "code_used"
    INVALID_CLIENT = "invalid_client"
    TOKEN_UNAVAILABLE = "token_unavailable"
    TOKEN_NOT_JSON = "token_not_json"
    TOKEN_TOO_LARGE = "token_too_large"
    TOKEN_SLOW = "token_slow"
    TOKEN_ABSENT = "token_absent"

    # The token is not put together as agreed.
    NOT_ENCRYPTED = "not_encrypted"
    UNSIGNED = "unsigned"
    SIGNED_HS256 = "signed_hs256"
    TAMPERED = "tampered"
    UNKNOWN_KEY = "unknown_key"
    WRONG_ENCRYPTION_KEY = "wrong_encryption_key"
    ENCRYPTED_RSA1_5 = "encrypted_rsa1_5"
    ENCRYPTED_A128GCM = "encrypted_a128gcm"

    # The token says something that must not be accepted.
    WRONG_NONCE = "wrong_nonce"
    NO_NONCE = "no_nonce"
    WRONG_ACR = "wrong_acr"
    NO_ACR = "no_acr"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_ISSUER = "wrong_issuer"
    EXPIRED = "expired"
    NO_EXPIRY = "no_expiry"
    FROM_THE_FUTURE = "from_the_future"
    OLD_AUTH_TIME = "old_auth_time"
    NO_AUTH_TIME = "no_auth_time"
    NO_IDENTITY_CODE = "no_identity_code"
    OTHER_BIRTH_DATE = "other_birth_date"
    NO_NAMES = "no_names"


GROUPS: dict[str, tuple[Failure, ...]] = {
    "failures_callback": (
        Failure.LOGIN_REQUIRED,
        Failure.INVALID_REQUEST,
        Failure.INVALID_SCOPE,
        Failure.UNAUTHORIZED_CLIENT,
        Failure.SERVER_ERROR,
        Failure.TEMPORARILY_UNAVAILABLE,
        Failure.OTHER_CANCEL,
        Failure.WRONG_STATE,
        Failure.WRONG_CALLBACK_ISSUER,
    ),
    "failures_endpoint": (
        Failure.CODE_USED,
        Failure.INVALID_CLIENT,
        Failure.TOKEN_UNAVAILABLE,
        Failure.TOKEN_NOT_JSON,
        Failure.TOKEN_TOO_LARGE,
        Failure.TOKEN_SLOW,
        Failure.TOKEN_ABSENT,
    ),
    "failures_form": (
        Failure.NOT_ENCRYPTED,
        Failure.UNSIGNED,
        Failure.SIGNED_HS256,
        Failure.TAMPERED,
        Failure.UNKNOWN_KEY,
        Failure.WRONG_ENCRYPTION_KEY,
        Failure.ENCRYPTED_RSA1_5,
        Failure.ENCRYPTED_A128GCM,
    ),
    "failures_claims": (
        Failure.WRONG_NONCE,
        Failure.NO_NONCE,
        Failure.WRONG_ACR,
        Failure.NO_ACR,
        Failure.WRONG_AUDIENCE,
        Failure.WRONG_ISSUER,
        Failure.EXPIRED,
        Failure.NO_EXPIRY,
        Failure.FROM_THE_FUTURE,
        Failure.OLD_AUTH_TIME,
        Failure.NO_AUTH_TIME,
        Failure.NO_IDENTITY_CODE,
        Failure.OTHER_BIRTH_DATE,
        Failure.NO_NAMES,
    ),
}

# What these send back in the address is their own name.
CALLBACK_ERRORS = frozenset(
    {
        Failure.LOGIN_REQUIRED,
        Failure.INVALID_REQUEST,
        Failure.INVALID_SCOPE,
        Failure.UNAUTHORIZED_CLIENT,
        Failure.SERVER_ERROR,
        Failure.TEMPORARILY_UNAVAILABLE,
    }
)
