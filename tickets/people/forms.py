"""Forms of the people pages: looking for somebody, inviting somebody, giving a role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Grant, School, User
from accounts.policy import Role
from tickets.models import Queue

NO_ROLE = "none"


class Search(forms.Form):
    """What narrows the list. It comes by GET and is never refused: a word that means nothing finds everybody."""

    q = forms.CharField(label=_("Name or e-mail"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("Every role")), (NO_ROLE, _("Requesters only")), *Role.choices],
    )
    school = forms.ModelChoiceField(
        School.objects.all(), label=_("School"), required=False, empty_label=_("Every school")
    )
    state = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("active", _("Can sign in")),
            ("invited", _("Invited")),
            ("off", _("Switched off")),
        ],
    )


class Invite(forms.Form):
    """Somebody new. Roles are given on their page, one by one and with their scope."""

    email = forms.EmailField(label=_("School e-mail"), help_text=_("They sign in with it."), max_length=254)
    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    job = forms.CharField(
        label=_("Job"), max_length=40, required=False, help_text=_("One word for lists: Teacher, Secretary, Nurse.")
    )
    school = forms.ModelChoiceField(
        School.objects.filter(is_active=True), label=_("School"), required=False, empty_label=_("No one school")
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not email.isascii():  # two languages' small letters may differ, and two people would share an address
            raise forms.ValidationError(_("Write the address in plain letters, as mail programs know it."))
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody with this e-mail is on the list already."), code="taken")
        return email


class GrantForm(forms.Form):
    """A role with its scope. “All” and “some” are told apart in so many words, so an empty tick list is no accident."""

    SOME_OR_ALL = (("all", _("All, also those that come later")), ("some", _("Only these")))

    role = forms.ChoiceField(label=_("Role"), choices=Role)
    where = forms.ChoiceField(label=_("Schools"), choices=SOME_OR_ALL, widget=forms.RadioSelect, initial="all")
    schools = forms.ModelMultipleChoiceField(
        School.objects.all(), label=_("Which schools"), required=False, widget=forms.CheckboxSelectMultiple
    )
    which = forms.ChoiceField(label=_("Queues"), choices=SOME_OR_ALL, widget=forms.RadioSelect, initial="all")
    queues = forms.ModelMultipleChoiceField(
        Queue.objects.all(), label=_("Which queues"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sees_student_related = forms.BooleanField(
        label=_("May see tickets about a student’s device or account"), required=False
    )

    @staticmethod
    def initial_of(grant: Grant) -> dict[str, object]:
        """What the form shows of a grant that is there."""
        return {
            "role": grant.role,
            "where": "all" if grant.all_schools else "some",
            "schools": list(grant.school_ids),
            "which": "all" if grant.all_queues else "some",
            "queues": list(grant.queue_ids),
            "sees_student_related": grant.sees_student_related,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("where") == "some" and not cleaned.get("schools"):
            self.add_error("schools", _("Tick at least one school, or choose all."))
        if cleaned.get("which") == "some" and not cleaned.get("queues"):
            self.add_error("queues", _("Tick at least one queue, or choose all."))
        if cleaned.get("role") == Role.ADMIN and "some" in (cleaned.get("where"), cleaned.get("which")):
            self.add_error("role", _("An admin is admin of the whole district: choose all schools and all queues."))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The form as grants.give and grants.change take it."""
        cleaned = self.cleaned_data
        return {
            "role": cleaned["role"],
            "schools": None if cleaned["where"] == "all" else list(cleaned["schools"]),
            "queues": None if cleaned["which"] == "all" else list(cleaned["queues"]),
            "sees_student_related": cleaned["sees_student_related"],
        }
