"""« Réponse utile ? » and the second look: who may, what is told, what stays private, and nothing rewritten."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from comptes.effacement import effacer
from moderation.actions import masquer
from notifications.models import Courriel
from reponses import mediation
from reponses.actions import corriger
from reponses.models import Appreciation, SecondeLecture
from reponses.permissions import peut_apprecier
from reponses.utilite import Utilite, utilite_de
from tests.commentaires.test_concurrence import ensemble
from tests.fabriques import IdeeFabrique, PersonneFabrique, SoutienFabrique, publier_reponse, reunir
from tests.notifications.conftest import dire
from tests.reponses.conftest import amener_reponse
from tests.requetes import copier, requetes
from tests.tableau import issue, noms
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
CANARI = "canari-non-public"


@pytest.fixture
def soutiens(idee):
    """Six people who supported it before its answer."""
    return [SoutienFabrique(idee=idee).personne for _ in range(6)]


@pytest.fixture
def lecture(publiee, citoyenne):
    return mediation.demander(publiee, par=citoyenne, raison=f"On ne comprend pas la date. {CANARI}")


def correction_publiee(originale, *, agent, elue):
    correction = corriger(originale, par=agent, motif=originale.motif, texte="En clair : au printemps.", premiere_etape="Choisir",
                          premiere_etape_le=originale.premiere_etape_le)  # fmt: skip
    return amener_reponse(correction, "publiee", agent=agent, elue=elue)


# --- Who may say whether it was useful -----------------------------------------------------------------------------


def test_qui_dit_si_la_reponse_est_utile(publiee, soutiens, citoyenne, agent, elue, moderatrice, mediatrice, voisin):
    permis = {personne.pk for personne in (citoyenne, *soutiens)}
    for personne in (citoyenne, *soutiens, agent, elue, moderatrice, mediatrice, voisin, AnonymousUser()):
        assert peut_apprecier(publiee, personne) == (personne.pk in permis), personne
    with pytest.raises(EtapeInterdite):
        mediation.apprecier(publiee, par=voisin, avis="utile")


@pytest.mark.parametrize("etat", ["brouillon", "en_consultation", "a_signer", "signee"])
def test_on_n_apprecie_qu_une_reponse_publiee(brouillon, citoyenne, agent, elue, etat):
    amener_reponse(brouillon, etat, agent=agent, elue=elue)
    with pytest.raises(EtapeInterdite):
        mediation.apprecier(brouillon, par=citoyenne, avis="utile")


def test_qui_l_a_signee_ne_la_juge_pas_meme_si_elle_soutient(idee, brouillon, agent, elue):
    SoutienFabrique(idee=idee, personne=elue)
    amener_reponse(brouillon, "publiee", agent=agent, elue=elue)
    assert not peut_apprecier(brouillon, elue)


def test_un_avis_par_personne_qui_se_change_et_se_retire(publiee, citoyenne):
    for avis in ("utile", "pas_claire", "pas_claire"):
        mediation.apprecier(publiee, par=citoyenne, avis=avis)
    assert list(Appreciation.objects.values_list("personne", "avis")) == [(citoyenne.pk, "pas_claire")]
    assert mediation.ne_plus_apprecier(publiee, par=citoyenne)
    assert not mediation.ne_plus_apprecier(publiee, par=citoyenne)
    assert not Entree.objects.filter(type__startswith="reponses.mediation").exists()


def test_un_avis_invente_est_refuse_jusque_dans_la_base(publiee, citoyenne):
    with pytest.raises(EtapeInvalide):
        mediation.apprecier(publiee, par=citoyenne, avis="nul")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appreciation.objects.create(reponse=publiee, personne=citoyenne, avis="nul")


def test_un_compte_efface_garde_son_compte_et_perd_ses_mots(publiee, lecture, citoyenne, mediatrice):
    mediation.apprecier(publiee, par=citoyenne, avis="pas_claire", mot=CANARI)
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.maintenir, par=mediatrice, conclusion="La date manque.")
    effacer(citoyenne)
    assert list(Appreciation.objects.values_list("avis", "mot")) == [("pas_claire", "")]
    lecture.refresh_from_db()
    assert (lecture.raison, lecture.demandee_par, lecture.conclusion) == ("", None, "La date manque.")


# --- What is shown, and to whom ------------------------------------------------------------------------------------


def test_le_nombre_ne_se_dit_qu_a_partir_de_cinq(client, publiee, soutiens, citoyenne):
    for rang, personne in enumerate(soutiens[:5], 1):
        mediation.apprecier(publiee, par=personne, avis="utile")
        client.force_login(citoyenne)
        page = client.get(publiee.get_absolute_url()).content.decode()
        assert ("personnes sur" in page) == (rang >= 5)
    assert "5 personnes sur 5 la trouvent claire et utile" in page


PORTES = [
    "{reponse}",
    "{idee}",
    "/reponses/",
    "/chronologie/",
    "/chronologie/atom.xml",
    "/api/v1/reponses/{pk}/",
    "/api/v1/journal/",
]


@pytest.mark.parametrize("qui", ["visiteur", "citoyenne_autre", "moderatrice"])
def test_les_mots_ne_se_lisent_a_aucune_porte_publique(client, publiee, lecture, soutiens, moderatrice, voisin, qui):
    mediation.apprecier(publiee, par=soutiens[0], avis="pas_claire", mot=CANARI)
    if qui != "visiteur":
        client.force_login(moderatrice if qui == "moderatrice" else voisin)
    lus = 0
    for porte in PORTES:
        adresse = porte.format(reponse=publiee.get_absolute_url(), idee=publiee.cible.get_absolute_url(), pk=publiee.pk)
        reponse = client.get(adresse)
        lus += reponse.status_code == 200
        assert CANARI not in reponse.content.decode(), porte
    assert lus >= 5
    assert not Entree.objects.filter(donnees__icontains=CANARI).exists()


def test_la_mediatrice_et_l_equipe_lisent_les_mots(client, publiee, lecture, soutiens, mediatrice, agent):
    mediation.apprecier(publiee, par=soutiens[0], avis="pas_claire", mot="Quel printemps ?")
    for personne in (mediatrice, agent):
        client.force_login(personne)
        page = client.get(publiee.get_absolute_url()).content.decode()
        assert "Quel printemps ?" in page and CANARI in page


# --- When a second look opens --------------------------------------------------------------------------------------


def test_sous_la_moitie_une_seconde_lecture_s_ouvre_une_seule_fois(publiee, soutiens):
    for rang, personne in enumerate(soutiens, 1):
        mediation.apprecier(publiee, par=personne, avis="utile" if rang <= 2 else "pas_utile")
        assert SecondeLecture.objects.count() == (1 if rang >= 5 else 0)
    lecture = SecondeLecture.objects.get()
    assert (lecture.origine, lecture.etat, lecture.reponse_id) == ("niveau", "demandee", publiee.pk)


def test_a_la_moitie_juste_rien_ne_s_ouvre(publiee, soutiens):
    for rang, personne in enumerate(soutiens):
        mediation.apprecier(publiee, par=personne, avis="utile" if rang % 2 == 0 else "pas_claire")
    assert utilite_de(publiee) == Utilite(3, 6)
    assert not SecondeLecture.objects.exists()


@pytest.mark.parametrize(
    ("niveau", "utiles", "ouverte"),
    [(50, 2, True), (50, 3, False), (67, 4, True), (66, 4, False), (100, 5, True), (100, 6, False), (0, 0, False), (1, 0, True)],
)  # fmt: skip
def test_le_niveau_est_un_reglage(publiee, soutiens, settings, niveau, utiles, ouverte):
    """« Useful » first, so that only the last opinion is counted on all six; fewer than the minimum open nothing."""
    settings.APPRECIATIONS_NIVEAU, settings.APPRECIATIONS_MINIMUM = niveau, 6
    for rang, personne in enumerate(soutiens):
        assert not publiee.secondes_lectures.exists()
        mediation.apprecier(publiee, par=personne, avis="utile" if rang < utiles else "pas_claire")
    assert publiee.secondes_lectures.exists() is ouverte


def test_le_niveau_se_lit_sur_la_page(client, publiee, citoyenne, settings):
    client.force_login(citoyenne)
    settings.APPRECIATIONS_NIVEAU, settings.APPRECIATIONS_MINIMUM = 40, 7
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert "Si moins de 40 % des avis disent « claire et utile », sur 7 avis ou plus" in page
    settings.APPRECIATIONS_NIVEAU = 0
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert "Si moins de" not in page and "quand la personne qui a proposé l’idée le demande" in page


def test_ce_que_la_mediatrice_a_lu_reste_et_les_avis_continuent(client, publiee, lecture, soutiens, mediatrice):
    """Opinions are hers to give and to change; the figure of that day is kept beside, locked with the conclusion."""
    for rang, personne in enumerate(soutiens):
        mediation.apprecier(publiee, par=personne, avis="utile" if rang < 2 else "pas_claire")
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.maintenir, par=mediatrice, conclusion="Tout y est.")
    for personne in soutiens[2:]:
        mediation.apprecier(publiee, par=personne, avis="utile")
    lecture.refresh_from_db()
    assert (lecture.utiles_lus, lecture.avis_lus) == (2, 6) and utilite_de(publiee) == Utilite(6, 6)
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert "Ce jour-là, 2 personnes sur 6 trouvaient la réponse claire et utile." in page
    assert "6 personnes sur 6 la trouvent claire et utile." in page
    for champs in ({"utiles_lus": 5}, {"avis_lus": 9}, {"utiles_lus": None, "avis_lus": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondeLecture.objects.filter(pk=lecture.pk).update(**champs)


def test_trop_peu_d_avis_ne_se_disent_pas_plus_ce_jour_la(client, publiee, lecture, citoyenne, mediatrice):
    mediation.apprecier(publiee, par=citoyenne, avis="pas_claire")
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.maintenir, par=mediatrice, conclusion="Tout y est.")
    assert lecture.avis_lus == 1 and lecture.utilite_lue is None
    assert "Ce jour-là" not in client.get(publiee.get_absolute_url()).content.decode()


def test_des_avis_lus_sans_conclusion_sont_refuses_par_la_base(lecture):
    for champs in ({"utiles_lus": 1, "avis_lus": 1}, {"avis_lus": 1}, {"utiles_lus": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondeLecture.objects.filter(pk=lecture.pk).update(**champs)


def test_seule_l_autrice_demande_et_une_fois(publiee, lecture, citoyenne, soutiens, agent, mediatrice):
    for personne in (soutiens[0], agent, mediatrice):
        with pytest.raises(EtapeInterdite):
            mediation.demander(publiee, par=personne, raison="Je ne comprends pas.")
    with pytest.raises(EtapeImpossible):
        mediation.demander(publiee, par=citoyenne, raison="Encore.")
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondeLecture.objects.create(reponse=publiee, origine="niveau")


def test_une_demande_sans_raison_est_refusee(client, publiee, citoyenne):
    client.force_login(citoyenne)
    adresse = reverse("reponses:demander_lecture", args=[publiee.pk])
    reponse = client.post(adresse, {"raison": "  "})
    assert reponse.status_code == 422 and "Dites ce qui vous manque" in reponse.content.decode()
    with pytest.raises(EtapeInvalide):
        mediation.demander(publiee, par=citoyenne, raison=" ")


# --- State × transition × role -------------------------------------------------------------------------------------

ROLES = (
    "visiteur", "citoyenne", "soutien", "agent", "referente", "moderatrice", "elue", "administratrice", "autre_mediatrice",
    "mediatrice",
)  # fmt: skip
MOT = {"conclusion": "La date manque."}
#: (state, transition) -> (state reached, who may). Absent: 409 for everybody. « mediatrice » is the one who took it.
TABLE = {
    ("demandee", "prendre"): ("en_lecture", {"mediatrice", "autre_mediatrice"}),
    ("en_lecture", "rendre"): ("demandee", {"mediatrice"}),
    ("en_lecture", "maintenir"): ("maintenue", {"mediatrice"}),
    ("en_lecture", "faire_preciser"): ("a_preciser", {"mediatrice"}),
    ("a_preciser", "clore"): ("precisee", set()),
}


@pytest.mark.parametrize("etat", ["demandee", "en_lecture", "maintenue", "a_preciser", "precisee"])
def test_table(
    lecture, soutiens, citoyenne, agent, referente, moderatrice, elue, administratrice, mediatrice, publiee, etat
):
    gens = {
        "visiteur": AnonymousUser(), "citoyenne": citoyenne, "soutien": soutiens[0], "agent": agent, "referente": referente,
        "moderatrice": moderatrice, "elue": elue, "administratrice": administratrice, "mediatrice": mediatrice,
        "autre_mediatrice": PersonneFabrique(roles=["mediatrice"]),
    }  # fmt: skip
    if etat != "demandee":
        franchir(lecture.prendre, par=mediatrice)
    if etat == "maintenue":
        franchir(lecture.maintenir, par=mediatrice, **MOT)
    if etat in {"a_preciser", "precisee"}:
        franchir(lecture.faire_preciser, par=mediatrice, **MOT)
    if etat == "precisee":
        correction_publiee(publiee, agent=agent, elue=elue)
    lecture = SecondeLecture.objects.get(pk=lecture.pk)
    assert lecture.etat == etat
    assert gens.keys() == set(ROLES)
    for role, transition in product(ROLES, noms(SecondeLecture)):
        with sans_suite():
            arrivee, permis = TABLE.get((etat, transition), (None, set()))
            attendu = "409" if arrivee is None else (arrivee if role in permis else "403")
            arguments = MOT if transition in {"maintenir", "faire_preciser"} else {}
            assert issue(SecondeLecture.objects.get(pk=lecture.pk), transition, gens[role], **arguments) == attendu, (
                role
            )


@contextmanager
def sans_suite():
    """What happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_celle_qui_part_ne_retient_rien(lecture, mediatrice, citoyenne):
    """Nobody else takes it while she may read it; when her role is gone, another one frees it."""
    autre = PersonneFabrique(roles=["mediatrice"])
    franchir(lecture.prendre, par=mediatrice)
    assert issue(SecondeLecture.objects.get(pk=lecture.pk), "rendre", autre) == "403"
    mediatrice.roles_globaux.all().delete()
    assert issue(SecondeLecture.objects.get(pk=lecture.pk), "rendre", autre) == "demandee"
    assert issue(SecondeLecture.objects.get(pk=lecture.pk), "prendre", autre) == "en_lecture"


