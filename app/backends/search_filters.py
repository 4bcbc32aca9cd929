"""Choosing by facets, and counting what each other choice would give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyroaring import BitMap

from app.backends.searching import OFFER

Known = Mapping[str, Mapping[str, BitMap]]
SERVICE, AVAILABILITY = "service", "availability"


class Filters:
    """The chosen codes of a search over what is known of each facet.

    Where both a service and an availability are chosen, it is that service which has to have it: a provider with room at
    its lunch club and a full home care is no answer to who looks for home care now.
    """

    def __init__(self, known: Known, filters: Mapping[str, frozenset[str]]) -> None:
        self._known = known
        self._filters = {facet: codes for facet, codes in filters.items() if codes}
        self._fits = {facet: _union(known.get(facet, {}), codes) for facet, codes in self._filters.items()}
        if SERVICE in self._fits and AVAILABILITY in self._fits:
            self._fits[AVAILABILITY] = self._offering(self._filters[SERVICE], self._filters[AVAILABILITY])

    def _offering(self, services: Iterable[str], taking: Iterable[str]) -> BitMap:
        """Who offers any of these services and says any of this about that service."""
        return _union(self._known.get(OFFER, {}), [f"{service}:{each}" for service in services for each in taking])

    def passing(self, base: BitMap, *without: str) -> BitMap:
        """The entries of `base` that fit every choice, or every one but those of the facets `without`."""
        for facet, fits in self._fits.items():
            if facet not in without:
                base = base & fits
        return base

    def counts(self, base: BitMap, matched: BitMap, counted: Iterable[str] | None) -> dict[str, dict[str, int]]:
        """How many each code would leave with the other facets' choices applied, for the facets of `counted` or for all."""
        facets = [facet for facet in self._known if facet != OFFER] if counted is None else counted
        if not base:
            return {
                facet: {code: 0 for code in self._filters.get(facet, ()) if code in self._known.get(facet, {})}
                for facet in facets
            }
        return {facet: self._counts(facet, base, matched) for facet in facets}

    def _counts(self, facet: str, base: BitMap, matched: BitMap) -> dict[str, int]:
        chosen = self._filters.get(facet, frozenset())
        codes: Mapping[str, BitMap]
        if (facet == SERVICE and AVAILABILITY in self._fits) or (facet == AVAILABILITY and SERVICE in self._fits):
            others = self.passing(base, SERVICE, AVAILABILITY)
            codes = self._of_services() if facet == SERVICE else self._of_availability()
        else:
            others = self.passing(base, facet) if facet in self._fits else matched
            codes = self._known.get(facet, {})
        count = others.intersection_cardinality
        # A copy of the items: a code may be added by another thread meanwhile.
        found = {code: count(having) for code, having in list(codes.items())}
        return {code: number for code, number in found.items() if number or code in chosen}

    def _of_services(self) -> dict[str, BitMap]:
        taking = self._filters[AVAILABILITY]
        known = list(self._known.get(SERVICE, {}).items())
        return {service: having & self._offering([service], taking) for service, having in known}

    def _of_availability(self) -> dict[str, BitMap]:
        """As above the other way round; the service has to be among those it is approved for."""
        services, approved = self._filters[SERVICE], self._fits[SERVICE]
        return {each: approved & self._offering(services, [each]) for each in list(self._known.get(AVAILABILITY, {}))}


def _union(codes: Mapping[str, BitMap], chosen: Iterable[str]) -> BitMap:
    found = [codes[code] for code in chosen if code in codes]
    return BitMap.union(*found) if found else BitMap()
