"""How often one network may answer, and try a secret, without an account."""

from socle.cadence import Limite

#: A library, a workshop on tablets, a school: a class answers in an hour.
ENVOIS = Limite("consultations.envois", 60, 3600)
ESSAIS_PAR_NUMERO = Limite("consultations.secret.numero", 5, 15 * 60)
ESSAIS_PAR_RESEAU = Limite("consultations.secret.reseau", 10, 15 * 60)
