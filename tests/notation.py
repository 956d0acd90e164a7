"""Claims in a notation that reads: `dog`, `dog is brown`, `2 dog`, `3+ dog`, `man ride horse`, `no dog`, `perhaps dog`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fusion.facts import Claim


def told(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    """One claim; things are called by their nouns."""

    def name(reference: str | None) -> str:
        return by_id[reference].value if reference in by_id else "?"

    value = claim.value
    text = {
        "object": value,
        "attribute": f"{name(claim.about)} is {value}",
        "count": f"{claim.number}{'+' * claim.at_least} {value}",
        "relation": f"{name(claim.about)} {value} {name(claim.to)}",
        "text": f'{name(claim.about)} says "{value}"' if claim.about else f'"{value}"',
    }.get(claim.kind, f"{claim.kind} {value}")
    return f"{'perhaps ' * claim.hedged}{'no ' * claim.negated}{text}"


def all_told(claims: Sequence[Claim]) -> list[str]:
    """Each claim, in order."""
    by_id = {claim.id: claim for claim in claims}
    return [told(claim, by_id) for claim in claims]
