#!/usr/bin/env python3
"""Makes card transactions: cards that live their lives for some weeks, and thieves who use some of them.

Nothing here is real and nothing is drawn from real data. The structure is: amounts follow the merchant's category and the
card's own habits, people sleep, travel and go on sprees, and each kind of fraud looks ordinary in every single feature but
odd in a combination (far away right after a purchase at home; many small orders from an unknown place; a large order at
night from an account that never does that). That is what a model has to find.

The same seed gives the same rows on every machine: only Python's own generator is used, and every feature is rounded.

    samples/fraud-detection/transactions.py > training.csv      # the rows that the models are trained on, with the truth
"""

import math
import random
import sys

SEED = 20260
CARDS = 1500
DAYS = 92
FIRST_DAY = 7  # before it the counts of the last day and week are still filling
HELD_OUT_FROM = 83  # the model is judged on days that come after all that it was trained on

FEATURES = (
    "amount",
    "hour",
    "merchant_category",
    "card_present",
    "distance_km",
    "minutes_since_last",
    "transactions_last_hour",
    "transactions_last_day",
    "amount_ratio",
    "account_age_days",
    "foreign_country",
    "declined_last_day",
)

GROCERY, FUEL, RESTAURANT, CLOTHES, ELECTRONICS, TRAVEL, DIGITAL, CASH = range(8)
CATEGORIES = ("grocery", "fuel", "restaurant", "clothes", "electronics", "travel", "digital", "cash")

# Per category: median amount in euros, spread of its logarithm, share paid with the card in hand, and the hours' peaks.
HABITS = {
    GROCERY: (28, 0.7, 0.96, (10, 17)),
    FUEL: (52, 0.4, 0.99, (8, 17)),
    RESTAURANT: (31, 0.6, 0.97, (12.5, 19.5)),
    CLOTHES: (58, 0.7, 0.62, (14, 20)),
    ELECTRONICS: (140, 1.0, 0.45, (15, 20)),
    TRAVEL: (210, 0.9, 0.20, (11, 20)),
    DIGITAL: (11, 0.8, 0.0, (13, 21.5)),
    CASH: (90, 0.5, 1.0, (11, 18)),
}

DAY = 24 * 60.0
WEEK = 7 * DAY


