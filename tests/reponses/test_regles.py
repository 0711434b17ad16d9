"""The rules of an answer, at each of its doors: the form, the step, the database."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from reponses.forms import ReponseForm
from reponses.models import Reponse
from reponses.regles import defauts
from tests.fabriques import IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue

pytestmark = pytest.mark.django_db

#: rule -> (decision, what is wrong, field that says it, does the database itself refuse it once out of the draft?)
REGLES = {
    "un oui sans première étape": ("go", {"premiere_etape": ""}, "premiere_etape", True),
    "un oui sans date": ("go", {"premiere_etape_le": None}, "premiere_etape_le", True),
    "un oui sous conditions sans première étape": ("go_conditions", {"premiere_etape": ""}, "premiere_etape", True),
    "un oui sous conditions sans conditions": ("go_conditions", {"conditions": ""}, "conditions", True),
    "un non sans alternative": ("no_go", {"alternative": ""}, "alternative", True),
    # The clock of a database is not that of the site: it refuses a past date when it is signed (below).
    "une première étape passée": ("go", {"premiere_etape_le": "hier"}, "premiere_etape_le", False),
    "une raison qui contredit la décision": ("no_go", {"motif": "interet_general"}, "motif", True),
    "un oui pour la raison d’un non": ("go", {"motif": "cout"}, "motif", True),
    "un oui sous conditions pour la raison d’un non": ("go_conditions", {"motif": "regle"}, "motif", True),
    "des espaces pour tout texte": ("go", {"texte": "   "}, "texte", False),
}
VIDES = {"texte": "", "motif": "", "sens": ""}


def corriger_les_dates(champs):
    return {nom: dans(-1) if valeur == "hier" else valeur for nom, valeur in champs.items()}


@pytest.mark.parametrize("regle", REGLES)
def test_au_formulaire(regle, idee):
    sens, faux, champ, _base = REGLES[regle]
    modele = rediger_reponse(idee, sens=sens)
    saisie = {nom: getattr(modele, nom) or "" for nom in Reponse.CONTENU} | corriger_les_dates(faux)
    form = ReponseForm({nom: "" if valeur is None else str(valeur) for nom, valeur in saisie.items()})
    assert not form.is_valid()
    assert list(form.errors) == [champ]
    assert len(form.errors[champ]) == 1
    if champ != "texte":
        assert form["texte"].value() == modele.texte, "what was typed is kept"


@pytest.mark.parametrize("regle", REGLES)
def test_a_l_etape(regle, idee, agent):
    """A draft may be incomplete in the database; it does not leave its draft."""
    from tests.fabriques import ServiceFabrique

    sens, faux, _champ, _base = REGLES[regle]
    reponse = rediger_reponse(idee, sens=sens, **corriger_les_dates(faux))
    assert issue(reponse, "consulter", agent, services=[ServiceFabrique()], attendu_le=dans(3)) == "400"


@pytest.mark.parametrize("regle", [nom for nom, (*_reste, base) in REGLES.items() if base])
def test_a_la_base(regle, idee, agent, elue):
    sens, faux, _champ, _base = REGLES[regle]
    reponse = amener_reponse(rediger_reponse(idee, sens=sens), "en_consultation", agent=agent, elue=elue)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.filter(pk=reponse.pk).update(**faux)


@pytest.mark.parametrize("champ", VIDES)
def test_une_reponse_vide_n_existe_pas(champ, brouillon):
    """FR-04: not even as a draft."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.filter(pk=brouillon.pk).update(**{champ: ""})
    saisie = {nom: str(getattr(brouillon, nom) or "") for nom in Reponse.CONTENU}
    form = ReponseForm(saisie | {champ: ""})
    assert champ in form.errors


@pytest.mark.parametrize(
    ("etat", "champs"),
    [
        ("a_signer", {"signataire": None}),
        ("en_consultation", {"signataire_nom": "Élue Fictive"}),
        ("en_consultation", {"signataire_mandat": "Maire fictive"}),
    ],
)
def test_pas_de_signature_sans_elue_ni_avant_l_heure(etat, champs, brouillon, agent, elue):
    reponse = amener_reponse(brouillon, etat, agent=agent, elue=elue)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.filter(pk=reponse.pk).update(**champs)


