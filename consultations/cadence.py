"""How often one network may begin an answer, send one, give a file, and try a secret, without an account."""

from socle.cadence import Limite

#: A library, a workshop on tablets, a school: a class answers in an hour.
ENVOIS = Limite("consultations.envois", 60, 3600)
#: Begun and perhaps never sent: each is a row that stays for days, each file a place on the disk.
COMMENCEES = Limite("consultations.commencees", 180, 3600)
FICHIERS = Limite("consultations.fichiers", 60, 3600)
ESSAIS_PAR_NUMERO = Limite("consultations.secret.numero", 5, 15 * 60)
ESSAIS_PAR_RESEAU = Limite("consultations.secret.reseau", 10, 15 * 60)
