"""What people fill in about themselves and to invite others. Shape alone; the rules are in app.domain.people."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import EmailInput

from app.domain.access import Role
from app.domain.people import PASSWORD_SHORTEST

PASSWORD_HINT = f"At least {PASSWORD_SHORTEST} characters. Three words in a row are easy to remember and hard to guess."
PASSWORD_MISSING = f"Choose a password of at least {PASSWORD_SHORTEST} characters."


class SignInForm(FlaskForm):
    """`next` is where the person was going; `kept` holds what they had typed when their session ended, signed."""

    email = StringField("E-mail address", [InputRequired("Enter your e-mail address.")], widget=EmailInput())
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    next = HiddenField()
    kept = HiddenField()


class SignUpForm(FlaskForm):
    """A new person."""

    name = StringField("Your name", [InputRequired("Enter your name.")])
    email = StringField(
        "E-mail address",
        [InputRequired("Enter your e-mail address.")],
        description="We send you a link to confirm it.",
        widget=EmailInput(),
    )
    password = PasswordField("Password", [InputRequired(PASSWORD_MISSING)], description=PASSWORD_HINT)


class EmailForm(FlaskForm):
    """An address to send a link to."""

    email = StringField("E-mail address", widget=EmailInput())


class NewPasswordForm(FlaskForm):
    """A new password, by a link from a mail."""

    password = PasswordField("New password", description=PASSWORD_HINT)


class NewcomerForm(FlaskForm):
    """A new person who was invited: the invitation knows their address."""

    name = StringField("Your name", [InputRequired("Enter your name.")])
    password = PasswordField("Password", [InputRequired(PASSWORD_MISSING)], description=PASSWORD_HINT)


class NameForm(FlaskForm):
    """A change of name."""

    name = StringField("Your name", description="As others here should see it.")


class ChangePasswordForm(FlaskForm):
    """A change of password by who knows the old one."""

    current_password = PasswordField("Your password now", [InputRequired("Enter the password that you have now.")])
    new_password = PasswordField("New password", [InputRequired(PASSWORD_MISSING)], description=PASSWORD_HINT)


class ChangeEmailForm(FlaskForm):
    """A change of address by who knows the password."""

    email = StringField(
        "New e-mail address",
        [InputRequired("Enter your new e-mail address.")],
        description="We send a link to it to confirm it.",
        widget=EmailInput(),
    )
    password = PasswordField("Your password", [InputRequired("Enter your password.")])


class InviteForm(FlaskForm):
    """An invitation. The page sets the choices."""

    email = StringField("E-mail address", [InputRequired("Enter their e-mail address.")], widget=EmailInput())
    role = RadioField("What they may do", validators=[InputRequired("Choose what they may do.")])
    lay = BooleanField("This panel member is a lay member: from outside the sector, or somebody who uses services")

    def chosen_role(self) -> Role:
        """The role chosen. Call when the form is valid."""
        return Role(self.role.data)
