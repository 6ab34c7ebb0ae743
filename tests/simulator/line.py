"""How badly can requests be carried? Lost, answered in vain, doubled, cut, repeated later."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from paraph.node.exchange.errors import Unreachable
from paraph.node.exchange.messages import Request, Response
from paraph.sentences import _

Answer = Callable[[Request], Response]  # raises Unreachable where the node is down


@dataclass
class Weather:
    """How often something goes wrong with one request, 0 to 1."""

    lost: float = 0.0
    unanswered: float = 0.0
    doubled: float = 0.0
    cut: float = 0.0
    late: float = 0.0  # an old request comes again

    @classmethod
    def bad(cls, picker: Random) -> "Weather":
        """Some bad weather."""
        return cls(*(picker.choice((0.0, 0.05, 0.3)) for _ in range(5)))


@dataclass
class Line:
    """The way from one node to another, by the protocol of every transport."""

    to: str
    answer: Answer
    picker: Random
    weather: Weather
    carried: list[bytes] = field(default_factory=list)  # bodies that the caller was given
    old: list[Request] = field(default_factory=list)
    mishaps: int = 0  # requests that were not answered whole

    def send(self, request: Request, limit: int) -> Response:
        """Carry one request, in such weather."""
        self.old.append(request)
        if self._happens(self.weather.late):
            self.answer(self.picker.choice(self.old))
        if self._happens(self.weather.lost):
            self.mishaps += 1
            raise Unreachable(_("%(peer)s cannot be reached."), peer=self.to)
        response = self.answer(request)
        if self._happens(self.weather.doubled):
            self.answer(request)
        if self._happens(self.weather.unanswered):
            self.mishaps += 1
            raise Unreachable(_("%(peer)s cannot be reached."), peer=self.to)
        body, complete = response.body[:limit], response.complete and len(response.body) <= limit
        if body and self._happens(self.weather.cut):
            body, complete = body[: self.picker.randrange(len(body))], False
            self.mishaps += 1
        self.carried.append(body)
        return Response(response.status, body, response.kind, response.lasting, complete)

    def _happens(self, often: float) -> bool:
        return often > 0 and self.picker.random() < often

    def close(self) -> None:
        """Nothing stays open."""

    def abort(self) -> None:
        """Nothing waits."""
