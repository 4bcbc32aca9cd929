"""Where things are: points on the British National Grid, and how far apart they are.

Coordinates are whole metres east and north. Distances on the grid are within 0.1% of those on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, radians, sin, sqrt, tan

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


@dataclass(frozen=True, slots=True)
class Shift:
    """From WGS 84 to the datum of a grid: metres, parts per million and seconds of arc, as published for the datum.

    Good to about 5 metres. Formulas: Ordnance Survey, A guide to coordinate systems in Great Britain, section 6.2.
    """

    x: float
    y: float
    z: float
    scale: float
    turn_x: float
    turn_y: float
    turn_z: float

    def of(self, point: tuple[float, float, float], back: bool = False) -> tuple[float, float, float]:
        """A cartesian point in metres on the grid's datum; with `back`, one on the datum of WGS 84."""
        sign = -1 if back else 1
        x, y, z = point
        size = 1 + sign * self.scale / 1_000_000
        rx, ry, rz = (sign * radians(turn / 3600) for turn in (self.turn_x, self.turn_y, self.turn_z))
        return (
            sign * self.x + x * size - y * rz + z * ry,
            sign * self.y + x * rz + y * size - z * rx,
            sign * self.z - x * ry + y * rx + z * size,
        )


TO_BRITISH = Shift(-446.448, 125.157, -542.060, 20.4894, -0.1502, -0.2470, -0.8421)
TO_IRISH = Shift(-482.530, 130.596, -564.557, -8.150, 1.042, 0.214, 0.631)
WGS84 = (6378137.0, 6356752.314245)


def _cartesian(latitude: float, longitude: float, major: float, minor: float) -> tuple[float, float, float]:
    bulge = 1 - (minor / major) ** 2
    across = major / sqrt(1 - bulge * sin(latitude) ** 2)
    return (
        across * cos(latitude) * cos(longitude),
        across * cos(latitude) * sin(longitude),
        across * (1 - bulge) * sin(latitude),
    )


def _angles(point: tuple[float, float, float], major: float, minor: float) -> tuple[float, float]:
    x, y, z = point
    bulge, flat = 1 - (minor / major) ** 2, hypot(x, y)
    latitude = atan2(z, flat * (1 - bulge))
    for _ in range(5):  # each round is right to a hundred times less; two are enough for a millimetre
        across = major / sqrt(1 - bulge * sin(latitude) ** 2)
        latitude = atan2(z + bulge * across * sin(latitude), flat)
    return latitude, atan2(y, x)


def from_degrees(latitude: float, longitude: float) -> tuple[int, int]:
    """The British grid's metres east and north of a latitude and longitude in degrees (WGS 84), good to 5 metres."""
    point = TO_BRITISH.of(_cartesian(radians(latitude), radians(longitude), *WGS84))
    east, north = BRITISH.from_angles(*_angles(point, BRITISH.major, BRITISH.minor))
    return round(east), round(north)


def irish_to_british(easting: float, northing: float) -> tuple[int, int]:
    """A point of the Irish Grid on the British one, by way of WGS 84: good to about 10 metres."""
    on_irish = _cartesian(*IRISH.to_angles(easting, northing), IRISH.major, IRISH.minor)
    point = TO_BRITISH.of(TO_IRISH.of(on_irish, back=True))
    east, north = BRITISH.from_angles(*_angles(point, BRITISH.major, BRITISH.minor))
    return round(east), round(north)
