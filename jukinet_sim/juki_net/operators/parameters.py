"""Figures of the methods that are shipped, as a scenario states them; what each is usually, the methods say themselves."""

from jukinet_sim.language.base import Base, Figure, Flag, Fraction, Number, PositiveSeconds, Seconds


class CardParameters(Base):
    """Logging on by card and PIN: the card signs a challenge, the CS verifies the signature."""

    forgotten: Figure[Fraction] | None = None
    """Log-ons for which the card has to be fetched."""
    fetch: Figure[PositiveSeconds] | None = None
    """Mean time of that."""
    lost_per_year: Figure[Number] | None = None
    """Cards lost for each operator and year."""
    replace: Figure[PositiveSeconds] | None = None
    """Mean time until there is another one, after the call to the call centre."""
    insert: Figure[Seconds] | None = None
    """Mean time of putting the card into the reader."""
    type_pin: Figure[PositiveSeconds] | None = None
    """Mean time of typing the PIN."""
    cv: Figure[Number] | None = None
    """Coefficient of variation of what people do: 0 constant, 1 exponential, otherwise log-normal."""
    wrong_pin: Figure[Fraction] | None = None
    """Wrong entries of all first ones."""
    wrong_pin_correlation: Figure[Fraction] | None = None
    """Correlation of two entries of one log-on; 0 independent, 1 the same."""
    sign: Figure[PositiveSeconds] | None = None
    """Time of a signature by the card's chip."""
    by_centre: Figure[Fraction] | None = None
    """Locked cards that take a call to the call centre; the town's own administrator unlocks the others."""
    unlock: Figure[PositiveSeconds] | None = None
    """Mean time of unlocking one, after the call."""
    told_with_card: Figure[Fraction] | None = None
    """Lent cards with which the PIN is told."""
    pin_with_stolen: Figure[Fraction] | None = None
    """Stolen cards with which the PIN is found."""
    card_of_watched: Figure[Fraction] | None = None
    """Watched PINs whose card the watcher gets hold of."""


class BiometricParameters(Base):
    """Logging on by biometrics: captures that the CS matches with templates."""

    identify: Figure[Seconds] | None = None
    """Mean time of typing one's number, where one template is asked for."""
    capture: Figure[PositiveSeconds] | None = None
    """Mean time of one capture."""
    cv: Figure[Number] | None = None
    """Coefficient of variation of what people do: 0 constant, 1 exponential, otherwise log-normal."""
    match: Figure[Seconds] | None = None
    """Time in which the CS compares two templates."""
    one_to_many: Flag | None = None
    """Whether a capture is compared with the templates of all operators of the town, not only with that of one."""
    false_rejects: Figure[Fraction] | None = None
    """Rejected captures of the right person."""
    correlation: Figure[Fraction] | None = None
    """Correlation of two captures of one log-on; 0 independent, 1 the same."""
    false_accepts: Figure[Fraction] | None = None
    """Accepted captures of a wrong person."""
    cannot_enrol: Figure[Fraction] | None = None
    """Operators of whom no template can be made, and for whom a supervisor has to come."""
    supervise: Figure[PositiveSeconds] | None = None
    """Mean time until a supervisor has come and vouched for somebody."""
    fall_back: Figure[Fraction] | None = None
    """Of those rejected three times, for whom a supervisor comes; the others are locked."""
    by_centre: Figure[Fraction] | None = None
    """Locks that take a call to the call centre; the town's own administrator undoes the others."""
    unlock: Figure[PositiveSeconds] | None = None
    """Mean time of that, after the call."""
    deceived: Figure[Fraction] | None = None
    """Supervisors who vouch for a wrong person."""
