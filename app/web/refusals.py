"""Puts what a use-case refused back onto the form, beside what was typed."""

from __future__ import annotations

from wtforms import Form

from app.domain.errors import DomainError, Invalid


def show_on(form: Form, error: DomainError) -> None:
    """Add the error's sentences to their fields; those of no field, and any other refusal, to the form as a whole."""
    sentences = error.errors if isinstance(error, Invalid) else {"": error.message}
    for name, sentence in sentences.items():
        if name in form:
            field = form[name]
            field.errors = [*field.errors, sentence]
        else:
            form.form_errors.append(sentence)
