"""One port, one road of several legs, one town: truck by truck, eight hours at a time.

Slow and obvious, in exact fractions; shares nothing with the engine. Legs take multiples of three
hours of driving, which are multiples of eight by the clock if trucks drive nine hours a day.
"""

from dataclasses import dataclass
from fractions import Fraction

TICKS = 3
"""Of a day: eight hours by the clock, three of driving."""


@dataclass
class Truck:
    """A load at a leg's start, or so many ticks before the leg's end; bound for town or home."""

    load: Fraction
    leg: int
    left: int = 0
    held: int = 0
    home: bool = False
    stood: bool = False


@dataclass(frozen=True)
class Road:
    """Driving hours of each leg, and of the town: use, usual stock, room; supply of the port.

    `back_after`: days that a truck waits until it turns back; None for as long as it takes.
    """

    legs_h: list
    use: int
    usual: int
    room: int
    supply: int
    back_after: int | None
    ratio: Fraction = Fraction(3, 2)

    @property
    def legs(self):
        """Ticks of each leg."""
        return [hours // 3 for hours in self.legs_h]

    @property
    def lag(self):
        """Evenings on the road."""
        return max(0, -(-sum(self.legs) // TICKS) - 1)


def days_of(road, closed):
    """Stock, arrived, used, sent, returned and under way for each day; `closed` legs by day.

    A closed leg is closed both ways.
    """
    trucks = []
    for age in range(road.lag, 0, -1):
        truck = Truck(Fraction(min(road.use, road.supply)), 0)
        for _ in range(age):
            drive(truck, road.legs, ())
        trucks.append(truck)
    stock, gate = Fraction(road.usual), Fraction(0)
    told = []
    for shut in closed:
        sent = Fraction(0) if shut else min(wanted(road, stock, gate, trucks), road.supply)
        if sent:
            trucks.append(Truck(sent, 0))
        came, returned = moved(road, trucks, shut)
        gate += came
        used = min(Fraction(road.use), stock + gate)
        left = stock + gate - used
        over = max(Fraction(0), left - road.room)
        arrived = gate - over
        stock, gate = left - over, over
        way = sum(truck.load for truck in trucks) + gate
        told.append((stock, arrived, used, sent, returned, way))
    return told


def wanted(road, stock, gate, trucks):
    """What the town orders."""
    due = sum(truck.load for truck in trucks if not truck.home and not truck.stood) + gate
    short = road.usual - stock - max(due - road.use * road.lag, 0)
    amount = road.use + min(max(short, 0), (road.ratio - 1) * road.use)
    return max(0, min(amount, road.room + road.use * (road.lag + 1) - stock - due))


def moved(road, trucks, shut):
    """Let all trucks drive for a day; return what arrived and what came home."""
    came = returned = Fraction(0)
    for truck in list(trucks):
        drive(truck, road.legs, shut)
        if truck.home and truck.leg < 0:
            returned += truck.load
            trucks.remove(truck)
        elif not truck.home and truck.leg == len(road.legs):
            came += truck.load
            trucks.remove(truck)
        elif turns(road, truck) and not any(leg in shut for leg in range(truck.leg)):
            truck.home, truck.leg, truck.held, truck.stood = True, truck.leg - 1, 0, False
    return came, returned


def turns(road, truck):
    """Whether the driver has had enough."""
    return road.back_after is not None and not truck.home and truck.held > road.back_after


def drive(truck, legs, shut):
    """Drive for a day; note whether the truck stands before a closed leg at the end of it."""
    truck.stood = False
    for _ in range(TICKS):
        if truck.leg in {-1, len(legs)} and truck.left == 0:
            break
        if truck.left == 0:
            if truck.leg in shut:
                truck.stood = True
                break
            truck.left = legs[truck.leg]
        truck.left -= 1
        if truck.left == 0:
            truck.leg += -1 if truck.home else 1
    truck.held = truck.held + 1 if truck.stood else 0
