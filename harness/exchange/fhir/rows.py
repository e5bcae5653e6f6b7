"""Rows by minute: values of one minute and one source in one row, as long as no field, or item of a score, has two."""

from harness.exchange.chart import Row


class Rows:
    """Rows in the order in which they were begun.

    >>> rows = Rows()
    >>> for values in ({"temp_c": 38.0}, {"spo2_pct": 95.0}, {"temp_c": 39.0}):
    ...     rows.add(Row(1.0, values))
    >>> [row.values for row in rows.all]
    [{'temp_c': 38.0, 'spo2_pct': 95.0}, {'temp_c': 39.0}]
    """

    def __init__(self) -> None:
        self._begun: list[tuple[Row, dict[str, object]]] = []
        self._of: dict[tuple[float, str], list[dict[str, object]]] = {}

    def add(self, row: Row) -> None:
        """Values of a minute: into the first row of that minute and source that says nothing else of these fields."""
        same = self._of.setdefault((row.time_h, row.source), [])
        for values in same:
            if all(_agree(values.get(name, value), value) for name, value in row.values.items()):
                values.update({name: _both(values.get(name), value) for name, value in row.values.items()})
                return
        same.append(dict(row.values))
        self._begun.append((row, same[-1]))

    @property
    def all(self) -> list[Row]:
        """The rows so far."""
        return [Row(row.time_h, values, row.place, row.source) for row, values in self._begun]


def _agree(held: object, value: object) -> bool:
    """Whether two values of a field are one; items of a score where no item has two."""
    if isinstance(held, dict) and isinstance(value, dict):
        return all(held.get(item, points) == points for item, points in value.items())
    return held == value


def _both(held: object, value: object) -> object:
    return {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
