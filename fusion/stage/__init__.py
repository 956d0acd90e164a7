"""Experts at work on pictures.

opening   the picture of a job opened, as a sample
cast      which experts there are for a configuration, and their cards
station   one expert in its place: time limit, hanging, failing
answers   what it handed over, checked and named
rounds    which experts look at the same time
checking  each expert tried on an empty picture
asking    what nobody could say anything of, asked of those that can be asked
work      one picture on its way to its record
"""

from __future__ import annotations

from fusion.stage.answers import adopt
from fusion.stage.asking import ask_back
from fusion.stage.cast import FROM_ROWS, built_in_card, cards_of, check_needs, read_cards, read_cards_file, stations
from fusion.stage.checking import Tried, try_experts
from fusion.stage.opening import Opened, open_job
from fusion.stage.rounds import visit_all
from fusion.stage.station import Station
from fusion.stage.work import Work, observation_of

__all__ = [
    "FROM_ROWS",
    "Opened",
    "Station",
    "Tried",
    "Work",
    "adopt",
    "ask_back",
    "built_in_card",
    "cards_of",
    "check_needs",
    "observation_of",
    "open_job",
    "read_cards",
    "read_cards_file",
    "stations",
    "try_experts",
    "visit_all",
]