def test_une_correction_commencee_avant_ne_repond_pas_a_la_mediatrice(publiee, lecture, mediatrice, agent, elue):
    franchir(lecture.prendre, par=mediatrice)
    correction = corriger(publiee, par=agent, motif=publiee.motif, texte="Une faute de frappe.", premiere_etape="Choisir",
                          premiere_etape_le=publiee.premiere_etape_le)  # fmt: skip
    franchir(lecture.faire_preciser, par=mediatrice, **MOT)
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    lecture.refresh_from_db()
    assert lecture.etat == "a_preciser"
    correction_publiee(publiee, agent=agent, elue=elue)
    lecture.refresh_from_db()
    assert lecture.etat == "precisee"


def test_un_soutien_porte_par_une_fusion_compte_aussi(citoyenne, agent, elue):
    source, cible = IdeeFabrique(etat="publiee"), IdeeFabrique(etat="publiee")
    portee = SoutienFabrique(idee=source).personne
    reunir(source, cible)
    cible.refresh_from_db()
    franchir(cible.prendre, par=agent, service=cible.boite.service)
    assert peut_apprecier(publier_reponse(cible, elue=elue), portee)


def test_plus_vite_que_moi_ne_perd_pas_mes_mots(client, publiee, lecture, citoyenne):
    client.force_login(citoyenne)
    mots = "Quelle année, ce printemps ?"
    reponse = client.post(reverse("reponses:demander_lecture", args=[publiee.pk]), {"raison": mots})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "déjà" in page and mots in page


