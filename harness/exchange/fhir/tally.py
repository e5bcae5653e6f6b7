"""What a file of others has much of, counted, and told once when the file is read."""

from collections import Counter

from harness.exchange.chart import Remark, Tell
from harness.exchange.fhir.loose import Json, parts, text
from harness.exchange.fhir.terms import SHORT


class Tally:
    """Remarks that are told once, with how often each was made."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()

    def add(self, place: str, what: str) -> None:
        """One more."""
        self._found[place, what] += 1

    def tell(self, tell: Tell) -> None:
        """Tell all, the most frequent first.

        >>> tally = Tally()
        >>> for code in ("8302-2", "8302-2", "4544-3"):
        ...     tally.add(f"code {code} (LOINC)", "no field of the protocol; not read")
        >>> tally.tell(print)
        code 8302-2 (LOINC): no field of the protocol; not read (2 times)
        code 4544-3 (LOINC): no field of the protocol; not read (once)
        """
        for (place, what), count in self._found.most_common():
            tell(Remark(place, f"{what} ({f'{count:,} times' if count > 1 else 'once'})"))


def called(concept: Json) -> str:
    """What a code that is not understood is called in a remark.

    >>> called({"coding": [{"system": "http://loinc.org", "code": "8302-2"}]}), called({"text": "Height"}), called({})
    ('code 8302-2 (LOINC)', "code 'Height'", 'no code')
    """
    for coding in parts(concept.get("coding")):
        if code := text(coding.get("code")):
            system = text(coding.get("system"))
            return f"code {code} ({SHORT.get(system, system) or 'no system'})"
    named = text(concept.get("text"))
    return f"code {named!r}" if named else "no code"
