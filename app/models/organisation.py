"""Organisations: who they are and what they do, and the evidence library that every scheme uses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime


class Organisation(Base):
    """A provider. `facts` holds what frameworks ask of a profile (staff, income ...) by the fact's code.

    Income is in whole pounds a year. Eastings and northings are metres on the British National Grid.
    `version` rises with every change, so that two people who edit at once are told.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(40), default="")  # a code of standards/lists/organisation-types.yaml
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    charity_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    company_number: Mapped[str | None] = mapped_column(String(8), unique=True)
    cqc_provider_id: Mapped[str | None] = mapped_column(String(20), unique=True)
    website: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    postcode: Mapped[str] = mapped_column(String(8), default="", index=True)
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    area_code: Mapped[str] = mapped_column(String(9), default="")
    address_private: Mapped[bool] = mapped_column(default=False)  # a refuge: published by area only
    services: Mapped[list[str]] = mapped_column(default=list)  # codes of standards/lists/service-types.yaml
    client_groups: Mapped[list[str]] = mapped_column(default=list)
    areas: Mapped[list[str]] = mapped_column(default=list)  # GSS codes of the councils it works in
    languages: Mapped[list[str]] = mapped_column(default=list)  # codes of standards/lists/languages.yaml
    access: Mapped[list[str]] = mapped_column(default=list)  # codes of standards/lists/access-features.yaml
    strengths: Mapped[str] = mapped_column(Text, default="")  # in its own words, never assessed
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    invented: Mapped[bool] = mapped_column(default=False)  # demonstration data
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class EvidenceItem(Base):
    """One thing in an organisation's evidence library. Its contents are its versions; the newest one counts.

    `kind` is one of app.domain.evidence.Brought.
    """

    __tablename__ = "evidence_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    collected: Mapped[bool] = mapped_column(default=False, server_default=false())  # made here; nobody may change it

    versions: Mapped[list[EvidenceVersion]] = relationship(
        back_populates="item", order_by="EvidenceVersion.number", cascade="all, delete-orphan"
    )


class EvidenceVersion(Base):
    """One version of a piece of evidence; never changed once stored.

    A document has file columns, a link `url`, a statement `text`; other kinds have one of these and `details`, what is
    asked of the kind (app.domain.evidence_details). `sha256` is over the file, the URL or the text. `title` and `kind` are
    those under which it was brought, and None where it always was the item's. `handed_in` is set once somebody outside the
    organisation may have seen it and it stands behind nothing any more: the newest version may be corrected only while
    nobody has.
    """

    __tablename__ = "evidence_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index("ix_evidence_version_sha256", "sha256"),
        Index("ix_evidence_version_expires_on", "expires_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"))
    number: Mapped[int]
    title: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[str | None] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    handed_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    filename: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(100), default="")
    url: Mapped[str] = mapped_column(String(1000), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    item: Mapped[EvidenceItem] = relationship(back_populates="versions")