@pytest.mark.parametrize("lien", ["redige", "propose", "soutient", "expertise"])
def test_une_mediatrice_qui_y_a_part_ne_relit_pas(idee, projet, brouillon, agent, elue, citoyenne, lien):
    sienne = PersonneFabrique(roles=["mediatrice", "agent"] if lien == "redige" else ["mediatrice"])
    if lien == "propose":
        type(idee).objects.filter(pk=idee.pk).update(auteur=sienne)
    if lien == "expertise":
        projet.roles.create(personne=sienne, role="experte")
    if lien == "soutient":
        SoutienFabrique(idee=idee, personne=sienne)
    amener_reponse(brouillon, "publiee", agent=agent, elue=elue)
    lecture = SecondeLecture.objects.create(reponse=brouillon, origine="niveau")
    attendu = "en_lecture" if lien == "soutient" else "403"
    assert issue(SecondeLecture.objects.get(pk=lecture.pk), "prendre", sienne) == attendu


def test_une_conclusion_vide_est_refusee_jusque_dans_la_base(lecture, mediatrice):
    franchir(lecture.prendre, par=mediatrice)
    with pytest.raises(EtapeInvalide):
        franchir(lecture.maintenir, par=mediatrice, conclusion="  ")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE reponses_secondelecture SET etat = 'maintenue' WHERE id = %s", [lecture.pk])


