"""All configuration in one typed place, out of the environment (`auth.md` sections 7 and 13)."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from icosa.errors import Misconfigured

DURATION = re.compile(r"(\d+)\s*(ms|s|m|h|d|w|y)", re.ASCII)
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8
ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", re.IGNORECASE)
SAMPLE_SECRETS = frozenset(
    {"replace_me_with_a_random_string", "replace_me_with_a_random_string_at_least_32_characters"}
)
SECRET_FILE = "app-secret"  # noqa: S105 - a file's name


def seconds_of(text: str) -> float:
    """Return the seconds of a duration such as `30m`, `2h` or `60d`.

    Raises:
        ValueError: it is none.
    """
    found = DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError("must be a duration such as 30m, 2h or 60d")
    return int(found[1]) * UNITS[found[2]]


def _durations(value: Any) -> Any:
    return tuple(seconds_of(each) for each in value.split(",")) if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    return tuple(each.strip() for each in value.split(",") if each.strip()) if isinstance(value, str) else value


def _duration(value: Any) -> Any:
    return seconds_of(value) if isinstance(value, str) else value


Duration = Annotated[float, BeforeValidator(_duration), Field(gt=0)]
Durations = Annotated[tuple[float, ...], NoDecode, BeforeValidator(_durations)]
Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_texts)]
RETRY_SCHEDULE = tuple(seconds_of(each) for each in ("5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"))


def _hops(value: Any) -> Any:
    """Read `true` as one proxy and `false` as none; pydantic itself takes no words for numbers."""
    words = {"true": 1, "false": 0, "yes": 1, "no": 0, "": 0}
    return words.get(value.strip().lower(), value) if isinstance(value, str) else value


Hops = Annotated[int, BeforeValidator(_hops)]


@dataclass(frozen=True, slots=True)
class GraphqlLimits:
    """What a GraphQL document may ask for (`graphql-core.md` section 1); the last five guard the parser itself."""

    root_fields: int = 20
    core_fields: int = 2000
    complexity: int = 2000
    document_length: int = 1_000_000
    tokens: int = 20_000
    selections: int = 5000
    aliases: int = 1000
    definitions: int = 200


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens hold (`auth.md` section 13)."""

    access: dt.timedelta = dt.timedelta(minutes=30)
    refresh: dt.timedelta = dt.timedelta(days=60)
    reuse_grace: dt.timedelta = dt.timedelta(minutes=1)
    login: dt.timedelta = dt.timedelta(minutes=15)
    playground: dt.timedelta = dt.timedelta(hours=2)
    password_reset: dt.timedelta = dt.timedelta(minutes=5)
    invitation: dt.timedelta = dt.timedelta(days=30)
    file: dt.timedelta = dt.timedelta(days=1)


