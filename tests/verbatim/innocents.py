"""Sentences without personal data, which redaction leaves as they are."""

KEEP = ("Droite assurance", "Cerise", "April", "Julien d'argel", "Symphonie mutuelle", "Free")

FRENCH = """
J'ai payé 1 234,56 € pour rien
remboursé de 45,90€ au bout de 3 mois
le montant est de 12 500 euros
prix passé de 39.99 à 49.99 euros
une augmentation de 17 % en 2021
25 % d'augmentation entre 2019 et 2020
client depuis 2012
cliente depuis le 12/05/2018
le 08/01/2024 à 14h03 j'ai appelé
rendez-vous du 3 janvier 2023 annulé
le 12-05-2021 et le 13.06.2021
ouvert de 9h à 18h30, du lundi au samedi
horaires 08:00 - 19:30 non respectés
ils répondent 24h/24 et 7j/7
le 3939 ne répond jamais
j'ai appelé le 3900 puis le 1014
le numéro 3949 est payant
j'habite dans le 75011
le département 93 est oublié
à 69003 Lyon il n'y a pas d'agence
30 minutes d'attente, puis 45 min de musique
3 mois d'attente et 5 relances
j'ai appelé 12 fois en 15 jours
dossier ouvert depuis 18 mois
contrat de 24 mois minimum
contrat 2019 non renouvelé
mon dossier 2021 est perdu
commande de 1500 euros jamais livrée
facture de 1250,50 € à payer
une facture de 89 euros
note : 2/10
je mets 0/20
10/10 pour le service
5 étoiles sans hésiter
le magasin Leroy Merlin est bien rangé
chez Yves Rocher les vendeuses sont aimables
la mutuelle Symphonie mutuelle rembourse bien
avec Droite assurance tout va vite
mon conseiller Cerise est injoignable
je suis chez April depuis 2 ans
la conseillère était très aimable
le conseiller m'a raccroché au nez
monsieur, je vous prie de répondre
Madame, Monsieur, je suis mécontent
Bonjour Madame
une dame très gentille m'a répondu
Monsieur le Directeur, c'est inadmissible
merci beaucoup à toute l'équipe
Merci Cerise
Cordialement
Cordialement.
Bien cordialement, un client mécontent
Merci d'avance pour votre réponse
au revoir et merci
il fait froid dans la rue
la boutique de la rue principale est fermée
25 places disponibles
2 places de parking pour 30 clients
1 chemin de croix pour résilier
3 cours de yoga offerts
10 allers retours pour rien
la route de Bordeaux est coupée
iPhone 13 Pro 256 Go
Galaxy S21 en panne
débit de 300 Mb/s au lieu de 1 Gb/s
la box 5 ne marche pas
voiture de 15 CV, 120000 km
180000 km au compteur
un écran de 55 pouces
consommation de 12500 kWh
je l'ai dit 3 fois
la garantie de 2 ans
produit reçu le 20240115
article L121-10 du code des assurances
Covid-19
pas de réponse à mes 4 mails
le service client est nul
JE SUIS TRES SATISFAIT DU SERVICE
ASSURANCE TRES CHERE ET NULLE
rien à dire, c'est parfait
la rose que j'ai commandée est fanée
une pierre dans la chaussure
en mai ou en avril
l'aurore est belle à Marseille
très bon accueil à Saint-Denis
station Victor Hugo fermée
le site www.cerise.fr est lent
je paie 12,50 par mois
1000 000 de clients et personne au bout du fil
SMS reçu à 22h45
un agent commercial m'a promis 3 mois gratuits
le technicien est venu entre 8h et 12h
j'ai 62 ans et 3 enfants
né en 1958, je paie plus cher
ma prime passe de 450 à 560
taux de 1,25 % sur 20 ans
le responsable de la boutique est absent
l'expert est passé pour rien
je me suis marié en 2018
l'ambassade de Maurice a répondu
on m indique que tout va bien
je m interroge sur la suite
ce monsieur se sent fort
le monsieur en ligne était poli
M. le Consul honoraire
Salutations républicaines
la loi n° 2021-477 ne dit pas cela
il est 20h33min50sec
tout est manuel ici
il faut renouveler son Passeport
mon mari Japonais attend son visa
""".strip().splitlines()

ENGLISH = """
I paid £1,234.56 for nothing
refunded $45.90 after 3 months
a 17% increase in 2021
customer since 2012
on 12/05/2021 at 2:03 PM I called
open from 9am to 6pm
24/7 support that never answers
I waited 45 minutes on hold
called 12 times in 15 days
my order of 1500 euros never came
order from 2021 still missing
a contract of 24 months
rated 2/10
5 stars
the staff were friendly
my adviser was very helpful
the manager said no
the lady at the desk was rude
Dear Sir or Madam
Regards
Kind regards, a disappointed customer
thanks for nothing
Thank you very much
many thanks to the whole team
Heathrow Terminal 5 lounge
Gate 24 is far away
BA 173 was delayed
room 412 was dirty
the lounge near gate B36 is small
I will not use them again
May was a bad month
I hope this helps
the grass is green, the sky is blue
bill was too high
mark my words
an iPhone 12 with 128 GB
speed of 300 Mbps
100 Mbps instead of 1 Gbps
a 2 hour drive
10 minutes down the road
5 star service
the main road was closed
at John Lewis the staff are great
Virgin cancelled my flight
my Cerise adviser never called
1st class all the way
""".strip().splitlines()

INNOCENT = FRENCH + ENGLISH
