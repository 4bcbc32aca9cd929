"""Addresses of web pages as people type them."""

from urllib.parse import urlsplit

from app.domain.errors import Invalid

LONGEST = 1000


def web_address(text: str, *, longest: int = LONGEST) -> str:
    """A web address in full: `example.org/page` becomes `https://example.org/page`. Raises Invalid (field `url`)."""
    typed = text.strip()
    address = typed if "://" in typed else f"https://{typed}"
    if not typed or not _is_web(address):
        raise Invalid({"url": "Enter a web address, such as https://www.example.org/policies."})
    if len(address) > longest:
        raise Invalid({"url": f"A web address may have at most {longest} characters."})
    return address


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    clean = not any(character.isspace() or ord(character) < 32 for character in address)
    return clean and parts.scheme in {"http", "https"} and "." in host.strip(".") and "@" not in parts.netloc