class Settings(BaseSettings):
    """What the operator may set; every name is that of an environment variable."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    data_dir: Path = Field(Path(platformdirs.user_data_dir("icosa")), validation_alias="ICOSA_DATA_DIR")
    files_dir: Path | None = Field(None, validation_alias="ICOSA_FILES_DIR")
    database_url: str | None = Field(None, validation_alias="ICOSA_DATABASE_URL")
    pool_size: int = Field(10, ge=1, le=1000, validation_alias="ICOSA_POOL_SIZE")
    prepared_statements: bool = Field(True, validation_alias="ICOSA_PREPARED_STATEMENTS")
    legacy_fields: bool = Field(True, validation_alias="ICOSA_LEGACY_FIELDS")
    host: str = Field("0.0.0.0", validation_alias="ICOSA_HOST")  # noqa: S104 - a server is there to be reached
    port: int = Field(3000, ge=0, le=65535, validation_alias="NODE_PORT")
    server_url: str | None = Field(None, validation_alias="SERVER_URL")
    app_secret: str | None = Field(None, validation_alias="APP_SECRET")
    app_secret_previous: str | None = Field(None, validation_alias="APP_SECRET_PREVIOUS")
    cors_allowed_origins: str = Field("*", validation_alias="CORS_ALLOWED_ORIGINS")
    body_limit: int = Field(10 * 1024 * 1024, ge=1024, validation_alias="ICOSA_BODY_LIMIT")
    allow_unfiltered_bulk_writes: bool = Field(False, validation_alias="ALLOW_UNFILTERED_BULK_WRITES")
    mutation_maximum_affected_records: int = Field(100, ge=1, validation_alias="MUTATION_MAXIMUM_AFFECTED_RECORDS")
    short_limit: int = Field(0, ge=0, validation_alias="API_RATE_LIMITING_SHORT_LIMIT")
    short_ttl_ms: int = Field(1000, ge=1, validation_alias="API_RATE_LIMITING_SHORT_TTL_IN_MS")
    long_limit: int = Field(0, ge=0, validation_alias="API_RATE_LIMITING_LONG_LIMIT")
    long_ttl_ms: int = Field(60000, ge=1, validation_alias="API_RATE_LIMITING_LONG_TTL_IN_MS")
    is_multiworkspace_enabled: bool = Field(False, validation_alias="IS_MULTIWORKSPACE_ENABLED")
    graphql_strict: bool = Field(False, validation_alias="GRAPHQL_STRICT")
    graphql_root_fields: int = Field(20, ge=1, validation_alias="GRAPHQL_MAX_ROOT_RESOLVERS")
    graphql_core_fields: int = Field(2000, ge=1, validation_alias="GRAPHQL_MAX_FIELDS")
    graphql_complexity: int = Field(2000, ge=1, validation_alias="COMMON_QUERY_COMPLEXITY_LIMIT")
    graphql_document_length: int = Field(1_000_000, ge=1, validation_alias="ICOSA_GRAPHQL_MAX_DOCUMENT_LENGTH")
    graphql_tokens: int = Field(20_000, ge=1, validation_alias="ICOSA_GRAPHQL_MAX_TOKENS")
    graphql_selections: int = Field(5000, ge=1, validation_alias="ICOSA_GRAPHQL_MAX_SELECTIONS")
    graphql_aliases: int = Field(1000, ge=0, validation_alias="ICOSA_GRAPHQL_MAX_ALIASES")
    graphql_definitions: int = Field(200, ge=1, validation_alias="ICOSA_GRAPHQL_MAX_DEFINITIONS")
    webhook_worker: bool = Field(True, validation_alias="ICOSA_WEBHOOK_WORKER")
    webhook_retry_schedule: Durations = Field(RETRY_SCHEDULE, validation_alias="WEBHOOK_RETRY_SCHEDULE")
    webhook_timeout_ms: int = Field(15_000, ge=100, le=60_000, validation_alias="WEBHOOK_TIMEOUT_MS")
    webhook_log_days: int = Field(7, ge=0, validation_alias="WEBHOOK_LOG_RETENTION_DAYS")
    webhook_delivery_days: int = Field(30, ge=1, validation_alias="WEBHOOK_DELIVERY_RETENTION_DAYS")
    outbound_safe_mode: bool = Field(True, validation_alias="OUTBOUND_HTTP_SAFE_MODE_ENABLED")
    outbound_allowed_hosts: Texts = Field((), validation_alias="OUTBOUND_HTTP_ALLOWED_INTERNAL_HOSTS")
    request_log_size: int = Field(1000, ge=0, le=100_000, validation_alias="REQUEST_LOG_SIZE")
    trust_proxy: Hops = Field(0, ge=0, le=10, validation_alias="TRUST_PROXY")
    encryption_key: str | None = Field(None, validation_alias="ENCRYPTION_KEY")
    fallback_encryption_key: str | None = Field(None, validation_alias="FALLBACK_ENCRYPTION_KEY")
    auth_password_enabled: bool = Field(True, validation_alias="AUTH_PASSWORD_ENABLED")
    is_email_verification_required: bool = Field(False, validation_alias="IS_EMAIL_VERIFICATION_REQUIRED")
    sign_in_prefilled: bool = Field(False, validation_alias="SIGN_IN_PREFILLED")
    frontend_url: str | None = Field(None, validation_alias="FRONTEND_URL")
    default_subdomain: str = Field("app", validation_alias="DEFAULT_SUBDOMAIN")
    setup_token: str | None = Field(None, min_length=1, validation_alias="SETUP_TOKEN")
    email_from_address: str = Field("noreply@localhost", validation_alias="EMAIL_FROM_ADDRESS")
    email_from_name: str = Field("Icosa", validation_alias="EMAIL_FROM_NAME")
    smtp_host: str | None = Field(None, validation_alias="EMAIL_SMTP_HOST")
    smtp_port: int = Field(587, ge=1, le=65535, validation_alias="EMAIL_SMTP_PORT")
    smtp_user: str | None = Field(None, validation_alias="EMAIL_SMTP_USER")
    smtp_password: str | None = Field(None, validation_alias="EMAIL_SMTP_PASSWORD")
    smtp_no_tls: bool = Field(False, validation_alias="EMAIL_SMTP_NO_TLS")
    access_token_time: Duration = Field(1800.0, validation_alias="ACCESS_TOKEN_EXPIRES_IN")
    refresh_token_time: Duration = Field(5_184_000.0, validation_alias="REFRESH_TOKEN_EXPIRES_IN")
    refresh_token_grace: Duration = Field(60.0, validation_alias="REFRESH_TOKEN_REUSE_GRACE_PERIOD")
    login_token_time: Duration = Field(900.0, validation_alias="LOGIN_TOKEN_EXPIRES_IN")
    playground_token_time: Duration = Field(7200.0, validation_alias="PLAYGROUND_TOKEN_EXPIRES_IN")
    password_reset_time: Duration = Field(300.0, validation_alias="PASSWORD_RESET_TOKEN_EXPIRES_IN")
    file_token_time: Duration = Field(86_400.0, validation_alias="FILE_TOKEN_EXPIRES_IN")
    invitation_time: Duration = Field(2_592_000.0, validation_alias="INVITATION_TOKEN_EXPIRES_IN")

    @property
    def lifetimes(self) -> Lifetimes:
        """How long tokens hold."""
        return Lifetimes(
            access=dt.timedelta(seconds=self.access_token_time),
            refresh=dt.timedelta(seconds=self.refresh_token_time),
            reuse_grace=dt.timedelta(seconds=self.refresh_token_grace),
            login=dt.timedelta(seconds=self.login_token_time),
            playground=dt.timedelta(seconds=self.playground_token_time),
            password_reset=dt.timedelta(seconds=self.password_reset_time),
            invitation=dt.timedelta(seconds=self.invitation_time),
            file=dt.timedelta(seconds=self.file_token_time),
        )

    def vault_secrets(self, secret: str) -> tuple[str, ...]:
        """Return what stored secrets are encrypted with, and then what they may have been encrypted with before.

        Args:
            secret: the server's secret, which serves while there is no `ENCRYPTION_KEY`.
        """
        given = (self.encryption_key, self.fallback_encryption_key, secret, self.app_secret_previous)
        return tuple(each for each in given if each)

    @property
    def files_folder(self) -> Path:
        """Where uploaded files lie; machines that share a database share it too."""
        return self.files_dir or self.data_dir / "files"

    @property
    def public_url(self) -> str:
        """The address that links in e-mails begin with; never what a request says that it has called."""
        return (self.frontend_url or self.server_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def listens_on_loopback(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def graphql_limits(self) -> GraphqlLimits:
        """What a GraphQL document may ask for."""
        return GraphqlLimits(
            root_fields=self.graphql_root_fields,
            core_fields=self.graphql_core_fields,
            complexity=self.graphql_complexity,
            document_length=self.graphql_document_length,
            tokens=self.graphql_tokens,
            selections=self.graphql_selections,
            aliases=self.graphql_aliases,
            definitions=self.graphql_definitions,
        )

    @property
    def base_path(self) -> str:
        """The path of `SERVER_URL`, which stands before every route; empty when there is none."""
        return "" if self.server_url is None else re.sub(r"^[a-z]+://[^/]*", "", self.server_url).rstrip("/")


def load_settings(**given: Any) -> Settings:
    """Return the settings of the environment, with what the command line gave on top.

    Raises:
        Misconfigured: a value that does not fit, named by its variable.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "A setting"
        raise Misconfigured(f"{name}: {first['msg']}") from None


