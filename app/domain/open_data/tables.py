"""The tables of the register's open data, column by column."""

from __future__ import annotations

from app.domain.lifecycle import AwardStatus
from app.domain.offers import Taking
from app.domain.open_data.columns import Column, Kind, Reference, Table
from app.domain.size import SIZES

STATUSES = tuple(status.value for status in AwardStatus)
STORED = tuple(code for code in STATUSES if code != AwardStatus.EXPIRED.value)
GSS = "^[EWSN][0-9]{8}$"
TEXT, WHOLE, YES_NO, DAY, MOMENT, LINK = Kind.TEXT, Kind.WHOLE, Kind.YES_NO, Kind.DAY, Kind.MOMENT, Kind.LINK

ENTRIES = Table(
    "entries",
    "Approved providers",
    "One row for each provider in each scheme, those whose approval has ended among them.",
    (
        Column("id", WHOLE, "Number", "Tells the entry from every other, for ever.", required=True, least=1),
        Column("slug", TEXT, "Name in addresses", "The last part of the page's address.", required=True, unique=True),
        Column("name", TEXT, "Name", "Who was approved, as on the certificate.", required=True),
        Column("kind", TEXT, "Type of organisation", "A code of the list of organisation types."),
        Column("kind_title", TEXT, "Type of organisation in words", "The same in words."),
        Column("summary", TEXT, "Summary", "What it does, in one sentence of its own."),
        Column("description", TEXT, "Description", "What it does, in its own words."),
        Column("strengths", TEXT, "Strengths", "What it says it is good at. Nobody assessed this."),
        Column("charity_id", TEXT, "Charity number", "As an org-id.guide identifier, such as GB-CHC-1111111."),
        Column("company_id", TEXT, "Company number", "As an org-id.guide identifier, such as GB-COH-01234567."),
        Column("cqc_provider_id", TEXT, "Care Quality Commission", "Its number as a provider there."),
        Column("website", TEXT, "Website", "As the provider gave it."),
        Column("email", TEXT, "E-mail", "For the public, as the provider gave it."),
        Column("phone", TEXT, "Telephone", "For the public, as the provider gave it."),
        Column("address", TEXT, "Address", "Where it is based. Empty where the address is private, as of a refuge."),
        Column("postcode", TEXT, "Postcode", "Where it is based. Empty where the address is private."),
        Column("easting", WHOLE, "Easting", "Metres on the British National Grid. Empty where the address is private."),
        Column("northing", WHOLE, "Northing", "Metres on the British National Grid. Empty where it is private."),
        Column("area_code", TEXT, "Council", "ONS code of the council in which it is based.", pattern=GSS),
        Column("area_name", TEXT, "Council's name", "The same by its name."),
        Column("size", TEXT, "Size", "By yearly income, in the bands of NCVO, where it is known.", codes=SIZES),
        Column("scheme", TEXT, "Scheme", "Code of the scheme that approved it.", required=True),
        Column("scheme_title", TEXT, "Scheme's name", "The same by its name.", required=True),
        Column("level", TEXT, "Level", "Code of the level that was awarded.", required=True),
        Column("level_title", TEXT, "Level in words", "The same in words.", required=True),
        Column("certificate", TEXT, "Certificate", "Its number, which can be verified.", required=True),
        Column("framework", TEXT, "Framework", "Code of the standards it was assessed by.", required=True),
        Column("edition", TEXT, "Edition", "Which edition of them.", required=True),
        Column("stored_status", TEXT, "Status as decided", "The last decision.", required=True, codes=STORED),
        Column("stored_status_on", DAY, "Decided on", "The day since which that holds.", required=True),
        Column(
            "status",
            TEXT,
            "Status on the day",
            "What holds on the day in as_of: an approval whose last day has passed is expired.",
            required=True,
            codes=STATUSES,
        ),
        Column("approved", YES_NO, "Approved on the day", "Whether it may call itself approved then.", required=True),
        Column("as_of", DAY, "As of", "The day of this export, on which the status is true.", required=True),
        Column("granted_on", DAY, "Granted on", "The first day of the award.", required=True),
        Column("expires_on", DAY, "Expires on", "The last day of the award.", required=True),
        Column("invented", YES_NO, "Invented", "Made up for demonstration. Leave such rows out.", required=True),
        Column("revision", WHOLE, "Revision", "Rises over the register with every change.", required=True, least=1),
        Column("updated_at", MOMENT, "Changed at", "When the entry last changed.", required=True),
        Column("page", LINK, "Page", "The entry's page, with its history.", required=True),
    ),
    key=("id",),
)