def test_ce_qu_elle_a_dit_ne_se_reecrit_pas(lecture, mediatrice):
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.faire_preciser, par=mediatrice, **MOT)
    for colonne, valeur in (("conclusion", "Autre chose."), ("due_le", "2030-01-01")):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(f"UPDATE reponses_secondelecture SET {colonne} = %s WHERE id = %s", [valeur, lecture.pk])


# --- The whole story -----------------------------------------------------------------------------------------------


def test_de_la_demande_a_la_precision_chacune_est_prevenue(
    client, publiee, citoyenne, soutiens, agent, elue, mediatrice
):
    sceau = publiee.sceau()
    mediation.apprecier(publiee, par=soutiens[0], avis="pas_claire")
    lecture = mediation.demander(publiee, par=citoyenne, raison="On ne comprend pas la date.")
    dire()
    assert courriels("Une réponse à relire") == {mediatrice.pk}
    client.force_login(mediatrice)
    assert publiee.cible.titre in client.get(reverse("reponses:mediation")).content.decode()
    franchir(lecture.prendre, par=mediatrice)
    with time_machine.travel(timezone.now(), tick=False) as horloge:
        franchir(lecture.faire_preciser, par=mediatrice, conclusion="Dites de quel printemps il s’agit.")
        dire()
        assert courriels("La médiatrice a relu la réponse") == {citoyenne.pk, soutiens[0].pk}
        assert agent.pk in courriels("Réponse à préciser")
        client.logout()
        page = client.get(publiee.get_absolute_url()).content.decode()
        assert "Dites de quel printemps il s’agit." in page and "Une précision est attendue au plus tard le" in page
        horloge.shift(timedelta(days=31))
        assert SecondeLecture.objects.en_retard().count() == 1
        assert "En retard" in client.get(publiee.get_absolute_url()).content.decode()
        correction_publiee(publiee, agent=agent, elue=elue)
    lecture.refresh_from_db()
    assert lecture.etat == "precisee" and lecture.precisee_le is not None
    publiee.refresh_from_db()
    assert publiee.sceau() == sceau, "the answer itself has not moved"
    chronologie = client.get(reverse("timeline:chronologie")).content.decode()
    for phrase in ("Une seconde lecture de", "elle est à préciser avant le", "La précision demandée par la médiatrice"):
        assert phrase in chronologie