#: what is wrong -> what is written instead, beside what a signature needs
SIGNATURES_FAUSSES = {
    "sans nom": {"signataire_nom": ""},
    "sans titre": {"signataire_mandat": ""},
    "sans date": {"signee_le": None},
    "sans mandat": {"mandat_id": None},
    "avec le mandat d’une autre": {"mandat_id": "autre_elue"},
    "avec un mandat qui n’existe pas": {"mandat_id": "inventé"},
    "sans signataire": {"signataire_id": None},
    "par une autre que son mandat": {"signataire_id": "citoyenne"},
}


def signature_de(elue) -> dict:
    mandat = elue.mandats.get()
    return {
        "signataire_id": elue.pk,
        "mandat_id": mandat.cle,
        "signataire_nom": mandat.nom_officiel,
        "signataire_mandat": mandat.intitule,
        "signee_le": timezone.now(),
    }


def signer_a_la_main(reponse, champs):
    """Past every line of Python. Deferred keys are asked at once."""
    colonnes = ", ".join(f"{nom} = %s" for nom in champs)
    with connection.cursor() as curseur:
        curseur.execute(
            f"UPDATE reponses_reponse SET etat = 'signee', {colonnes} WHERE id = %s", [*champs.values(), reponse.pk]
        )
    connection.check_constraints()


@pytest.mark.parametrize("faute", SIGNATURES_FAUSSES)
def test_la_base_refuse_une_signature_sans_mandat(request, faute, a_signer, elue):
    faux = dict(SIGNATURES_FAUSSES[faute])
    if faute == "avec le mandat d’une autre":
        faux["mandat_id"] = request.getfixturevalue("autre_elue").mandats.get().cle
    elif faute == "avec un mandat qui n’existe pas":
        faux["mandat_id"] = f"{elue.pk}:999999"
    elif faute == "par une autre que son mandat":
        faux["signataire_id"] = request.getfixturevalue("citoyenne").pk
    with pytest.raises(IntegrityError), transaction.atomic():
        signer_a_la_main(a_signer, signature_de(elue) | faux)
    assert Reponse.objects.get().etat == "a_signer"


def test_la_base_accepte_celle_qui_a_tout(a_signer, elue):
    """So that the table above refuses for the reason that it names."""
    signer_a_la_main(a_signer, signature_de(elue))
    assert Reponse.objects.get().etat == "signee"


def test_la_clef_d_une_personne_ne_passe_pas_pour_celle_d_une_autre(a_signer, elue):
    """« 1:… » begins neither « 11:… » nor is it begun by it."""
    plus_longue = PersonneFabrique(id=elue.pk * 10 + 1, roles=["elue"])
    for qui, mandat in ((elue, plus_longue.mandats.get()), (plus_longue, elue.mandats.get())):
        with pytest.raises(IntegrityError), transaction.atomic():
            signer_a_la_main(a_signer, signature_de(elue) | {"signataire_id": qui.pk, "mandat_id": mandat.cle})


def test_un_mandat_qui_a_signe_ne_s_efface_pas_et_se_renomme(signee, elue):
    mandat = elue.mandats.get()
    assert signee.mandat == mandat
    with pytest.raises(ProtectedError):
        mandat.delete()
    sceau = signee.sceau()
    elue.mandats.update(intitule="Maire fictive", fin=dans(-1), debut=dans(-9))
    relue = Reponse.objects.get(pk=signee.pk)
    assert (relue.mandat.intitule, relue.sceau()) == ("Maire fictive", sceau)


@pytest.mark.parametrize(("jours", "accepte"), [(-400, False), (-3, False), (0, True), (30, True)])
def test_la_base_refuse_de_signer_une_date_passee(a_signer, elue, jours, accepte):
    """Compared with the instant of the signature, whatever the clock of the database."""
    champs = signature_de(elue) | {"premiere_etape_le": dans(jours)}
    if accepte:
        signer_a_la_main(a_signer, champs)
        return
    with pytest.raises(IntegrityError, match="deja passee"), transaction.atomic():
        signer_a_la_main(a_signer, champs)
    assert Reponse.objects.get().etat == "a_signer"


def test_la_base_laisse_une_correction_repeter_sa_date(idee, agent, elue):
    """The date was promised by the answer that it corrects; another one of the past is refused."""
    with time_machine.travel(timezone.now() - timedelta(days=60)):
        origine = publier_reponse(idee, agent=agent, elue=elue)
    assert origine.premiere_etape_le < dans(-2)
    correction = rediger_reponse(idee, agent=agent, corrige=origine, premiere_etape_le=origine.premiere_etape_le)
    amener_reponse(correction, "a_signer", agent=agent, elue=elue)
    with pytest.raises(IntegrityError, match="deja passee"), transaction.atomic():
        signer_a_la_main(correction, signature_de(elue) | {"premiere_etape_le": dans(-20)})
    assert issue(correction, "signer", elue) == "signee"


