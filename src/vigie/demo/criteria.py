"""The mystery grids: what testers mark on each channel, in French and in English.

A grid has three dimensions, delay, quality and welcome, weighing 30, 50 and 20. Criteria come in order of
importance, so that a small study keeps the first ones of each dimension.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion: its labels, its best mark, its weight, and what may happen to it."""

    id: str
    fr: str
    en: str
    out_of: int = 1
    weight: int = 1
    needs_reply: bool = True
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """Criteria that are averaged together."""

    id: str
    fr: str
    en: str
    weight: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class GridText:
    """The grid of a channel, or of several."""

    id: str
    fr: str
    en: str
    dimensions: tuple[Dimension, ...]


_PHONE_DELAY = (
    Item("pickup", "Délai avant le décroché", "Time to pick up", 10, weight=2),
    Item("number_found", "Numéro trouvé en moins d’une minute", "Number found within a minute", needs_reply=False),
    Item("menu", "Le menu vocal est court", "Short voice menu", 2),
    Item("hold", "Les mises en attente sont brèves", "Brief holds", 2, may_not_apply=True),
    Item("transfer", "Un seul transfert au plus", "One transfer at most", may_not_apply=True),
    Item("waiting_told", "Le temps d’attente est annoncé", "Waiting time announced"),
)
_WRITING_DELAY = (
    Item("reply_delay", "Délai de la réponse", "Time to reply", 20, weight=3),
    Item("address_found", "Contact trouvé en moins d’une minute", "Contact found within a minute", needs_reply=False),
    Item("acknowledged", "Un accusé de réception est envoyé", "Acknowledgement sent", needs_reply=False),
    Item("one_exchange", "Un seul échange suffit", "One exchange is enough", 2),
    Item("promise_kept", "Le délai annoncé est tenu", "Announced delay kept", may_not_apply=True),
)
_CHAT_DELAY = (
    Item("first_reply", "Délai de la première réponse", "Time to the first reply", 10, weight=2),
    Item("window_found", "La fenêtre de tchat se trouve facilement", "Chat window easy to find", needs_reply=False),
    Item("rhythm", "Le rythme des réponses est soutenu", "Steady pace of replies", 2),
    Item("human_quickly", "Un conseiller prend vite la suite du robot", "Adviser quickly takes over from the bot",
         may_not_apply=True),
    Item("duration", "La durée de l’échange est raisonnable", "Reasonable length of the exchange", 2),
)  # fmt: skip
_SOCIAL_DELAY = (
    Item("post_reply", "Délai de la réponse au message", "Time to reply to the message", 10, weight=2),
    Item("account_found", "Compte officiel facile à trouver", "Official account easy to find", needs_reply=False),
    Item("evening", "Une réponse le soir ou le week-end", "Reply in the evening or at week-ends", may_not_apply=True),
    Item("follow_up", "La suite arrive sans relance", "Follow-up without a reminder", 2),
)
_SITE_DELAY = (
    Item("load", "Les pages s’affichent vite", "Pages load fast", 10, weight=2),
    Item("search", "La recherche trouve la réponse en trois clics", "Search finds the answer in three clicks", 2),
    Item("help_found", "La rubrique d’aide est visible", "Help is visible"),
    Item("login", "L’espace client s’ouvre sans détour", "Customer area opens at once", may_not_apply=True),
    Item("mobile", "Aussi rapide sur mobile", "As fast on a mobile", 2),
)
_QUALITY = (
    Item("relevance", "La réponse est pertinente", "Relevant answer", 20, weight=3),
    Item("complete", "La réponse est complète", "Complete answer", 10, weight=2),
    Item("clear", "La réponse est claire", "Clear answer", 2),
    Item("exact", "L’information est exacte", "Exact information"),
    Item("alternative", "Une autre solution est proposée", "Alternative offered", 2, may_not_apply=True),
    Item("understood", "La demande est comprise d’emblée", "Request understood at once", 2),
    Item("questions", "Les bonnes questions sont posées", "Right questions asked", 2),
    Item("personal", "La réponse est personnalisée", "Personalised answer", 10, weight=2),
    Item("autonomy", "L’interlocuteur décide seul", "Adviser decides alone"),
    Item("steps", "Les étapes suivantes sont annoncées", "Next steps announced", 2),
    Item("deadline", "Un délai est donné", "Deadline given"),
    Item("price", "Le prix est dit sans détour", "Price plainly stated", may_not_apply=True),
    Item("conditions", "Les conditions sont expliquées", "Conditions explained", 2, may_not_apply=True),
    Item("proof", "Une référence de dossier est donnée", "Case reference given"),
    Item("summary", "L’échange est résumé à la fin", "Exchange summed up at the end"),
    Item("language", "La langue est correcte", "Correct language", 2),
    Item("jargon", "Aucun jargon", "No jargon"),
    Item("advice", "Un conseil utile est ajouté", "Useful advice added", 2),
    Item("links", "Les documents utiles sont joints", "Useful documents attached", may_not_apply=True),
    Item("consistent", "La réponse concorde avec le site", "Answer agrees with the site"),
    Item("privacy", "L’identité est vérifiée avec tact", "Identity checked with tact", may_not_apply=True),
    Item("resolved", "La demande est résolue", "Request resolved", 10, weight=2),
)
_WELCOME = (
    Item("greeting", "La formule d’accueil est soignée", "Careful greeting", 2),
    Item("courtesy", "La courtoisie est constante", "Constant courtesy", 10, weight=2),
    Item("empathy", "L’interlocuteur montre de l’empathie", "Adviser shows empathy", 2, may_not_apply=True),
    Item("name", "L’interlocuteur se présente", "Adviser introduces themself"),
    Item("listening", "L’écoute est attentive", "Attentive listening", 2),
    Item("thanks", "Le client est remercié", "Customer thanked"),
    Item("closing", "La prise de congé est soignée", "Careful closing", 2),
    Item("anything_else", "On demande s’il y a autre chose", "Asked whether there is anything else"),
    Item("apology", "Des excuses sont présentées s’il y a lieu", "Apology where due", may_not_apply=True),
    Item("smile", "Le ton est chaleureux", "Warm tone", 10),
    Item("patience", "La patience est sans faille", "Unfailing patience", 2),
    Item("brand_voice", "Le ton est celui de la marque", "Tone of the brand"),
)
_SITE_QUALITY = (
    Item("answer", "La réponse cherchée figure sur le site", "The answer is on the site", 20, weight=3),
    Item("up_to_date", "L’information est à jour", "Information up to date", 10, weight=2),
    Item("readable", "Les textes sont lisibles", "Readable texts", 2),
    Item("contact_page", "Tous les moyens de contact sont donnés", "All contact means given"),
    Item("video_help", "Une aide en images existe", "Help in pictures", may_not_apply=True),
    Item("hours", "Les horaires sont affichés", "Opening hours shown"),
    Item("faq", "La FAQ répond aux vraies questions", "FAQ answers real questions", 2),
    Item("accessible", "Le site est accessible à tous", "Site accessible to all", 2),
    Item("order_status", "Le suivi d’une demande est possible", "Request can be followed", may_not_apply=True),
    Item("forms", "Les formulaires sont simples", "Simple forms", 2),
    Item("errors", "Les messages d’erreur aident", "Helpful error messages"),
    Item("prices", "Les prix sont clairs", "Clear prices", 2),
    Item("terms", "Les conditions sont faciles à trouver", "Terms easy to find"),
    Item("mediator", "Le médiateur est indiqué", "Mediator named"),
    Item("data", "L’usage des données est expliqué", "Use of data explained"),
)
_SITE_WELCOME = (
    Item("first_page", "La page d’accueil oriente le client", "Home page guides the customer", 2),
    Item("tone", "Le ton est accueillant", "Welcoming tone", 10, weight=2),
    Item("design", "La présentation est soignée", "Careful design", 2),
    Item("human_offer", "Parler à quelqu’un est proposé", "Talking to somebody is offered"),
)


