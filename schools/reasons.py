"""Why two schools are matched or suggested, in sentences for the district's admin."""

from schools.likeness import LikelyPair, Profile, has_same_address
from schools.sides import Side


class Reasons:
    """Sentences about one school of each side; values are given Naviance's first."""

    def __init__(self, naviance: Side, clever: Side) -> None:
        self._naviance = naviance
        self._clever = clever

    def of_id_match(self, ours: Profile, theirs: Profile) -> str:
        """Say that the NCES ids are equal, and how they became so."""
        return f"{self._same_id(ours, theirs)}."

    def of_name_match(self, ours: Profile, theirs: Profile) -> str:
        """Say that the names are equal, and which side has no NCES id."""
        our_name = self._naviance.facts[ours.key].name.strip()
        their_name = self._clever.facts[theirs.key].name.strip()
        same = "Same name"
        if our_name != their_name:
            same += f' written two ways ("{our_name}" / "{their_name}")'
        return f"{same}, and {self._missing_ids(ours, theirs)}."

    def of_suggestion(self, pair: LikelyPair, *, is_refused: bool) -> str:
        """Say what speaks for a pair, and why it is not matched by itself."""
        ours, theirs = pair.ours, pair.theirs
        if ours.nces_id == theirs.nces_id != "":
            sentences = self._on_equal_id(ours, theirs)
        elif ours.name == theirs.name != "":
            sentences = self._on_equal_name(ours, theirs)
        else:
            common = [_name_in_common(pair), _place_in_common(ours, theirs)]
            sentences = [_listed(common), self._on_ids(ours, theirs)]
        if is_refused:
            sentences.append("This match was reset by hand")
        return " ".join(f"{sentence}." for sentence in sentences if sentence)

    def _on_equal_id(self, ours: Profile, theirs: Profile) -> list[str]:
        same = self._same_id(ours, theirs)
        too = _others(
            self._naviance.others_with_id(ours), self._clever.others_with_id(theirs)
        )
        name = "same name" if ours.name == theirs.name != "" else ""
        return [
            f"{same}, but {too} it too" if too else same,
            _listed([name, _place_in_common(ours, theirs)]),
        ]

    def _on_equal_name(self, ours: Profile, theirs: Profile) -> list[str]:
        too = _others(
            self._naviance.others_with_name(ours), self._clever.others_with_name(theirs)
        )
        place = _listed([_place_in_common(ours, theirs)])
        ids = self._on_ids(ours, theirs)
        if too:
            return [f"Same name, but {too} this name too", place, ids]
        if ours.nces_id and theirs.nces_id:
            return [f"Same name, but {ids[0].lower()}{ids[1:]}", place]
        return ["Same name", place, ids]

    def _same_id(self, ours: Profile, theirs: Profile) -> str:
        our_id, their_id = self._naviance.ids[ours.key], self._clever.ids[theirs.key]
        if our_id.raw == their_id.raw:
            return f"Same NCES ID: {our_id.raw}"
        steps = dict.fromkeys((*our_id.steps, *their_id.steps))
        once = f" once {' and '.join(steps)}" if steps else ""
        return f"Same NCES ID{once}: {our_id.raw} / {their_id.raw}"

    def _on_ids(self, ours: Profile, theirs: Profile) -> str:
        if ours.nces_id and theirs.nces_id:
            our_id = self._naviance.ids[ours.key]
            their_id = self._clever.ids[theirs.key]
            return f"The NCES IDs differ: {our_id.raw} / {their_id.raw}"
        missing = self._missing_ids(ours, theirs)
        return f"{missing[0].upper()}{missing[1:]}"

    def _missing_ids(self, ours: Profile, theirs: Profile) -> str:
        clauses, is_explained = [], False
        for side, school in ((self._naviance, ours), (self._clever, theirs)):
            nces_id = side.ids[school.key]
            if nces_id.value:
                continue
            why = f' ("{nces_id.raw}" {nces_id.problem})' if nces_id.raw else ""
            is_explained = is_explained or bool(why)
            clauses.append(f"{side.label} has no NCES ID{why}")
        if len(clauses) > 1 and not is_explained:
            return "neither side has an NCES ID"
        return " and ".join(clauses)


def _name_in_common(pair: LikelyPair) -> str:
    return "similar name" if pair.has_similar_name else "different name"


def _place_in_common(ours: Profile, theirs: Profile) -> str:
    if has_same_address(ours, theirs):
        return "same address"
    if ours.zip == theirs.zip != "":
        return "same ZIP code"
    return "same city" if ours.city == theirs.city != "" else ""


def _listed(phrases: list[str]) -> str:
    listed = ", ".join(phrase for phrase in phrases if phrase)
    return f"{listed[:1].upper()}{listed[1:]}"


def _others(naviance: int, clever: int) -> str:
    """Say who else has something: "2 other Naviance schools have", "" for nobody."""
    counts = ((naviance, "Naviance"), (clever, "Clever"))
    named = [
        f"{count} other {label} school{'' if count == 1 else 's'}"
        for count, label in counts
        if count
    ]
    verb = "has" if naviance + clever == 1 else "have"
    return f"{' and '.join(named)} {verb}" if named else ""
