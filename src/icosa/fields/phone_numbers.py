"""Phone numbers: parsed with libphonenumber's metadata, split into national number, country and calling code.

The metadata of all countries is large, so the library is imported with the first number, not with the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType

from icosa.errors import BadInput


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in its stored form; None for what is empty."""

    number: str | None
    country_code: str | None
    calling_code: str | None


@cache
def _library() -> ModuleType:
    import phonenumbers  # noqa: PLC0415 - see the module's docstring

    return phonenumbers


def normalise_phone(number: str | None, country_code: str | None, calling_code: str | None) -> Phone:
    """Return the stored form of a number (`rest-core.md` section 11, vectors of PHONES in `field-types.json`).

    Args:
        number: international with `+`, or national together with one of the codes.
        country_code: ISO 3166, two capital letters.
        calling_code: with or without `+`; kept as sent.

    Raises:
        BadInput: `INVALID_PHONE_NUMBER`, `INVALID_PHONE_COUNTRY_CODE`, `INVALID_PHONE_CALLING_CODE`,
            `CONFLICTING_PHONE_COUNTRY_CODE`, `CONFLICTING_PHONE_CALLING_CODE`,
            `CONFLICTING_PHONE_CALLING_CODE_AND_COUNTRY_CODE`.
    """
    digits = _checked_codes(country_code, calling_code)
    if number is None:
        return Phone(None, country_code, calling_code)
    library = _library()
    region = country_code or _region_of(digits)
    if not number.lstrip().startswith("+") and region is None:
        raise BadInput("needs an international prefix, a country code or a calling code", "INVALID_PHONE_NUMBER")
    try:
        parsed = library.parse(number, region)
    except library.NumberParseException:
        raise BadInput("must be a phone number", "INVALID_PHONE_NUMBER") from None
    found_calling = str(parsed.country_code)
    found_region = library.region_code_for_number(parsed)
    if country_code and (found_region or country_code) != country_code:
        raise BadInput(f"belongs to {found_region}, not to {country_code}", "CONFLICTING_PHONE_COUNTRY_CODE")
    if country_code and str(library.country_code_for_region(country_code)) != found_calling:
        raise BadInput(f"does not belong to {country_code}", "CONFLICTING_PHONE_COUNTRY_CODE")
    if digits is not None and digits != found_calling:
        raise BadInput(f"has the calling code +{found_calling}, not +{digits}", "CONFLICTING_PHONE_CALLING_CODE")
    national = library.national_significant_number(parsed)
    return Phone(national, country_code or found_region or region, calling_code or f"+{found_calling}")


def _checked_codes(country_code: str | None, calling_code: str | None) -> str | None:
    """Return the calling code's digits, after both codes have been checked."""
    library = _library()
    if country_code is not None and country_code not in library.SUPPORTED_REGIONS:
        raise BadInput(f"'{country_code[:20]}' is no known country code", "INVALID_PHONE_COUNTRY_CODE")
    if calling_code is None:
        return None
    digits = calling_code.removeprefix("+")
    known = digits.isascii() and digits.isdigit() and int(digits) in library.COUNTRY_CODE_TO_REGION_CODE
    if not known:
        raise BadInput(f"'{calling_code[:20]}' is no known calling code", "INVALID_PHONE_CALLING_CODE")
    if country_code is not None and str(library.country_code_for_region(country_code)) != digits:
        raise BadInput(
            f"{country_code} does not have the calling code +{digits}",
            "CONFLICTING_PHONE_CALLING_CODE_AND_COUNTRY_CODE",
        )
    return digits


def _region_of(digits: str | None) -> str | None:
    if digits is None:
        return None
    region: str = _library().region_code_for_country_code(int(digits))
    return region
