"""What people fill in to sign in with two steps, to set them up, and to prove who they are."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from app.domain.two_step import CODE_DIGITS


class SecondStepForm(FlaskForm):
    """A code of the app. `next` and `kept` as in SignInForm."""

    code = StringField(
        "Code from your authenticator app",
        [InputRequired("Enter the code that your app shows now.")],
        description=f"{CODE_DIGITS} figures, which change every half minute.",
    )
    next = HiddenField()
    kept = HiddenField()


class RecoveryCodeForm(FlaskForm):
    """A recovery code. `next` and `kept` as in SignInForm."""

    code = StringField(
        "Recovery code",
        [InputRequired("Enter one of your recovery codes.")],
        description="Such as abcde-fghjk. Each works once.",
    )
    next = HiddenField()
    kept = HiddenField()


class SetUpAppForm(FlaskForm):
    """The first code of an app, which shows that it was set up well."""

    code = StringField(
        "Code that the app shows",
        [InputRequired("Enter the code that the app shows now.")],
        description=f"{CODE_DIGITS} figures. It shows us that the app is set up.",
    )


class ProveForm(FlaskForm):
    """The password and, for who has two-step sign-in, a code."""

    password = PasswordField("Your password", [InputRequired("Enter your password.")])
    code = StringField(
        "Code",
        description="From your authenticator app, or one of your recovery codes.",
    )


class PasskeyNameForm(FlaskForm):
    """What a passkey is called."""

    passkey_name = StringField(
        "Name of the passkey", description="So that you can tell it from others: the device that it is on, for example."
    )
