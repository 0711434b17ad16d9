"""The official answer to a question: neither a yes nor a no, signed by whom it was asked, and sealed like any other."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from communautes.models import Question
from reponses import lots, mediation
from reponses.actions import corriger, modifier, rediger
from reponses.chiffres import compter
from reponses.forms import ReponseForm
from reponses.models import Echeance, Jalon, Reponse
from reponses.verification import reponses_scellees
from tests.communautes.fabriques_questions import demander, repondre, soutenir_a
from tests.fabriques import IdeeFabrique, PersonneFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse
from timeline.etapes import EtapeImpossible, EtapeInvalide, franchir
from timeline.models import RegistreScelle

pytestmark = pytest.mark.django_db


@pytest.fixture
def elue(db):
    return PersonneFabrique(pseudonyme="Élise Interrogée", roles=["elue"])


@pytest.fixture
def question(elue):
    return demander(a=elue, etat="posee", titre="Quand rouvre la piscine ?")


# --- A question is answered, the rest is decided -------------------------------------------------------------------


def test_ni_oui_ni_non_a_une_question_et_pas_de_reponse_a_une_idee(question, agent):
    contenu = {"sens": "no_go", "motif": "cout", "texte": "Non.", "alternative": "Rien."}
    with pytest.raises(EtapeInvalide) as refus:
        rediger(question, par=agent, **contenu)
    assert refus.value.champ == "sens"
    idee = IdeeFabrique(etat="en_etude")
    with pytest.raises(EtapeInvalide):
        rediger(idee, par=agent, sens="reponse", texte="Voici.")
    for cible, champs in ((question, contenu), (idee, {"sens": "reponse", "texte": "Voici.", "motif": ""})):
        with pytest.raises(DatabaseError), transaction.atomic():
            Reponse.objects.create(cible=cible, **champs)
    reponse = rediger(question, par=agent, texte="En juin.")
    for champs in (
        {"sens": "go", "motif": "interet_general"},
        {"motif": "cout"},
        {"cout_estime": 3},
        {"alternative": "x"},
    ):
        noms = ", ".join(f"{nom} = %s" for nom in champs)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(f"UPDATE reponses_reponse SET {noms} WHERE id = %s", [*champs.values(), reponse.pk])


def test_la_garde_des_questions_est_posee():
    """SQLite forgets it when a later migration rebuilds the table of the answers."""
    sql = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as curseur:
        curseur.execute(sql)
        assert any(nom.startswith("garde_reponses_question") for (nom,) in curseur.fetchall())


def test_le_formulaire_ne_demande_que_les_mots(client, question, agent):
    client.force_login(agent)
    adresse = reverse("reponses:rediger", args=["communautes.question", question.pk])
    page = client.get(adresse)
    assert set(page.context["form"].fields) == {"version", "lues", "texte", "acte_conseil"}
    assert client.post(adresse, {"texte": " "}).status_code == 422
    assert client.post(adresse, {"texte": "En juin.", "sens": "go", "motif": "cout"}).status_code == 302
    reponse = Reponse.objects.get()
    assert (reponse.sens, reponse.motif, reponse.texte) == ("reponse", "", "En juin.")
    suite = client.post(
        reverse("reponses:modifier", args=[reponse.pk]),
        {"texte": "Début juin.", "version": reponse.version(), "lues": json.dumps(reponse.versions())},
    )
    assert suite.status_code == 302
    assert set(ReponseForm(instance=rediger_reponse(IdeeFabrique(etat="en_etude"))).fields) > {"sens", "motif"}


def test_elle_ne_se_prepare_ni_dans_un_lot_ni_d_un_modele(client, question, agent):
    idee = IdeeFabrique(etat="en_etude", titre="Une idée du lot")
    client.force_login(agent)
    page = client.get(reverse("reponses:ouvrir_lot")).content.decode()
    assert "Une idée du lot" in page and question.titre not in page
    with pytest.raises(EtapeImpossible):
        lots.ouvrir(par=agent, titre="Un lot", cibles=[idee, question])


# --- Who signs -----------------------------------------------------------------------------------------------------


def test_l_elue_a_qui_on_demande_signe_et_nulle_autre(question, elue, agent):
    autre = PersonneFabrique(roles=["elue"])
    reponse = repondre(question, agent=agent, jusque="en_consultation")
    reponse.avis.update(attendu_le="2000-01-01")
    assert list(reponse.signataires_possibles()) == [elue]
    with pytest.raises(EtapeInvalide) as refus:
        franchir(reponse.presenter, par=agent, signataire=autre)
    assert refus.value.champ == "signataire"
    elue.mandats.update(debut="2000-01-01", fin="2001-01-01")
    assert list(reponse.signataires_possibles()) == [autre], "her mandate is over: another one may sign"
    franchir(reponse.presenter, par=agent, signataire=autre)
    assert reponse.etat == "a_signer"


def test_celle_qui_demande_ne_signe_pas(agent):
    autrice = PersonneFabrique(roles=["elue"])
    question = demander(par=autrice, etat="posee")
    reponse = rediger(question, par=agent, texte="Voici.")
    assert autrice not in reponse.signataires_possibles()


# --- From one end to the other -------------------------------------------------------------------------------------


def test_publiee_l_horloge_s_arrete_rien_n_est_promis_tout_le_monde_lit(client, question, elue):
    reponse = repondre(question, elue=elue, texte="La piscine rouvre en juin.")
    assert question.etat == "repondue" and Echeance.objects.get().tenue_le == reponse.publiee_le
    assert not Jalon.objects.exists() and not reponse.est_favorable
    for adresse in (question.get_absolute_url(), reponse.get_absolute_url(), "/reponses/", "/reponses/atom.xml"):
        page = client.get(adresse).content.decode()
        assert "La piscine rouvre en juin." in page, adresse
    assert elue.mandats.get().nom_officiel in client.get(question.get_absolute_url()).content.decode()
    page = client.get(reponse.get_absolute_url()).content.decode()
    assert reponse.sceau() in page and "Raison" not in page
    lue = client.get(f"/api/v1/reponses/{reponse.pk}/").json()
    assert (lue["sens"], lue["sens_libelle"], lue["motif"]) == ("reponse", "Réponse", "")
    assert lue["cible"] == {
        "type": "communautes.question", "id": question.pk, "titre": question.titre, "page": question.get_absolute_url(),
    }  # fmt: skip
    assert client.get(f"/api/v1/questions/{question.pk}/").json()["reponse"] == reponse.pk
    csv = b"".join(client.get("/reponses/donnees.csv").streaming_content).decode()
    assert "communautes.question" in csv and "La piscine rouvre en juin." in csv


def test_les_oui_et_les_non_ne_la_comptent_pas(client, question, elue):
    repondre(question, elue=elue)
    chiffres = compter()
    assert (chiffres.questions, chiffres.publiees) == (1, 1)
    assert [n for _c, _m, n in chiffres.decisions] == [0, 0, 0] and chiffres.refus == []
    assert (chiffres.ensemble.a_temps, chiffres.mois[0].compte.reponse, chiffres.mois[0].compte.total) == (1, 1, 1)
    assert chiffres.mois[0].compte.raisons == {}
    lus = client.get("/api/v1/reponses/chiffres/").json()
    assert (lus["questions"], lus["mois"][0]["recompte"]["reponse"]) == (1, 1)
    page = client.get("/reponses/chiffres/").content.decode()
    assert "Une réponse à une question" in page
    assert client.get("/reponses/?genre=premieres&decision=reponse").context["page"].paginator.count == 1


def test_une_correction_garde_ce_qu_elle_est(client, question, elue, agent):
    reponse = repondre(question, elue=elue)
    client.force_login(agent)
    adresse = reverse("reponses:corriger", args=[reponse.pk])
    assert set(client.get(adresse).context["form"].fields) == {"version", "lues", "texte", "acte_conseil"}
    assert client.post(adresse, {"texte": "Le 12 juin."}).status_code == 302
    correction = reponse.corrections.get()
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    assert correction.sens == "reponse"
    page = client.get(question.get_absolute_url()).content.decode()
    assert "correction du" in page


def test_qui_attendait_dit_si_elle_est_utile_et_demande_une_seconde_lecture(question, elue):
    (voisin,) = soutenir_a(question, 1)
    reponse = repondre(question, elue=elue)
    mediation.apprecier(reponse, par=voisin, avis="utile", mot="")
    lecture = mediation.demander(reponse, par=question.auteur, raison="Quel jour ?")
    assert (reponse.appreciations.count(), lecture.etat) == (1, "demandee")


# --- Seals ---------------------------------------------------------------------------------------------------------


def test_une_reponse_signee_ne_change_par_aucune_porte(client, question, elue, agent, administratrice):
    reponse = repondre(question, elue=elue, agent=agent, jusque="signee")
    client.force_login(agent)
    assert client.post(reverse("reponses:modifier", args=[reponse.pk]), {"texte": "Autre."}).status_code in {409, 422}
    with pytest.raises(EtapeImpossible):
        modifier(reponse, par=agent, version=reponse.version(), texte="Autre.")
    for methode in ("put", "patch", "delete"):
        assert getattr(client, methode)(f"/api/v1/reponses/{reponse.pk}/").status_code == 405
    reponse.texte = "Autre."
    with pytest.raises(RegistreScelle):
        reponse.save()
    with pytest.raises(RegistreScelle):
        Reponse.objects.filter(pk=reponse.pk).update(texte="Autre.")
    administratrice.is_staff = administratrice.is_superuser = True
    administratrice.save()
    client.force_login(administratrice)
    client.post(reverse("admin:reponses_reponse_change", args=[reponse.pk]), {"texte": "Autre."})
    for sql in (
        "UPDATE reponses_reponse SET texte = 'Autre.' WHERE id = %s",
        "UPDATE reponses_reponse SET sens = 'go' WHERE id = %s",
        "DELETE FROM reponses_reponse WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(sql, [reponse.pk])
    reponse = Reponse.objects.get(pk=reponse.pk)
    assert reponse.texte == "Elle est réparée en juin."
    franchir(reponse.publier, par=agent)
    assert list(reponses_scellees()) == []


def test_la_question_signee_et_ses_regles_ne_se_reecrivent_pas(question):
    for sql in (
        "UPDATE communautes_question SET titre = 'Autre ?' WHERE id = %s",
        "UPDATE communautes_question SET seuil = 900 WHERE id = %s",
        "UPDATE communautes_question SET destinataire_nom = 'Autre' WHERE id = %s",
        "DELETE FROM communautes_question WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(sql, [question.pk])


@pytest.mark.parametrize(
    "colonnes",
    ["etat = 'perdue'", "titre = ''", "seuil = 0", "motif_retrait = 'Une raison'", "masquee_motif = 'injure'"],
)
def test_la_base_refuse_une_question_impossible(colonnes):
    question = demander()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"UPDATE communautes_question SET {colonnes} WHERE id = %s", [question.pk])


# --- Desks ---------------------------------------------------------------------------------------------------------


def test_les_bureaux(client, elue, agent):
    gagne, posee = (
        demander(a=elue, titre="Elle réunit des soutiens ?"),
        demander(a=elue, etat="posee", titre="Elle est due ?"),
    )
    ailleurs = demander(a=PersonneFabrique(roles=["elue"]), titre="Pour une autre ?")
    siennes = demander(par=agent, etat="posee", titre="La mienne ?")
    client.force_login(elue)
    page = client.get(reverse("portail:bureau_elue")).content.decode()
    assert gagne.titre in page and posee.titre in page and ailleurs.titre not in page
    client.force_login(agent)
    page = client.get(reverse("portail:bureau_agent")).content.decode()
    assert posee.titre in page and gagne.titre not in page and siennes.titre not in page, "hers goes to a colleague"
    reponse = repondre(posee, agent=agent, elue=elue, jusque="a_signer")
    client.force_login(elue)
    page = client.get(reverse("portail:bureau_elue")).content.decode()
    assert f"/reponses.reponse/{reponse.pk}/signer/" in page and page.count(posee.titre) <= 3
    assert Question.objects.count() == 4


def test_corriger_une_reponse_a_une_question_n_en_change_pas_la_nature(question, elue, agent):
    reponse = repondre(question, elue=elue, agent=agent)
    correction = corriger(reponse, par=agent, texte="Le 12 juin.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE reponses_reponse SET sens = 'go', motif = 'deja_prevu' WHERE id = %s", [correction.pk])