def test_une_date_devenue_passee_empeche_de_signer(a_signer, elue):
    Reponse.objects.filter(pk=a_signer.pk).update(premiere_etape_le=dans(-1))
    assert issue(a_signer, "signer", elue) == "400"


# --- One answer, and its corrections -------------------------------------------------------------------------------


def test_une_seule_reponse_par_cible(brouillon, idee):
    with pytest.raises(IntegrityError), transaction.atomic():
        rediger_reponse(idee)


def test_une_seule_correction_a_la_fois(publiee, idee):
    rediger_reponse(idee, corrige=publiee)
    with pytest.raises(IntegrityError), transaction.atomic():
        rediger_reponse(idee, corrige=publiee)


def test_une_correction_ne_change_pas_la_decision(publiee, idee, citoyenne):
    """At the rule, and in the database, by creation and by change."""
    correction = rediger_reponse(idee, corrige=publiee)
    correction.sens, correction.alternative = "no_go", "Autre chose."
    assert "sens" in defauts(correction)
    with pytest.raises(IntegrityError), transaction.atomic():
        correction.save()
    correction.refresh_from_db()
    Reponse.objects.filter(pk=correction.pk).delete()
    for sens in ("no_go", "go_conditions"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rediger_reponse(idee, sens=sens, corrige=publiee)


def test_une_correction_corrige_une_reponse_publiee_a_la_meme_cible(publiee, idee, boite, agent, elue):
    autre = IdeeFabrique(boite=boite, etat="en_etude")
    en_cours = rediger_reponse(autre)
    for cible, corrige in ((autre, publiee), (autre, en_cours)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rediger_reponse(cible, corrige=corrige)
    correction = amener_reponse(rediger_reponse(idee, corrige=publiee), "publiee", agent=agent, elue=elue)
    with pytest.raises(IntegrityError), transaction.atomic():
        rediger_reponse(idee, corrige=correction)


def test_une_correction_peut_garder_une_date_passee_mais_pas_en_ecrire_une_autre(idee, monkeypatch):
    publiee = publier_reponse(idee, premiere_etape_le=dans(2))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: dans_huit_jours)
    correction = Reponse(cible=idee, corrige=publiee, **{nom: getattr(publiee, nom) for nom in Reponse.CONTENU})
    assert defauts(correction) == {}
    correction.premiere_etape_le = publiee.premiere_etape_le.replace(day=1, month=1)
    assert list(defauts(correction)) == ["premiere_etape_le"]


dans_huit_jours = dans(8)


# --- What a decision makes pointless -------------------------------------------------------------------------------


def test_un_non_ne_garde_ni_premiere_etape_ni_conditions():
    """Typed, then the decision changed: the page may hide the fields, the answer must not show them."""
    form = ReponseForm({
        "sens": "no_go", "motif": "cout", "texte": "C’est trop cher.", "alternative": "Le marché couvert.",
        "premiere_etape": "Choisir les lieux", "premiere_etape_le": "n’importe quoi", "conditions": "Si tout va bien.",
    })  # fmt: skip
    assert form.is_valid(), form.errors
    contenu = form.contenu()
    assert (contenu["premiere_etape"], contenu["premiere_etape_le"], contenu["conditions"]) == ("", None, "")


@pytest.mark.parametrize("sens", ["go", "go_conditions"])
def test_un_oui_ne_garde_pas_d_alternative(sens, idee):
    modele = rediger_reponse(idee, sens=sens)
    saisie = {nom: str(getattr(modele, nom) or "") for nom in Reponse.CONTENU} | {"alternative": "Le marché couvert."}
    form = ReponseForm(saisie)
    assert form.is_valid(), form.errors
    assert form.contenu()["alternative"] == ""


@pytest.mark.parametrize(
    ("saisi", "bon"),
    [("0", True), ("12000", True), ("-1", False), ("1e9", False), ("99999999999", False), ("12,5", False)],
)
def test_un_cout_est_un_nombre_entier_que_la_base_sait_garder(saisi, bon, idee):
    modele = rediger_reponse(idee)
    form = ReponseForm(
        {nom: str(getattr(modele, nom) or "") for nom in Reponse.CONTENU}
        | {"cout_estime": saisi, "cout_justification": "Un devis."}
    )
    assert form.is_valid() is bon
    assert bon or list(form.errors) == ["cout_estime"]