def courriels(objet) -> set[int]:
    return set(Courriel.objects.filter(objet__startswith=objet).values_list("personne", flat=True))


def test_ce_qui_est_masque_ne_se_nomme_pas(client, publiee, lecture, moderatrice, mediatrice):
    masquer(publiee.cible, par=moderatrice, motif="injure", explication="Propos injurieux.")
    assert publiee.cible.titre not in client.get(reverse("timeline:chronologie")).content.decode()
    client.force_login(mediatrice)
    assert client.get(reverse("reponses:mediation")).status_code == 200


@pytest.mark.parametrize(
    ("role", "attendu"), [(None, 302), ("agent", 403), ("administratrice", 403), ("mediatrice", 200)]
)
def test_qui_entre_au_bureau_de_la_mediation(client, role, attendu):
    if role:
        client.force_login(PersonneFabrique(roles=[role]))
    assert client.get(reverse("reponses:mediation")).status_code == attendu


def test_le_formulaire_garde_le_mot_et_dit_ce_qui_manque(client, publiee, citoyenne):
    client.force_login(citoyenne)
    adresse = reverse("reponses:apprecier", args=[publiee.pk])
    reponse = client.post(adresse, {"mot": "Pas facile à lire."})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Choisissez un avis." in page and "Pas facile à lire." in page
    assert client.post(adresse, {"avis": "pas_claire", "mot": "Pas facile à lire."}).status_code == 302
    assert client.post(adresse, {"retirer": "1"}).status_code == 302
    assert not Appreciation.objects.exists()


def test_autant_de_requetes_pour_une_lecture_que_pour_cinquante(client, publiee, lecture, mediatrice):
    client.force_login(mediatrice)
    adresse = reverse("reponses:mediation")
    une = requetes(client, adresse)
    idees = copier(publiee.cible, 49)
    reponses = copier(publiee, 49, cible_id=lambda n: idees[n].pk)
    copier(lecture, 49, reponse_id=lambda n: reponses[n].pk)
    assert [requetes(client, f"{adresse}?page={page}") for page in (1, 2)] == [une, une]
    assert client.get(adresse).context["page"].paginator.count == 50
    assert une <= 8


@pytest.mark.django_db(transaction=True)
def test_deux_mediatrices_a_la_fois_une_seule_la_prend(lecture):
    gens = [PersonneFabrique(roles=["mediatrice"]) for _ in range(2)]
    reponses = ensemble(
        *[lambda p=p: franchir(SecondeLecture.objects.get(pk=lecture.pk).prendre, par=p).type for p in gens]
    )
    assert sorted(type(r).__name__ for r in reponses) == ["EtapeImpossible", "str"]
    assert Entree.objects.filter(type="reponses.mediation.prendre").count() == 1