class Card:
    """One card, its owner's habits, and what has been seen of it so far."""

    def __init__(self, chance):
        self.chance = chance
        self.scale = math.exp(chance.gauss(0, 0.35))
        self.per_day = chance.uniform(0.4, 2.2)
        self.night_owl = chance.random() < 0.12
        self.gamer = chance.random() < 0.10
        self.age = int(min(5000, 20 + chance.expovariate(1 / 1200)))
        self.weights = [chance.gammavariate(shape, 1) for shape in (6, 2, 4, 2, 0.7, 0.6, 2.5, 1)]
        self.usual = 45 * self.scale
        self.times = []
        self.declines = []

    def row(self, minute, amount, category, present, distance, foreign, declined):
        """The features of a transaction, as they are known at its time; then the card remembers it."""
        self.times = [time for time in self.times if time > minute - WEEK]
        last_hour = sum(time > minute - 60 for time in self.times)
        last_day = sum(time > minute - DAY for time in self.times)
        since = minute - self.times[-1] if self.times else WEEK
        declines = sum(time > minute - DAY for time in self.declines)
        row = (
            round(amount, 2),
            round(minute % DAY / 60, 2),
            category,
            int(present),
            round(distance, 1),
            round(since),
            last_hour,
            last_day,
            round(amount / self.usual, 3),
            self.age + int(minute // DAY),
            int(foreign),
            declines,
        )
        self.times.append(minute)
        if declined:
            self.declines.append(minute)
        self.usual += 0.05 * (min(amount, 10 * self.usual) - self.usual)
        return row


def poisson(chance, mean):
    count, product = 0, chance.random()
    limit = math.exp(-mean)
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def ordinary(card, days):
    """What the owner does, as (minute, amount, category, present, distance, foreign, declined), unsorted."""
    chance = card.chance
    away, trip = 0, 0.0
    for day in range(days):
        away -= 1
        if away <= 0 and chance.random() < 0.012:
            away, trip = chance.randint(2, 9), math.exp(chance.gauss(6.6, 1.1))
        travelling = away > 0
        for _ in range(poisson(chance, card.per_day * (1.5 if travelling else 1))):
            yield purchase(card, day, travelling, trip, chance.choices(range(8), card.weights)[0])
        if chance.random() < 0.012:
            start = day * DAY + chance.uniform(11, 17) * 60
            for step in range(chance.randint(3, 8)):
                category = chance.choice((CLOTHES, RESTAURANT, CLOTHES, GROCERY, ELECTRONICS))
                _, *rest = purchase(card, day, travelling, trip, category)
                yield (start + 22 * step + chance.uniform(0, 15), *rest)
        if card.gamer and chance.random() < 0.06:
            start = day * DAY + chance.uniform(20, 26) * 60
            for step in range(chance.randint(3, 9)):
                amount, distance = chance.choice((0.99, 1.99, 4.99, 9.99)), chance.expovariate(0.5)
                yield (start + 6 * step + chance.uniform(0, 5), amount, DIGITAL, False, distance, False, False)


def purchase(card, day, travelling, trip, category):
    chance = card.chance
    median, spread, in_hand, peaks = HABITS[category]
    amount = median * card.scale * math.exp(chance.gauss(0, spread))
    if category == CASH:
        amount = max(10, round(amount / 10) * 10)
    hour = chance.gauss(chance.choice(peaks), 2.1) + (5.5 if card.night_owl and chance.random() < 0.5 else 0)
    present = chance.random() < in_hand
    distance = math.exp(chance.gauss(1.3, 1.0)) if present else chance.expovariate(0.4)
    if travelling:
        distance = trip * math.exp(chance.gauss(0, 0.1))
    elif not present and chance.random() < 0.07:
        distance = math.exp(chance.gauss(5.5, 1.5))
    return (day * DAY + hour * 60, max(0.5, amount), category, present, distance, travelling and trip > 700, chance.random() < 0.012)


def card_testing(card, start):
    """A list of stolen numbers is tried with small orders; what works buys something large."""
    chance = card.chance
    far = math.exp(chance.gauss(7.0, 0.9))
    foreign = far > 700
    minute = start
    for _ in range(chance.randint(3, 7)):
        yield (minute, chance.uniform(0.5, 6), DIGITAL, False, far, foreign, chance.random() < 0.3)
        minute += chance.uniform(1, 14)
    for _ in range(chance.randint(0, 2)):
        category = chance.choice((ELECTRONICS, DIGITAL, TRAVEL))
        yield (minute, math.exp(chance.gauss(5.4, 0.5)), category, False, far, foreign, chance.random() < 0.2)
        minute += chance.uniform(5, 60)


def cloned_card(card, start):
    """A copy is used in shops too far from where the owner has just been."""
    chance = card.chance
    place = math.exp(chance.gauss(5.2, 0.8))
    minute = start
    for _ in range(chance.randint(1, 4)):
        category = chance.choice((CASH, ELECTRONICS, FUEL, CLOTHES))
        amount = HABITS[category][0] * chance.uniform(0.8, 2.6)
        yield (minute, amount, category, True, place * chance.uniform(0.9, 1.1), place > 700, chance.random() < 0.1)
        minute += chance.uniform(10, 80)


def takeover(card, start):
    """The owner's account orders dear things at night, from a machine that pretends to be near."""
    chance = card.chance
    minute = math.floor(start / DAY) * DAY + chance.uniform(0.5, 5.5) * 60
    for _ in range(chance.randint(1, 3)):
        amount = card.usual * chance.uniform(1.8, 6)
        category = chance.choice((ELECTRONICS, DIGITAL, TRAVEL, CLOTHES))
        yield (minute, amount, category, False, chance.expovariate(0.1), False, chance.random() < 0.08)
        minute += chance.uniform(3, 90)


def stolen_card(card, start):
    """A lost card is tapped near home, below the limit that asks for a PIN, as often as it goes."""
    chance = card.chance
    minute = start
    for _ in range(chance.randint(2, 6)):
        category = chance.choice((GROCERY, FUEL, GROCERY, DIGITAL, CLOTHES))
        yield (minute, chance.uniform(24, 49.9), category, category != DIGITAL, math.exp(chance.gauss(2.3, 0.6)), False, chance.random() < 0.1)
        minute += chance.uniform(4, 40)


def disputed(card, start):
    """The owner's family used the card: it looks like any other purchase, and no feature gives it away."""
    day = int(start // DAY)
    yield purchase(card, day, False, 0.0, card.chance.choices(range(8), card.weights)[0])


def generate(seed, cards, days):
    """Rows as (day, label, features), in the order of time. Label 1 is fraud."""
    rows = []
    for number in range(cards):
        chance = random.Random(f"{seed}/{number}")
        card = Card(chance)
        events = [(*event, 0) for event in ordinary(card, days)]
        for _ in range(poisson(chance, 0.0032 * days * card.per_day)):
            kind = chance.choices((card_testing, cloned_card, takeover, stolen_card, disputed), (29, 26, 25, 13, 7))[0]
            seen = chance.choice(events)[0] if events else 0
            events += [(*event, 1) for event in kind(card, max(0, seen) + chance.uniform(5, 100))]
        events.sort()
        for minute, *what, label in events:
            if minute >= 0:
                rows.append((minute, number, label, card.row(minute, *what)))
    rows.sort(key=lambda row: row[:2])
    return [(int(minute // DAY), label, features) for minute, _, label, features in rows]


def training_and_held_out():
    """The rows that the models are trained on, and those that they are judged on."""
    rows = generate(SEED, CARDS, DAYS)
    training = [row for row in rows if FIRST_DAY <= row[0] < HELD_OUT_FROM]
    return training, [row for row in rows if HELD_OUT_FROM <= row[0] < DAYS]


def csv(rows):
    """A line of names and one for each row; the label stands last."""
    lines = ((*FEATURES, "label"), *((*features, label) for _, label, features in rows))
    return "".join(",".join(map(str, line)) + "\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(csv(training_and_held_out()[0]))
