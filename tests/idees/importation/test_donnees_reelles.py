"""The real files of three platforms, taken over whole with the mappings that are shipped. Skipped where they are missing."""

import sys
from collections import Counter

import pytest

from commentaires.models import Commentaire
from idees.importation.correspondance import Regles
from idees.importation.lecture import Tableau
from idees.importation.moteur import essayer
from idees.models import Idee, LigneRefusee, ProvenanceIdee
from tests.idees.importation.conftest import modele
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


def dire(capsys, importation):
    """The counts, printed: they are what an operator would read."""
    lues, reprises, refusees = importation.lues, importation.reprises, importation.refusees
    with capsys.disabled():
        sys.stdout.write(f"\n  {importation} : {lues} lues, {reprises} reprises, {refusees} refusées\n")


def faits(cle) -> dict[str, str]:
    idee = Idee.objects.get(provenance__cle=cle)
    entrees = Entree.objects.sur(idee).filter(type__startswith="idees.reprise.")
    return {e.type.removeprefix("idees.reprise."): e.survenue.texte for e in entrees}


def test_paris_les_projets_gagnants(reel, reprendre, capsys, client):
    chemin = reel("paris-bp/projets_laureats.csv")
    regles = modele("paris-budget-participatif")
    essai = essayer(Tableau.ouvrir(chemin), Regles.lire(regles))
    importation = reprendre(chemin, regles)
    dire(capsys, importation)
    assert (importation.lues, importation.reprises, importation.refusees) == (1341, 1336, 5)
    assert (essai.lues, essai.acceptees, essai.refusees) == (1341, 1336, 5)
    refus = LigneRefusee.objects.values_list("numero", "colonne", "valeur")
    assert list(refus) == [(n, "titre_projet_gagnant", "NON REGISTRÉ") for n in (7, 221, 797, 807, 1189)]
    etats = Counter(Idee.objects.values_list("etat", flat=True))
    assert etats == {"realisee": 773, "en_realisation": 279, "retenue": 228, "non_retenue": 56}
    assert verifier()[1] is None
    # Known rows, by their identifier: the first of the file that is finished, read again from the file itself.
    for rangee in list(Tableau.ouvrir(chemin).rangees())[:400:37]:
        lue = rangee.cellules
        provenance = ProvenanceIdee.objects.select_related("idee").filter(cle=lue["identifiant_projet_gagnant"]).first()
        if provenance is None:
            continue
        assert provenance.idee.titre == lue["titre_projet_gagnant"]
        assert provenance.cout == int(lue["budget_global_projet_gagnant"])
        assert provenance.etat_origine == lue["avancement_projet"]
        connus = faits(provenance.cle)
        assert connus["vote"] == lue["edition"]
        if lue["avancement_projet"] == "FIN":
            for fait, colonne in (("etudes", "debut_etudes_projet"), ("travaux", "lancement_travaux_projet")):
                attendu = lue[colonne] if lue[colonne][:1].isdigit() else None
                assert connus.get(fait) == attendu
    entree = Entree.objects.filter(type="idees.reprise.etudes").first()
    assert entree.survenue.libelle in client.get(entree.cible.get_absolute_url()).content.decode()


def test_republique_numerique_les_propositions_et_leurs_arguments(reel, reprendre, capsys):
    source = {"code": "republique-numerique", "nom": "République numérique"}
    idees = reprendre(
        reel("textes-fr/republique_numerique_propositions.csv"), modele("cap-collectif-propositions", **source)
    )
    dire(capsys, idees)
    assert (idees.lues, idees.reprises, idees.refusees) == (696, 692, 4)
    assert set(LigneRefusee.objects.values_list("colonne", "valeur")) == {("is_trashed", "True")}
    chemin = reel("textes-fr/republique_numerique_propositions.csv")
    lues = {r.cellules["id"]: r.cellules for r in Tableau.ouvrir(chemin).rangees()}
    for cle, soutiens, contre, mitiges in ProvenanceIdee.objects.values_list(
        "cle", "idee__soutiens_repris", "contre", "mitiges"
    ):
        lue = lues[cle]
        assert (soutiens, contre, mitiges) == tuple(int(lue[c]) for c in ("votes_ok", "votes_nok", "votes_mitige"))
    assert max(len(titre) for titre in Idee.objects.values_list("titre", flat=True)) <= 120
    arguments = reprendre(
        reel("textes-fr/republique_numerique_arguments.csv"), modele("cap-collectif-arguments", **source)
    )
    dire(capsys, arguments)
    assert (arguments.lues, arguments.reprises, arguments.refusees) == (3994, 3988, 6)
    positions = Counter(Commentaire.objects.values_list("position", flat=True))
    assert positions["pour"] + positions["contre"] == 3988
    assert not Commentaire.objects.filter(auteur__isnull=False).exists()
    sur_69 = Commentaire.objects.sur(Idee.objects.get(provenance__cle="69"))
    assert sur_69.count() == 132
    assert verifier()[1] is None


def test_lille_les_propositions_et_les_commentaires_d_une_autre_ville(reel, reprendre, capsys):
    """The file of comments is sold with these proposals, but comes from Nancy's site: identifiers meet by chance."""
    source = {"code": "mel", "nom": "Métropole européenne de Lille"}
    idees = reprendre(reel("textes-fr/mel_propositions-libres.csv"), modele("decidim-propositions", **source))
    dire(capsys, idees)
    assert (idees.lues, idees.reprises, idees.refusees) == (196, 196, 0)
    assert Idee.objects.filter(thematique__isnull=True).count() == 34
    chemin = reel("textes-fr/mel_commentaires_propositions_libres.csv")
    commentaires = reprendre(chemin, modele("decidim-commentaires", **source))
    dire(capsys, commentaires)
    assert (commentaires.lues, commentaires.reprises, commentaires.refusees) == (44, 0, 44)
    assert LigneRefusee.objects.filter(raison__contains="il n’est pas d’ici").count() > 15
    # An agent who knows better takes the check out of the mapping: identifiers alone then decide.
    regles = modele("decidim-commentaires", **source)
    sans = {**regles, "champs": {nom: regle for nom, regle in regles["champs"].items() if nom != "adresse_idee"}}
    attaches = reprendre(chemin, sans)
    dire(capsys, attaches)
    assert attaches.reprises + attaches.refusees == 44 and attaches.reprises == Commentaire.objects.count()
    fils = Commentaire.objects.filter(parent__isnull=False)
    assert fils.count() == 3 and not fils.filter(parent__parent__isnull=False).exists()
    assert verifier()[1] is None
