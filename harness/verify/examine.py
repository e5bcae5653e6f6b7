"""Ask a grader a whole suite, many cases at a time, and find out who is to blame when it breaks."""

import dataclasses
import random
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from cartox_core import Guideline
from harness.verify.answer import Answer, quoted, read_answer
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Can, Door, DoorError, Limits, Lost, Reply, Request, Session
from harness.verify.doors.wire import request
from harness.verify.translation import Translation

MOST_RESTARTS = 10
MOST_IN_A_ROW = 3
REPEATED = 0.02
LINGER_S = 0.1
Progress = Callable[[int], None]
Namer = Callable[[SuiteCase], str]


@dataclasses.dataclass
class Examined:
    """What came of it: an answer by case id; why it ended early, empty where it did not; and how it went.

    ``restarts`` counts how often it broke off; ``strays`` what broke it then and did not come back.
    """

    answers: dict[str, Answer] = dataclasses.field(default_factory=dict)
    ended: str = ""
    restarts: int = 0
    asked_twice: int = 0
    strays: list[str] = dataclasses.field(default_factory=list)
    log: str = ""


class Examiner:
    """Asks cases and keeps the answers. ``namer`` gives the id under which a case is asked."""

    def __init__(
        self,
        door: Door,
        guideline: Guideline,
        limits: Limits,
        translation: Translation,
        progress: Progress = lambda _: None,
        namer: Namer | None = None,
    ) -> None:
        self.door, self.guideline, self.limits, self.translation = door, guideline, limits, translation
        self.progress = progress
        run, numbers = secrets.token_hex(3), iter(range(1 << 62))
        self.namer: Namer = namer or (lambda _: f"{run}{next(numbers):x}")
        self.found = Examined()
        self._session: Session | None = None
        self._opened, self._window = False, door.window
        self._in_a_row = 0

    def greet(self) -> Can:
        """What the grader says it can. Raises DoorError."""
        return self._running().can

    def run(self, cases: Sequence[SuiteCase], seed: int, again: bool = True) -> Examined:
        """Ask all in an order by the seed, then a few once more in another order (``again``)."""
        chance = random.Random(seed)  # noqa: S311 - an order, no secret
        queue = deque(chance.sample(cases, len(cases)) if self.door.can_repeat else cases)
        try:
            while queue and not self.found.ended:
                self._stretch(queue)
            if again and not self.found.ended and self.door.can_repeat and cases:
                self._again(chance.sample(cases, max(1, round(REPEATED * len(cases)))))
        finally:
            self.close()
        return self.found

    def alone(self, case: SuiteCase, linger_s: float = 0.0) -> Answer:
        """The answer to one case with nothing else under way, and nothing after it for so long (seconds).

        Raises DoorError when the door cannot be opened.
        """
        name, line = self._request(case)
        answer = None
        for item in self._running().exchange([(name, line)], 1, linger_s):
            if isinstance(item, Lost) or item.trouble is not None:
                self.close()
                return Answer(item.status if isinstance(item, Lost) else item.trouble or "garbled", text=item.text)
            answer = self._read(item, case)
        if answer is None:
            self.close()
        return answer or Answer("silent")

    def close(self) -> None:
        """End the grader and keep its log."""
        if self._session is not None:
            self.found.log = self._session.log() or self.found.log
            self._session.close()
            self._session = None

    def _running(self) -> Session:
        if self._session is None:
            self._session = self.door.open(self.limits)
            self._opened = True
        return self._session

    def _request(self, case: SuiteCase) -> Request:
        return request(self.namer(case), self.guideline.id, case.scale, self.translation.told(case.raw))

    def _read(self, reply: Reply, case: SuiteCase) -> Answer:
        scale, rows = self.guideline.scale(case.scale), case.raw.get("observations")
        entries = len(rows) if isinstance(rows, list) and not scale.is_whole else 1
        return read_answer(self.translation.heard(reply.raw), entries, scale.top)

    def _stretch(self, queue: deque[SuiteCase]) -> None:
        """Ask from the queue until it is empty or something breaks; then find the culprit."""
        try:
            waiting, last, broke = self._exchanged(queue, self._window)
            if broke is not None:
                self._blame(broke, waiting, last, queue)
        except DoorError as error:
            self.found.ended = f"it could not be started again: {error}" if self._opened else str(error)

    def _exchanged(
        self, queue: deque[SuiteCase], window: int
    ) -> tuple[list[SuiteCase], list[SuiteCase], Reply | Lost | None]:
        """Ask from the queue, so many at a time, until it is empty or something breaks.

        Returns the cases that wait for an answer, the oldest first; the one that was answered last, or twice; and what
        broke, None when all is answered.
        """
        under_way: dict[str, SuiteCase] = {}
        answered: dict[str, SuiteCase] = {}
        last: list[SuiteCase] = []

        def requests() -> Iterator[Request]:
            while queue:
                case = queue.popleft()
                name, line = self._request(case)
                under_way[name] = case
                yield name, line

        for item in self._running().exchange(requests(), window, LINGER_S):
            if isinstance(item, Lost) or item.trouble is not None or item.id is None:
                self.close()
                asked_before = None if isinstance(item, Lost) or item.id is None else answered.get(item.id)
                return list(under_way.values()), [asked_before] if asked_before else last, item
            case = answered[item.id] = under_way.pop(item.id)
            last = [case]
            self._keep(case, self._read(item, case))
        return [], last, None

    def _keep(self, case: SuiteCase, answer: Answer) -> None:
        if case.id not in self.found.answers:
            self.progress(1)
        self.found.answers[case.id] = answer
        self._in_a_row = 0

    def _blame(
        self, broke: Reply | Lost, waiting: Sequence[SuiteCase], last: Sequence[SuiteCase], queue: deque[SuiteCase]
    ) -> None:
        """Find who broke it: ask the likeliest alone, each after a restart, then the others one after another."""
        self.found.restarts += 1
        if isinstance(broke, Lost) and broke.status == "timeout":
            self._window = max(1, self._window // 4)  # where it hangs is the sooner known, the fewer wait
        in_a_row = self._in_a_row
        is_second_answer = isinstance(broke, Reply) and broke.trouble == "misaddressed"
        likely = [*last, *waiting[:1]] if is_second_answer else [*waiting[:1], *last]
        guilty = any(map(self._is_guilty, likely))
        left = deque(case for case in waiting if case.id not in self.found.answers)
        if not guilty:
            under_way, last, again = self._exchanged(left, 1)
            guilty = again is not None and any(map(self._is_guilty, [*under_way, *last]))
        queue.extendleft(reversed(left))
        if guilty:
            self._in_a_row = in_a_row + 1
        else:
            self.found.strays.append(f"{broke.status if isinstance(broke, Lost) else broke.trouble}, {broke.text}")
        if self._in_a_row >= MOST_IN_A_ROW:
            self.found.ended = f"{MOST_IN_A_ROW} cases in a row broke it"
        elif self.found.restarts >= MOST_RESTARTS:
            told = f"; the last time that did not come back: {self.found.strays[-1]}" if self.found.strays else ""
            self.found.ended = f"it broke off {MOST_RESTARTS} times{told}"

    def _is_guilty(self, case: SuiteCase) -> bool:
        """Ask one case again alone after a restart, and keep the answer: whether that breaks it again."""
        self.close()
        answer = self.alone(case, LINGER_S)
        self._keep(case, answer)
        return self._session is None

    def _again(self, cases: Sequence[SuiteCase]) -> None:
        """Ask some once more; who answers otherwise is unstable."""
        first = {case.id: self.found.answers.get(case.id) for case in cases}
        second = Examiner(self.door, self.guideline, self.limits, self.translation)
        second._session, self._session = self._session, None
        queue = deque(cases)
        try:
            second._stretch(queue)
        finally:
            second.close()
        self.found.log = second.found.log or self.found.log
        self.found.strays += second.found.strays
        self.found.asked_twice = len(cases)
        for case in cases:
            before, now = first[case.id], second.found.answers.get(case.id)
            if before and now and before.status in ("graded", "refused") and _differs(before, now):
                told = f"first {_brief(before)}, then {_brief(now)}"
                self.found.answers[case.id] = Answer("unstable", text=told)


def _differs(one: Answer, other: Answer) -> bool:
    return (one.status, one.grades) != (other.status, other.grades)


def _brief(answer: Answer) -> str:
    if answer.status != "graded":
        return answer.status
    return quoted([None if g is None else g.grade if g.grade is not None else str(g) for g in answer.grades], 40)
