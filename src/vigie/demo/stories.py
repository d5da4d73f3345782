"""What people tell about customer services, in their own words: invented, without names, numbers or places."""

from __future__ import annotations

GOOD = (
    "Une conseillère a pris le temps de m’écouter et tout était réglé en dix minutes.",
    "J’ai été rappelé le jour même, comme promis. Rare et agréable.",
    "Réponse claire par mail en moins de deux heures, je ne m’y attendais pas.",
    "Pas mal du tout : le tchat m’a évité d’attendre au téléphone.",
    "Colis perdu, remboursé sans discuter. Je recommande.",
    "Le monsieur était très aimable et connaissait son sujet.",
    "On m’a proposé un geste commercial sans que je le demande.",
    "Échange par messagerie simple et efficace, avec la même personne du début à la fin.",
    "Au magasin, la vendeuse a appelé elle-même le service client et a tout arrangé.",
    "Rien à redire, problème compris tout de suite.",
    "Franchement bluffée : mon dossier était déjà sous leurs yeux.",
    "Le technicien m’a guidé pas à pas, avec patience, et la panne a disparu.",
)
BAD = (
    "Quarante minutes d’attente pour qu’on me dise de rappeler demain.",
    "J’ai dû expliquer mon problème à cinq personnes différentes.",
    "Bravo, trois semaines pour une réponse qui ne répond pas à la question !",
    "Le chatbot tourne en rond et il est impossible de parler à un humain.",
    "Réponse toute faite, on voit bien que personne n’a lu mon message.",
    "Impossible de trouver un numéro sur le site, tout est caché.",
    "Ça a coupé après une demi-heure et personne ne m’a rappelé.",
    "Je ne peux pas dire que l’on m’ait aidé, on m’a surtout renvoyé vers la FAQ.",
    "Le conseiller était poli mais n’avait aucun pouvoir de décision.",
    "Trois mails envoyés, aucun retour, j’ai fini par changer de fournisseur.",
    "On m’avait promis un remboursement sous dix jours, j’attends toujours.",
    "Musique d’attente insupportable puis raccrochage automatique.",
    "Deux services qui se renvoient la balle, et la facture continue de tomber.",
    "Le formulaire plante au moment d’envoyer, c’est décourageant.",
    "Une dame désagréable m’a fait comprendre que je la dérangeais.",
    "Ils ne répondent qu’aux compliments sur les réseaux sociaux.",
    "Mon dossier a été clôturé sans que rien ne soit réglé.",
    "Il a fallu passer par un médiateur pour obtenir une simple explication.",
)
