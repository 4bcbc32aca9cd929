"""Where things are: points on the British National Grid, and how far apart they are.

Coordinates are whole metres east and north. Distances on the grid are within 0.1% of those on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt, tan

METRES_IN_A_MILE = 1609.344


@dataclass(frozen=True, slots=True)
class Place:
    """A place that people search from. `area_code` is the council's ONS code, "" where it lies in none."""

    label: str
    easting: int
    northing: int
    area_code: str = ""


def miles_between(easting: float, northing: float, other_easting: float, other_northing: float) -> float:
    """The straight distance in miles."""
    return hypot(easting - other_easting, northing - other_northing) / METRES_IN_A_MILE


@dataclass(frozen=True, slots=True)
class Grid:
    """A transverse Mercator grid on an ellipsoid: semi-axes in metres, true origin in degrees, false origin in metres.

    Formulas: Ordnance Survey, A guide to coordinate systems in Great Britain, annex C.
    """

    major: float
    minor: float
    scale: float
    latitude: float
    longitude: float
    false_easting: float
    false_northing: float

    @property
    def eccentricity(self) -> float:
        """The square of the ellipsoid's eccentricity."""
        return 1 - (self.minor / self.major) ** 2

    def meridional_arc(self, latitude: float) -> float:
        """Metres along the meridian from the true origin to `latitude` in radians, scaled."""
        n = (self.major - self.minor) / (self.major + self.minor)
        less, plus = latitude - radians(self.latitude), latitude + radians(self.latitude)
        return (self.minor * self.scale) * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 2.625 * n**3) * sin(less) * cos(plus)
            + (1.875 * n**2 + 1.875 * n**3) * sin(2 * less) * cos(2 * plus)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * plus)
        )

    def _curvatures(self, latitude: float) -> tuple[float, float, float]:
        """The radii of curvature across and along the meridian, and their ratio less one."""
        bulge = 1 - self.eccentricity * sin(latitude) ** 2
        across = self.major * self.scale / sqrt(bulge)
        along = across * (1 - self.eccentricity) / bulge
        return across, along, across / along - 1

    def to_angles(self, easting: float, northing: float) -> tuple[float, float]:
        """Latitude and longitude in radians."""
        latitude = radians(self.latitude)
        rest = northing - self.false_northing
        while abs(rest) >= 0.001:
            latitude += rest / (self.major * self.scale)
            rest = northing - self.false_northing - self.meridional_arc(latitude)
        v, p, eta = self._curvatures(latitude)
        t, d = tan(latitude), easting - self.false_easting
        up = (
            t / (2 * p * v) * d**2
            - t / (24 * p * v**3) * (5 + 3 * t**2 + eta - 9 * t**2 * eta) * d**4
            + t / (720 * p * v**5) * (61 + 90 * t**2 + 45 * t**4) * d**6
        )
        across = (
            d / v - (v / p + 2 * t**2) / (6 * v**3) * d**3 + (5 + 28 * t**2 + 24 * t**4) / (120 * v**5) * d**5
        ) / cos(latitude)
        return latitude - up, radians(self.longitude) + across

    def from_angles(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Easting and northing in metres of a latitude and longitude in radians."""
        v, p, eta = self._curvatures(latitude)
        t, c, s, d = tan(latitude), cos(latitude), sin(latitude), longitude - radians(self.longitude)
        north = (
            v / 2 * s * c * d**2
            + v / 24 * s * c**3 * (5 - t**2 + 9 * eta) * d**4
            + v / 720 * s * c**5 * (61 - 58 * t**2 + t**4) * d**6
        )
        east = (
            v * c * d
            + v / 6 * c**3 * (v / p - t**2) * d**3
            + v / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta - 58 * t**2 * eta) * d**5
        )
        return self.false_easting + east, self.false_northing + self.meridional_arc(latitude) + north


BRITISH = Grid(6377563.396, 6356256.909, 0.9996012717, 49, -2, 400_000, -100_000)
IRISH = Grid(6377340.189, 6356034.447, 1.000035, 53.5, -8, 200_000, 250_000)


def irish_to_british(easting: float, northing: float) -> tuple[int, int]:
    """A point of the Irish Grid on the British one.

    The small shift between the two datums is left out: the result is good to about 100 metres, and used for distances
    in miles alone.
    """
    east, north = BRITISH.from_angles(*IRISH.to_angles(easting, northing))
    return round(east), round(north)
