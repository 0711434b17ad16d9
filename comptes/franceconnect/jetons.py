"""Signed tokens of FranceConnect: nothing in them is believed before the signature is checked."""

import secrets

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

#: Asymmetric only: the token chooses among these, never the algorithm itself.
ALGORITHMES = ["ES256", "RS256"]
DERIVE = 30  # seconds two clocks may differ by
#: Levels of identity, weakest first (eIDAS).
NIVEAUX = ("eidas1", "eidas2", "eidas3")


def lire(jeton: str, *, adresse_des_cles: str, emetteur: str, destinataire: str, exiger=("iss", "aud", "sub")) -> dict:
    """Claims of a signed token. Raises OAuth2Error when signature, issuer, audience or dates do not hold."""
    try:
        cle = _cle(jwt.get_unverified_header(jeton), adresse_des_cles)
        return jwt.decode(
            jeton,
            cle.key,
            algorithms=[cle.algorithm_name],
            issuer=emetteur,
            audience=destinataire,
            leeway=DERIVE,
            options={"require": list(exiger)},
        )
    except jwt.PyJWTError as erreur:
        raise OAuth2Error(f"Jeton refusé : {erreur}") from erreur


def _cle(entete: dict, adresse_des_cles: str) -> jwt.PyJWK:
    if entete.get("alg") not in ALGORITHMES:
        raise jwt.InvalidAlgorithmError(f"algorithme {entete.get('alg')}")
    with get_adapter().get_requests_session() as session:
        reponse = session.get(adresse_des_cles)
        reponse.raise_for_status()
    for cle in jwt.PyJWKSet.from_dict(reponse.json()).keys:
        if cle.key_id == entete.get("kid") and cle.algorithm_name == entete["alg"]:
            return cle
    raise jwt.InvalidKeyError("clé inconnue")


def verifier_nonce(recu: str | None, attendu: str | None) -> None:
    if not recu or not attendu or not secrets.compare_digest(recu, attendu):
        raise OAuth2Error("Ce jeton ne répond pas à notre demande (nonce).")


def verifier_niveau(recu: str | None, demande: str) -> None:
    """The level obtained must reach the level asked for; an unknown or missing one reaches nothing."""
    if recu not in NIVEAUX or NIVEAUX.index(recu) < NIVEAUX.index(demande):
        raise OAuth2Error(f"Niveau d’identité insuffisant : {recu}.")
