"""How often a secret may be tried, and ideas brought, without an account."""

from socle.cadence import Limite

#: Twenty ideas from one network (a library, a workshop on tablets) without an hour's pause.
DEPOTS = Limite("idees.depots", 20, 3600)
ESSAIS_PAR_NUMERO = Limite("idees.secret.numero", 5, 15 * 60)
#: A town hall and its library share one address: the secret is guarded by the limit of its number.
ESSAIS_PAR_RESEAU = Limite("idees.secret.reseau", 60, 15 * 60)
