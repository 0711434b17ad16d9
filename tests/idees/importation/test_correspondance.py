"""A mapping is closed on both sides: what it may name is listed, and each fault is one sentence."""

import copy

import pytest

from idees.importation.correspondance import CHAMPS, CorrespondanceInvalide, Regles, modeles
from tests.idees.importation.conftest import FILS, SIMPLE

pytestmark = pytest.mark.sans_base


@pytest.mark.parametrize("brut", [SIMPLE, FILS, *modeles().values()])
def test_celles_qui_tiennent(brut):
    assert Regles.lire(brut).source


def test_cinq_modeles_sont_livres():
    assert set(modeles()) == {
        "paris-budget-participatif", "decidim-propositions", "decidim-commentaires", "cap-collectif-propositions",
        "cap-collectif-arguments",
    }  # fmt: skip


def _avec(**champs):
    brut = copy.deepcopy(SIMPLE)
    brut["champs"] |= champs
    return brut


def _sans(nom):
    brut = copy.deepcopy(SIMPLE)
    del brut["champs"][nom]
    return brut


FAUTES = {
    "pas un objet": ([], "objet JSON"),
    "démesurée": ({**SIMPLE, "source": {"code": "x", "nom": "n" * 200_000}}, "taille raisonnable"),
    "clé inconnue": ({**SIMPLE, "sql": "x"}, "« sql » n’a pas de sens"),
    "autre version": ({**SIMPLE, "version": 9}, "version"),
    "autre genre": ({**SIMPLE, "genre": "comptes"}, "« idees » ou « commentaires »"),
    "genre illisible": ({**SIMPLE, "genre": ["idees"]}, "« idees » ou « commentaires »"),
    "sans source": ({**SIMPLE, "source": None}, "d’où viennent"),
    "code de source": ({**SIMPLE, "source": {"code": "A B", "nom": "x"}}, "minuscules"),
    "adresse de source": ({**SIMPLE, "source": {"code": "a", "nom": "x", "adresse": "javascript:1"}}, "adresse du web"),
    "séparateur": ({**SIMPLE, "separateur": "ab"}, "séparateur"),
    "obligatoire": (_sans("titre"), "« Titre » est obligatoire"),
    "personne": (_avec(auteur={"colonne": "pseudo"}), "« auteur » n’est pas un champ que l’on peut reprendre"),
    "chemin de la base": (_avec(boite__service={"colonne": "x"}), "n’est pas un champ"),
    "règle illisible": (_avec(lieu="colonne"), "illisible"),
    "conversion inconnue": (_avec(lieu={"colonne": "l", "conversion": "eval"}), "conversion possible"),
    "conversion d’un autre champ": (_avec(cout={"colonne": "c", "conversion": "html"}), "conversion possible"),
    "format inconnu": (_avec(vote_le={"colonne": "c", "formats": ["%Y"]}), "format de date"),
    "état impossible": (_avec(etat={"colonne": "e", "table": {"x": "en_etude"}}), "« en_etude » n’est pas possible"),
    "état fixe impossible": (_avec(etat={"valeur": "brouillon"}), "« brouillon » n’est pas possible"),
    "ni colonne ni valeur": (_avec(lieu={}), "choisissez une colonne ou une valeur"),
    "les deux": (_avec(lieu={"colonne": "a", "valeur": "b"}), "choisissez une colonne ou une valeur"),
    "table de nombres": (_avec(etat={"colonne": "e", "table": {"x": 1}}), "mal écrite"),
    "condition incomplète": (_avec(vote_le={"colonne": "c", "acquis_si": {"colonne": "x"}}), "mal écrite"),
    "morceaux": (_avec(lieu={"colonnes": [{"colonne": "a", "sql": "b"}]}), "mal écrite"),
}


@pytest.mark.parametrize(("brut", "dit"), FAUTES.values(), ids=FAUTES)
def test_chaque_faute_est_dite(brut, dit):
    with pytest.raises(CorrespondanceInvalide) as levee:
        Regles.lire(brut)
    assert any(dit in defaut for defaut in levee.value.defauts), levee.value.defauts


def test_toutes_les_fautes_a_la_fois():
    with pytest.raises(CorrespondanceInvalide) as levee:
        Regles.lire({"version": 1, "genre": "idees", "source": {"code": "a", "nom": "b"}, "champs": {}})
    assert len(levee.value.defauts) == sum(champ.obligatoire for champ in CHAMPS["idees"].values())


def test_une_colonne_absente_du_fichier():
    with pytest.raises(CorrespondanceInvalide, match="« votes »"):
        Regles.lire(SIMPLE).verifier_les_colonnes(["id", "titre", "texte", "etat", "date"])


def test_aucun_champ_ne_recoit_une_personne():
    for champs in CHAMPS.values():
        assert not {"auteur", "pseudonyme", "nom", "email", "personne", "par"} & set(champs)