_ENTRY = Column("entry", WHOLE, "Entry", "Number of the entry in the table entries.", required=True, least=1)
_TO_ENTRY = Reference("entry", "entries", "id")


def of_codes(name: str, title: str, words: str, column: str, code_words: str, pattern: str = "") -> Table:
    """A table that says which codes of one list an entry has: the entry, the code, its title."""
    columns = (
        _ENTRY,
        Column(column, TEXT, column.replace("_", " ").capitalize(), code_words, required=True, pattern=pattern),
        Column("title", TEXT, "In words", "The same in words.", required=True),
    )
    return Table(name, title, words, columns, key=("entry", column), refers=(_TO_ENTRY,))


OFFERS = Table(
    "offers",
    "Capacity and waiting times",
    "What providers last said of each service's capacity. It is theirs to say, and counts for three months.",
    (
        _ENTRY,
        Column("service", TEXT, "Service", "A code of the list of services.", required=True),
        Column("title", TEXT, "In words", "The same in words.", required=True),
        Column(
            "taking",
            TEXT,
            "Taking people on",
            "Whether it takes people on: now, from a waiting list, or it is full.",
            required=True,
            codes=tuple(taking.value for taking in Taking),
        ),
        Column("capacity", WHOLE, "Places", "How many people it can serve at a time.", least=0),
        Column("free", WHOLE, "Free places", "How many places are open.", least=0),
        Column("weeks", WHOLE, "Weeks to wait", "How long people wait now.", least=0),
        Column("how", TEXT, "How to be referred", "In the provider's words."),
        Column("said_on", DAY, "Said on", "The day on which the provider said so.", required=True),
        Column("fresh", YES_NO, "Counts on the day", "Whether it was still fresh on the export's day.", required=True),
    ),
    key=("entry", "service"),
    refers=(_TO_ENTRY,),
)

EVENTS = Table(
    "events",
    "Changes",
    "Every change of every entry, in the order in which they happened. Rows are added and never altered.",
    (
        Column("id", WHOLE, "Number", "Rises with every change: ask for the changes after it.", required=True, least=1),
        _ENTRY,
        Column("at", MOMENT, "When", "When it was published.", required=True),
        Column("kind", TEXT, "What happened", "Such as awarded, suspended, withdrawn, details-changed.", required=True),
        Column("certificate", TEXT, "Certificate", "The certificate that it is about.", required=True),
        Column("level_title", TEXT, "Level", "The level then, in words.", required=True),
        Column("status", TEXT, "Status", "The status as decided then.", required=True, codes=STORED),
        Column("words", TEXT, "In words", "The sentence that the public reads."),
    ),
    key=("id",),
    refers=(_TO_ENTRY,),
)

TABLES: tuple[Table, ...] = (
    ENTRIES,
    of_codes(
        "services", "Services", "What each provider was approved for.", "service", "A code of the list of services."
    ),
    of_codes(
        "client_groups", "Who it is for", "Whom each provider serves.", "client_group", "A code of the client groups."
    ),
    of_codes("areas", "Councils served", "Where each provider works.", "area", "ONS code of the council.", GSS),
    of_codes("languages", "Languages", "Languages in which each can be used.", "language", "An ISO 639 code."),
    of_codes("access", "Access", "What makes each easier to use.", "feature", "A code of the access features."),
    OFFERS,
    EVENTS,
)
"""Entries first: what refers to them comes after."""

_IN_FLAT = (
    "id name kind_title summary charity_id company_id cqc_provider_id website email phone address postcode area_code area_name "
    "size scheme_title level_title certificate status approved as_of granted_on expires_on invented page"
).split()
_LISTS = (
    Column("services", TEXT, "Services", "In words, with semicolons between them."),
    Column("client_groups", TEXT, "Who it is for", "In words, with semicolons between them."),
    Column("areas", TEXT, "Councils served", "Names, with semicolons between them."),
    Column("languages", TEXT, "Languages", "In words, with semicolons between them."),
    Column("access", TEXT, "Access", "In words, with semicolons between them."),
    Column("room_now", TEXT, "Takes people on now", "Services of which it said so, and that still counts on the day."),
)
FLAT = Table(
    "register",
    "The register in one sheet",
    "One row for each entry with its lists in words, for spreadsheets. What could be taken for a formula has ' before it.",
    (*(column for column in ENTRIES.columns if column.name in _IN_FLAT), *_LISTS),
    key=("id",),
)
