"""The one vocabulary that everything speaks: Box, Fact, Claim, Caption, Record, frozen and validated where born.

Rows of files are these structs as JSON (see `fusion.codec`). Making one by hand checks
ranges and the fields of its kind; `fusion.codec`, which reads them from JSON and from experts, also checks types.
"""

from fusion.facts.checks import by_place, check_references, check_size, fit, numbered
from fusion.facts.problem import Problem
from fusion.facts.records import (
    SCHEMA,
    Caption,
    Dispute,
    Diversity,
    Edit,
    LeftOver,
    Observation,
    Question,
    Record,
    Rejected,
    Retention,
    Sample,
    Status,
    Usage,
)
from fusion.facts.said import (
    AS_FOUND,
    KINDS,
    OPTIONAL,
    POLICIES,
    REQUIRED,
    Box,
    Claim,
    ClaimKind,
    Fact,
    FactKind,
    Policy,
    Verdict,
)
from fusion.facts.text import LONGEST_MESSAGE, check_text, printable

__all__ = [
    "AS_FOUND",
    "KINDS",
    "LONGEST_MESSAGE",
    "OPTIONAL",
    "POLICIES",
    "REQUIRED",
    "SCHEMA",
    "Box",
    "Caption",
    "Claim",
    "ClaimKind",
    "Dispute",
    "Diversity",
    "Edit",
    "Fact",
    "FactKind",
    "LeftOver",
    "Observation",
    "Policy",
    "Problem",
    "Question",
    "Record",
    "Rejected",
    "Retention",
    "Sample",
    "Status",
    "Usage",
    "Verdict",
    "by_place",
    "check_references",
    "check_size",
    "check_text",
    "fit",
    "numbered",
    "printable",
]
