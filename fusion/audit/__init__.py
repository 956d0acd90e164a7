"""What came of many captions: counted, ranked, and shown on one page that people can read.

rows     records and verify rows as what they say of a picture
marks    a caption cut into pieces, each with the claims over it and what repair did to it
courses  how captions came about: replies not taken, alt-text, diversity, tokens
rates    shares with their 95 % intervals, and counters that stay small
totals   claims counted by kind, expert, place in the caption and origin; what repair dropped
worst    the pictures to show, found in one pass, fetched in a second
pictures photos scaled down into the page
cards    a picture with its captions, claims and facts, ready for the template
figures  numbers as the page shows them
panels   what the page says of courses, each measure with a sentence
report   the page itself: one self-contained HTML file
"""

from __future__ import annotations

from fusion.audit.report import Report, render
from fusion.audit.rows import Entry, Seen, read
from fusion.audit.totals import Totals
from fusion.audit.worst import Shown, Worst, gather

__all__ = ["Entry", "Report", "Seen", "Shown", "Totals", "Worst", "gather", "read", "render"]
