"""The address of a speech service, and whether it is on the operator's own network."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

# Endings of host names in private networks.
PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


class BadAddress(ValueError):
    """The address cannot be used. The message continues a sentence that begins with the setting's name."""


@dataclass(frozen=True)
class ServiceAddress:
    """The base of a service's API, such as https://api.openai.com/v1."""

    base: str
    host: str

    @classmethod
    def parse(cls, text: str) -> "ServiceAddress":
        """Raises BadAddress, also for an address outside the operator's network without HTTPS."""
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise BadAddress("is not an address") from None
        if parts.scheme not in ("http", "https") or not host:
            raise BadAddress("is not set, or not an address such as https://api.openai.com/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise BadAddress("holds more than scheme, host and path; the key has a setting of its own")
        if parts.scheme == "http" and not _is_private(host):
            raise BadAddress("must begin with https:// unless the service is on this network")
        return cls(text.rstrip("/"), host)

    @property
    def destination(self) -> str:
        """The host's name, when recordings leave the operator's network; else empty."""
        return "" if _is_private(self.host) else self.host

    def url(self, path: str) -> str:
        return f"{self.base}/{path}"


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_ENDINGS)
