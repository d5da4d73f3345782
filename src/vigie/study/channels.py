"""The tree of channels. A study uses leaves or branches; a source that speaks of a branch meets another there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of contact, its names, and the branch that it hangs on."""

    id: str
    fr: str
    en: str
    parent: str | None = None

    @property
    def label(self) -> dict[str, str]:
        return {"fr": self.fr, "en": self.en}


_TREE: tuple[Channel, ...] = (
    Channel("voice", "Voix", "Voice"),
    Channel("phone", "Téléphone", "Phone", "voice"),
    Channel("callback", "Rappel", "Call-back", "voice"),
    Channel("voicebot", "Voicebot", "Voicebot", "voice"),
    Channel("video", "Visio", "Video call", "voice"),
    Channel("writing", "Écrit", "Writing"),
    Channel("email", "E-mail", "E-mail", "writing"),
    Channel("web_form", "Formulaire web", "Web form", "writing"),
    Channel("post", "Courrier", "Post", "writing"),
    Channel("sms", "SMS", "SMS", "writing"),
    Channel("instant", "Échange instantané", "Instant exchange"),
    Channel("chat", "Tchat", "Chat", "instant"),
    Channel("chatbot", "Chatbot", "Chatbot", "instant"),
    Channel("messaging", "Messagerie", "Messaging", "instant"),
    Channel("whatsapp", "WhatsApp", "WhatsApp", "messaging"),
    Channel("messenger", "Messenger", "Messenger", "messaging"),
    Channel("social", "Réseaux sociaux", "Social networks"),
    Channel("facebook", "Facebook", "Facebook", "social"),
    Channel("instagram", "Instagram", "Instagram", "social"),
    Channel("x", "X (Twitter)", "X (Twitter)", "social"),
    Channel("linkedin", "LinkedIn", "LinkedIn", "social"),
    Channel("tiktok", "TikTok", "TikTok", "social"),
    Channel("self_service", "Libre-service", "Self-service"),
    Channel("website", "Site web", "Website", "self_service"),
    Channel("app", "Application mobile", "Mobile app", "self_service"),
    Channel("faq", "FAQ", "FAQ", "self_service"),
    Channel("community", "Forum d’entraide", "Community", "self_service"),
    Channel("in_person", "En personne", "In person"),
    Channel("face_to_face", "Face à face", "Face to face", "in_person"),
    Channel("mediation", "Médiation", "Mediation"),
    Channel("other", "Autre", "Other"),
)
CHANNELS: dict[str, Channel] = {channel.id: channel for channel in _TREE}


def lineage(channel: str) -> list[str]:
    """A channel and the branches above it, nearest first."""
    found = [channel]
    while (parent := CHANNELS[found[-1]].parent if found[-1] in CHANNELS else None) is not None:
        found.append(parent)
    return found


def meeting(channel: str, others: Iterable[str]) -> str | None:
    """Where a channel meets a list: itself, or the nearest branch above it that the list holds; *other* meets none."""
    known = set(others)
    return next((c for c in lineage(channel) if c in known and c != "other"), None)