def _grid(id_: str, fr: str, en: str, *lists: tuple[Item, ...]) -> GridText:
    heads = (("delay", "Délai", "Delay", 30), ("quality", "Qualité de la réponse", "Answer quality", 50),
             ("welcome", "Accueil", "Welcome", 20))  # fmt: skip
    return GridText(id_, fr, en, tuple(
        # a criterion bears its grid's name: all grids share the columns of one file
        Dimension(key, label, english, weight, tuple(replace(item, id=f"{id_}_{item.id}") for item in items))
        for (key, label, english, weight), items in zip(heads, lists, strict=True)
    ))  # fmt: skip


GRIDS: tuple[GridText, ...] = (
    _grid("phone", "Appels mystères", "Mystery calls", _PHONE_DELAY, _QUALITY, _WELCOME),
    _grid("writing", "E-mails et formulaires mystères", "Mystery e-mails and forms", _WRITING_DELAY, _QUALITY[:20],
          _WELCOME[:11]),
    _grid("chat", "Tchats mystères", "Mystery chats", _CHAT_DELAY, _QUALITY[:15], _WELCOME[:9]),
    _grid("social", "Messages mystères sur les réseaux sociaux", "Mystery messages on social networks", _SOCIAL_DELAY,
          _QUALITY[:12], _WELCOME[:6]),
    _grid("website", "Visites mystères du site web", "Mystery visits of the website", _SITE_DELAY, _SITE_QUALITY,
          _SITE_WELCOME),
)  # fmt: skip
GRID_OF = {"phone": "phone", "email": "writing", "web_form": "writing", "chat": "chat", "social": "social",
           "website": "website"}  # fmt: skip


def shortened(grid: GridText, most: tuple[int, int, int]) -> GridText:
    """A grid that keeps the first criteria of each dimension."""
    kept = zip(grid.dimensions, most, strict=True)
    return replace(grid, dimensions=tuple(replace(d, items=d.items[:n]) for d, n in kept))
