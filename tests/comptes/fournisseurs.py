"""Identity providers of the tests, served for real on this machine: HTTP, keys, signatures."""

import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET_CLIENT = "estuaire", "secret-de-test"


def cle():
    return ec.generate_private_key(ec.SECP256R1())


class FauxFranceConnect:
    """A small FranceConnect v2: discovery, authorize, token, signed userinfo, sign-out. Each lie has its switch."""

    def __init__(self):
        self.cle = self.cle_qui_signe = self.cle_des_infos = cle()
        self.sub = "sub-fc-1"
        self.email = "angela@exemple.fr"
        self.acr: str | None = None  # None: what was asked
        self.nonce: str | None = None  # None: what was asked
        self.emetteur = self.destinataire = self.sub_des_infos = ""
        self.age = 0  # seconds since the id_token was made
        self.algorithme = "ES256"
        self.infos_signees = True
        self.en_panne = False
        self.demandes: dict[str, dict] = {}  # code -> what authorize received
        self.recus: list[dict] = []  # what the token endpoint received
        self.adresse = ""

    def configuration(self):
        return {
            "issuer": self.adresse,
            "authorization_endpoint": f"{self.adresse}/authorize",
            "token_endpoint": f"{self.adresse}/token",
            "userinfo_endpoint": f"{self.adresse}/userinfo",
            "jwks_uri": f"{self.adresse}/jwks",
            "end_session_endpoint": f"{self.adresse}/session/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def cles(self):
        publique = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.cle.public_key()))
        return {"keys": [{**publique, "kid": "une", "use": "sig", "alg": "ES256"}]}

    def autoriser(self, parametres):
        code = secrets.token_urlsafe(16)
        self.demandes[code] = parametres
        return f"{parametres['redirect_uri']}?{urlencode({'code': code, 'state': parametres['state']})}"

    def jeton(self, corps):
        self.recus.append(corps)
        demande = self.demandes.pop(corps["code"])
        assert (corps["client_id"], corps["client_secret"]) == (CLIENT, SECRET_CLIENT)
        assert corps["redirect_uri"] == demande["redirect_uri"]
        identite = {
            "nonce": self.nonce or demande["nonce"],
            "acr": demande["acr_values"] if self.acr is None else self.acr,
        }
        if not identite["acr"]:
            del identite["acr"]
        return {"access_token": "acces", "token_type": "Bearer", "id_token": self._signer(identite, self.cle_qui_signe)}

    def infos(self):
        contenu = {"email": self.email, "given_name": "Angela", "family_name": "Dubois", "birthdate": "1962-08-24"}
        if self.sub_des_infos:
            contenu["sub"] = self.sub_des_infos
        return (
            self._signer(contenu, self.cle_des_infos)
            if self.infos_signees
            else json.dumps({"sub": self.sub, **contenu})
        )

    def _signer(self, contenu, cle_privee):
        maintenant = time.time() - self.age
        commun = {"iss": self.emetteur or self.adresse, "aud": self.destinataire or CLIENT, "sub": self.sub}
        charge = {**commun, "iat": maintenant, "exp": maintenant + 60, **contenu}
        if self.algorithme == "none":
            return jwt.encode(charge, None, "none", headers={"kid": "une"})
        if self.algorithme == "HS256":  # signed with what everybody can read
            return jwt.encode(charge, json.dumps(self.cles()).ljust(64), "HS256", headers={"kid": "une"})
        return jwt.encode(charge, cle_privee, self.algorithme, headers={"kid": "une"})

    @contextmanager
    def servi(self):
        with ThreadingHTTPServer(("127.0.0.1", 0), self._gestionnaire()) as serveur:
            self.adresse = f"http://127.0.0.1:{serveur.server_address[1]}"
            fil = threading.Thread(target=serveur.serve_forever, args=[0.01], daemon=True)
            fil.start()
            try:
                yield self
            finally:
                serveur.shutdown()
                fil.join()

    def _gestionnaire(faux):  # noqa: N805 (the handler below has its own self)
        class Gestionnaire(BaseHTTPRequestHandler):
            def do_GET(self):
                demande = urlsplit(self.path)
                parametres = {nom: valeurs[0] for nom, valeurs in parse_qs(demande.query).items()}
                if faux.en_panne:
                    self.repondre("", statut=503)
                elif demande.path == "/authorize":
                    self.repondre("", statut=302, Location=faux.autoriser(parametres))
                elif demande.path == "/userinfo":
                    assert self.headers["Authorization"] == "Bearer acces"
                    genre = "application/jwt" if faux.infos_signees else "application/json"
                    self.repondre(faux.infos(), **{"Content-Type": genre})
                elif demande.path == "/jwks":
                    self.repondre(json.dumps(faux.cles()), **{"Content-Type": "application/json"})
                else:
                    self.repondre(json.dumps(faux.configuration()), **{"Content-Type": "application/json"})

            def do_POST(self):
                corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
                champs = {nom: valeurs[0] for nom, valeurs in parse_qs(corps).items()}
                self.repondre(json.dumps(faux.jeton(champs)), **{"Content-Type": "application/json"})

            def repondre(self, texte, statut=200, **entetes):
                self.send_response(statut)
                for nom, valeur in entetes.items():
                    self.send_header(nom, valeur)
                self.end_headers()
                self.wfile.write(texte.encode())

            def log_message(self, *args):
                """Quiet."""

        return Gestionnaire
