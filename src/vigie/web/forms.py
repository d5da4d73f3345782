"""Forms of the sign-in whose labels say the same as the rest of the site."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import get_language

from vigie.language import N_, speak


def _said(message: str) -> str:
    return speak(get_language() or "").gettext(message)


class SignIn(LoginForm):  # type: ignore[misc]
    """An address and a password."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["login"].label = _said(N_("E-mail address"))


class Forgotten(ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link to a new password goes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["email"].label = _said(N_("E-mail address"))


class NewKey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and what its owner calls it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _said(N_("Name of the key"))


class KnownKey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _said(N_("Name of the key"))