def check_settings(settings: Settings) -> None:
    """Refuse what a server must not start with, rather than run in another way than the operator believes.

    Raises:
        Misconfigured: names the variable.
    """
    for name, address in (("SERVER_URL", settings.server_url), ("FRONTEND_URL", settings.frontend_url)):
        if address is not None and not ADDRESS.fullmatch(address):
            raise Misconfigured(f"{name} must be an address such as https://crm.example.com")
    for name, key in (
        ("ENCRYPTION_KEY", settings.encryption_key),
        ("FALLBACK_ENCRYPTION_KEY", settings.fallback_encryption_key),
    ):
        if key is not None and is_weak(key):
            raise Misconfigured(f"{name} must be {SHORTEST_SECRET} random characters or more")
    if settings.smtp_host and not (settings.server_url or settings.frontend_url):
        raise Misconfigured("With EMAIL_SMTP_HOST set, SERVER_URL must be set too: links in e-mails begin with it")
    if not settings.auth_password_enabled:
        raise Misconfigured("AUTH_PASSWORD_ENABLED=false is not possible: there is no other way to sign in")
    if settings.is_email_verification_required:
        raise Misconfigured("IS_EMAIL_VERIFICATION_REQUIRED=true is not supported")


def is_weak(secret: str) -> bool:
    """Return whether a secret is short, one of the sample values, or the same few characters again and again."""
    return len(secret) < SHORTEST_SECRET or secret in SAMPLE_SECRETS or len(set(secret)) < FEWEST_CHARACTERS


def load_secret(settings: Settings) -> str:
    """Return the secret that tokens are signed with.

    With the embedded server it is made once and kept in the data folder; with a database of the operator's it has to be
    given, since several machines must share it.

    Raises:
        Misconfigured: it is missing, short, or one of the sample values (`auth.md` section 12).
    """
    if settings.app_secret is not None:
        if is_weak(settings.app_secret):
            raise Misconfigured(f"APP_SECRET must be {SHORTEST_SECRET} random characters or more")
        return settings.app_secret
    if settings.database_url is not None:
        raise Misconfigured("With ICOSA_DATABASE_URL set, APP_SECRET must be set too: 32 random characters or more")
    path = settings.data_dir / SECRET_FILE
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_secret(path)
    return path.read_text(encoding="ascii").strip()


def _make_secret(path: Path) -> None:
    """Put a new secret into place whole, readable by its owner alone; of two processes the first one wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
