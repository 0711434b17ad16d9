"""The builder of agents: who enters by which door and when, what each page writes, what bad input costs, two agents at once."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import composition
from consultations.models import Consultation, Participation, Version
from consultations.questionnaire import FIN, Choix, Condition, Genre, Page, Questionnaire, Saut
from tests.consultations import fabriques
from tests.consultations.fabriques import avec_saut, de_chaque_genre, participation, question, une_page
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique
from tests.requetes import requetes
from tests.tableau import fautes_parmi
from timeline.models import Entree

pytestmark = pytest.mark.django_db
MINUTE = "%Y-%m-%dT%H:%M"


def adresse(nom, consultation, *suite) -> str:
    return reverse(f"consultations:{nom}", args=[consultation.slug, *suite])


def questionnaire_de(consultation) -> Questionnaire:
    return consultation.versions.latest("numero").questionnaire


def redaction(consultation) -> int:
    return consultation.versions.latest("numero").redaction


@pytest.fixture
def chez(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def brouillon(agent):
    """Three pages and a jump, in preparation."""
    return fabriques.consultation(avec_saut(), etat="brouillon", agent=agent)


def geste(client, consultation, quoi, **autres):
    donnees = {"geste": quoi, "redaction": redaction(consultation), **autres}
    return client.post(adresse("composer", consultation), donnees)


# --- Who enters, and when ------------------------------------------------------------------------------------------------

#: door -> (method, data). Those that write are sent something valid, so that only rights and state decide.
PORTES = {
    "composer": ("get", {}),
    "apercu": ("get", {}),
    "apercu_suivant": ("post", {"geste": "suivant", "page": "p1", "q1": "a"}),
    "regles": ("get", {}),
    "geste": ("post", {"geste": "page.ajouter:"}),
    "nouvel_element": ("get", {"genre": "date", "page": "p1"}),
    "element": ("get", {}),
    "retirer_element": ("get", {}),
    "page": ("get", {}),
    "retirer_page": ("get", {}),
    "nouveau_saut": ("get", {}),
    "saut": ("get", {}),
    "dupliquer": ("post", {}),
    "preparer_version": ("post", {}),
    "publier_version": ("get", {}),
    "abandonner_version": ("get", {}),
}
LIRE = {"composer", "apercu", "apercu_suivant"}
ECRIRE = {"geste", "nouvel_element", "element", "retirer_element", "page", "retirer_page", "nouveau_saut", "saut"}
#: state -> what whoever conducts it gets at each door; the states of a new version are told apart below.
ATTENDU = {
    "brouillon": dict.fromkeys(LIRE | ECRIRE | {"regles"}, 200)
    | {"geste": 302, "dupliquer": 302, "preparer_version": 302, "publier_version": 409, "abandonner_version": 409},
    "programmee": dict.fromkeys(LIRE | {"regles"}, 200)
    | dict.fromkeys(ECRIRE, 409)
    | {"dupliquer": 302, "preparer_version": 302, "publier_version": 409, "abandonner_version": 409},
    "close": dict.fromkeys(LIRE, 200)
    | dict.fromkeys(ECRIRE | {"regles", "preparer_version", "publier_version", "abandonner_version"}, 403)
    | {"dupliquer": 302},
    "nouvelle version": dict.fromkeys(LIRE | ECRIRE | {"regles", "publier_version", "abandonner_version"}, 200)
    | {"geste": 302, "dupliquer": 302, "preparer_version": 302},
}
ATTENDU["ouverte"], ATTENDU["restituee"] = ATTENDU["programmee"], ATTENDU["close"]
CONDUISENT = {"agent", "administratrice", "referente"}


def frapper(client, porte, consultation) -> int:
    methode, donnees = PORTES[porte]
    suites = {
        "element": ["q3"],
        "retirer_element": ["q3"],
        "page": ["p1"],
        "retirer_page": ["p2"],
        "nouveau_saut": ["p1"],
        "saut": ["p1", 1],
    }
    nom = {"geste": "composer", "apercu_suivant": "apercu"}.get(porte, porte)
    if methode == "post":
        donnees = {**donnees, "redaction": redaction(consultation)}
    return getattr(client, methode)(adresse(nom, consultation, *suites.get(porte, [])), donnees).status_code


@pytest.fixture
def roles(citoyenne, agent, moderatrice, elue, administratrice):
    autre = PersonneFabrique()
    ProjetFabrique(referente=autre)
    return {
        "visiteur": None,
        "citoyenne": citoyenne,
        "moderatrice": moderatrice,
        "elue": elue,
        "autre_referente": autre,
        "agent": agent,
        "administratrice": administratrice,
        "referente": PersonneFabrique(),
    }


def du(role, etat, porte) -> int:
    """What this door owes to this role."""
    if role == "visiteur":
        return 302
    if role in CONDUISENT:
        return ATTENDU[etat][porte]
    return 404 if etat == "brouillon" else 403


@pytest.mark.parametrize("etat", ATTENDU)
def test_qui_entre_par_quelle_porte_et_quand(etat, roles, refus_en_bref):
    projet = ProjetFabrique(referente=roles["referente"], ouvert=True)
    loin = timedelta(days=60)
    etape = EtapeFabrique(
        projet=projet, ouvre=["repondre"], ouvre_le=timezone.now() - loin, ferme_le=timezone.now() + loin
    )
    preparee = fabriques.consultation(avec_saut(), etat="ouverte" if etat == "nouvelle version" else etat, etape=etape)
    if etat == "nouvelle version":
        composition.preparer(preparee, par=roles["agent"])

    def compter():
        return Consultation.objects.count(), list(Version.objects.order_by("pk").values_list("pk", "redaction"))

    def essai(role):
        """All the doors, one after the other, by one person in her own browser."""
        consultation, personne, client = Consultation.objects.get(pk=preparee.pk), roles[role], Client()
        if personne:
            client.force_login(personne)
        ecrit = compter()
        for porte in PORTES:
            attendu = du(role, etat, porte)
            obtenu = frapper(client, porte, consultation)
            assert (role, porte, obtenu) == (role, porte, attendu)
            if attendu >= 400 or role == "visiteur":
                assert compter() == ecrit
            if porte == "preparer_version" and role in CONDUISENT and etat in {"programmee", "ouverte"}:
                composition.abandonner(consultation.versions.latest("numero"), par=personne)
            if attendu < 400:
                ecrit = compter()

    assert fautes_parmi(roles, essai) == {}


@pytest.mark.parametrize(
    ("role", "attendu"),
    [("visiteur", 302), ("citoyenne", 403), ("moderatrice", 403), ("elue", 403), ("autre_referente", 200),
     ("agent", 200), ("administratrice", 200)],
)  # fmt: skip
@pytest.mark.parametrize("nom", ["bureau", "creer"])
def test_qui_a_un_bureau(nom, role, attendu, roles, client):
    if roles[role]:
        client.force_login(roles[role])
    assert client.get(reverse(f"consultations:{nom}")).status_code == attendu


def test_l_administration_regarde_sans_pouvoir_rien_changer(administratrice, client, brouillon):
    client.force_login(administratrice)
    for modele in (Consultation, Version):
        reglages = admin.site._registry[modele]
        demande = type("Demande", (), {"user": administratrice})()
        permis = (reglages.has_add_permission, reglages.has_change_permission, reglages.has_delete_permission)
        assert [permet(demande) for permet in permis] == [False, False, False]
        objet = modele.objects.first()
        noms = f"admin:consultations_{modele._meta.model_name}"
        assert client.get(reverse(f"{noms}_changelist")).status_code == 200
        page = client.get(reverse(f"{noms}_change", args=[objet.pk]))
        assert page.status_code == 200
        assert client.post(reverse(f"{noms}_change", args=[objet.pk]), {"titre": "Changé"}).status_code == 403
    assert Participation not in admin.site._registry


# --- Its rules -----------------------------------------------------------------------------------------------------------


def quand(jours) -> str:
    return timezone.localtime(timezone.now() + timedelta(days=jours)).strftime(MINUTE)


def regles(**autres) -> dict:
    return {
        "titre": "Le square, et après ?",
        "description": "Pour choisir les bancs.",
        "genre": "questionnaire",
        "ouvre_le": quand(1),
        "ferme_le": quand(8),
        "qui": "toutes",
        "est_modifiable": "on",
        "resultats": "cloture",
        "presentation": "pages",
        "profil": "on",
    } | autres


def test_un_agent_cree_une_consultation_seule(chez):
    reponse = chez.post(reverse("consultations:creer"), regles())
    creee = Consultation.objects.get()
    assert (reponse.status_code, reponse.url) == (302, adresse("composer", creee))
    assert (creee.titre, creee.etat, creee.etape, len(questionnaire_de(creee).pages)) == (
        "Le square, et après ?",
        "brouillon",
        None,
        1,
    )
    assert Entree.objects.sur(creee).get().est_publique is False


def test_une_referente_cree_dans_son_projet_et_nulle_part_ailleurs(client):
    referente = PersonneFabrique()
    sien, autre = ProjetFabrique(referente=referente), ProjetFabrique()
    etape, ailleurs = (EtapeFabrique(projet=p, ouvre=["repondre"], ouvre_le=timezone.now()) for p in (sien, autre))
    sans_questions = EtapeFabrique(projet=sien, ouvre=["commenter"])
    client.force_login(referente)
    conduite = client.get(reverse("projets:conduire", args=[sien.slug])).content.decode()
    assert f"{reverse('consultations:creer')}?etape={etape.pk}" in conduite
    assert f"?etape={sans_questions.pk}" not in conduite
    page = client.get(reverse("consultations:creer"), {"etape": etape.pk})
    assert page.context["form"].initial["etape"] == etape.pk
    for refusee in ("", ailleurs.pk, sans_questions.pk, 987654):
        reponse = client.post(reverse("consultations:creer"), regles(etape=refusee))
        assert reponse.status_code == 422
        assert "etape" in reponse.context["form"].errors
    assert client.post(reverse("consultations:creer"), regles(etape=etape.pk)).status_code == 302
    creee = Consultation.objects.get()
    assert creee.projet == sien
    assert creee.titre in client.get(reverse("projets:conduire", args=[sien.slug])).content.decode()
    assert list(client.get(reverse("consultations:bureau")).context["page"]) == [creee]


MAUVAISES_REGLES = {
    "sans titre": ({"titre": " "}, "titre", "Donnez un titre"),
    "titre trop long": ({"titre": "x" * 141}, "titre", "140"),
    "texte trop long": ({"description": "x" * 5001}, "description", "5"),
    "fin avant le début": ({"ferme_le": quand(0)}, "ferme_le", "après l’ouverture"),
    "date qui n'en est pas une": ({"ouvre_le": "demain"}, "ouvre_le", "Écrivez un jour"),
    "an mille": ({"ouvre_le": "1000-01-01T00:00"}, "ouvre_le", "trop loin"),
    "habitantes de nulle part": ({"qui": "habitantes"}, "territoire", "Choisissez le territoire"),
    "règle inventée": ({"qui": "amies"}, "qui", "amies"),
    "étape inconnue": ({"etape": "9999"}, "etape", "Choisissez une étape"),
    "étape en lettres": ({"etape": "x"}, "etape", "Choisissez une étape"),
}


def test_une_mauvaise_regle_est_dite_a_cote_de_son_champ_et_rien_n_est_ecrit(chez):
    def essai(cas):
        changes, champ, phrase = MAUVAISES_REGLES[cas]
        reponse = chez.post(reverse("consultations:creer"), regles(**changes))
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors[champ])
        assert Consultation.objects.count() == 0
        if cas != "sans titre":
            assert reponse.context["form"]["titre"].value() == changes.get("titre", "Le square, et après ?")

    assert fautes_parmi(MAUVAISES_REGLES, essai) == {}


def test_un_mini_sondage_prend_les_reglages_qui_vont_avec(chez):
    assert chez.post(reverse("consultations:creer"), regles(genre="sondage", qui="inscrites")).status_code == 302
    sondage = Consultation.objects.get()
    assert (sondage.qui, sondage.presentation, sondage.profil) == ("toutes", "ensemble", False)


@pytest.mark.parametrize(("champ", "jours"), [("ouvre_le", -9), ("ferme_le", 90)])
def test_les_dates_tiennent_dans_celles_de_l_etape(chez, champ, jours):
    etape = EtapeFabrique(ouvre=["repondre"])
    reponse = chez.post(reverse("consultations:creer"), regles(etape=etape.pk, **{champ: quand(jours)}))
    assert "étape choisie" in reponse.context["form"].errors[champ][0]


def test_apres_l_annonce_seul_change_ce_qui_peut_encore_changer(chez, agent):
    consultation = fabriques.consultation(agent=agent)
    page = chez.get(adresse("regles", consultation))
    ouverts = [nom for nom, champ in page.context["form"].fields.items() if not champ.disabled]
    assert ouverts == ["description", "ferme_le", "vu"]
    assert page.content.decode().count("cette règle ne change plus") == 10
    vu = page.context["form"]["vu"].value()
    envoi = regles(titre="Un autre titre", qui="inscrites", ferme_le=quand(20), vu=vu)
    reponse = chez.post(adresse("regles", consultation), envoi)
    assert reponse.status_code == 302, reponse.context["form"].errors
    apres = Consultation.objects.get()
    assert (apres.titre, apres.qui, apres.description) == ("Consultation fictive", "toutes", "Pour choisir les bancs.")
    assert apres.ferme_le > consultation.ferme_le
    entree = Entree.objects.sur(apres).filter(type="consultations.regler").get()
    assert (entree.est_publique, entree.donnees["champs"]) == (True, ["description", "ferme_le"])


def test_la_fin_ne_s_avance_pas_une_fois_annoncee(chez, agent):
    consultation = fabriques.consultation(agent=agent)
    vu = chez.get(adresse("regles", consultation)).context["form"]["vu"].value()
    reponse = chez.post(adresse("regles", consultation), regles(ferme_le=quand(2), vu=vu))
    assert reponse.status_code == 422
    assert "plus tard, pas plus tôt" in reponse.context["form"].errors["ferme_le"][0]
    assert Consultation.objects.get().ferme_le == consultation.ferme_le


def test_deux_agents_sur_les_regles_la_seconde_est_prevenue(chez, brouillon):
    vu = chez.get(adresse("regles", brouillon)).context["form"]["vu"].value()
    assert chez.post(adresse("regles", brouillon), regles(titre="La première", vu=vu)).status_code == 302
    reponse = chez.post(adresse("regles", brouillon), regles(titre="La seconde", vu=vu))
    assert reponse.status_code == 422
    assert "Quelqu’un a changé cette page" in reponse.content.decode()
    assert reponse.context["form"]["titre"].value() == "La seconde"
    assert Consultation.objects.get().titre == "La première"


# --- Gestures on the whole ------------------------------------------------------------------------------------------------


def ordre(consultation) -> list[tuple[str, list[str]]]:
    return [(p.cle, [e.cle for e in p.elements]) for p in questionnaire_de(consultation).pages]


def test_les_gestes_de_la_page_du_questionnaire(chez, agent):
    consultation = fabriques.consultation(une_page(question("q1"), question("q2")), etat="brouillon", agent=agent)
    assert geste(chez, consultation, "element.monter:q2").url.endswith("#element-q2")
    assert ordre(consultation) == [("p1", ["q2", "q1"])]
    geste(chez, consultation, "element.descendre:q2")
    reponse = geste(chez, consultation, "page.ajouter:")
    nouvelle = ordre(consultation)[1][0]
    assert reponse.url.endswith(f"#page-{nouvelle}")
    geste(chez, consultation, f"page.monter:{nouvelle}")
    assert ordre(consultation) == [(nouvelle, []), ("p1", ["q1", "q2"])]
    geste(chez, consultation, f"page.descendre:{nouvelle}")
    assert ordre(consultation) == [("p1", ["q1", "q2"]), (nouvelle, [])]
    vers = geste(chez, consultation, "element.ajouter:p1", **{"genre-p1": "lieu"}).url
    assert vers == f"{adresse('nouvel_element', consultation)}?page=p1&genre=lieu"


def test_un_geste_par_htmx_rend_le_morceau_et_ce_qu_il_en_est(chez, brouillon):
    envoi = {"geste": "page.monter:p2", "redaction": redaction(brouillon)}
    reponse = chez.post(adresse("composer", brouillon), envoi, HTTP_HX_REQUEST="true")
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "<html" not in texte
    assert f'name="redaction" value="{redaction(brouillon)}"' in texte
    assert "C’est fait" in texte
    ajouter = {"geste": "element.ajouter:p1", "genre-p1": "date"}
    reponse = chez.post(adresse("composer", brouillon), ajouter, HTTP_HX_REQUEST="true")
    assert reponse.headers["HX-Redirect"].startswith(adresse("nouvel_element", brouillon))


FORGES = [
    "",
    "x",
    "page.monter:p9",
    "element.monter:q9",
    "element.monter:",
    "page.retirer:p1",
    "element.ajouter:p1",
    "page.monter",
]


def test_un_geste_forge_ne_fait_rien(chez, brouillon):
    def essai(quoi):
        avant = brouillon.versions.get().contenu
        assert geste(chez, brouillon, quoi).status_code == 404
        assert brouillon.versions.get().contenu == avant

    assert fautes_parmi(FORGES, essai) == {}


def test_un_geste_sur_une_vieille_page_est_refuse_et_le_dit(chez, brouillon):
    def essai(lue):
        envoi = {"geste": "page.monter:p2"} | ({} if lue is None else {"redaction": lue})
        reponse = chez.post(adresse("composer", brouillon), envoi)
        assert reponse.status_code == 409
        assert "Un ou une collègue a changé ce questionnaire" in reponse.content.decode()
        assert [cle for cle, _elements in ordre(brouillon)] == ["p1", "p2", "p3"]

    assert fautes_parmi(["", "0", "99999999", "x", "-1", None], essai) == {}


# --- Elements -------------------------------------------------------------------------------------------------------------

#: kind -> (what is typed, what is kept)
ELEMENTS = {
    "unique": ({"nouveaux_choix": "Oui\nNon\n\n  Peut-être ", "avec_autre": "on"}, {"avec_autre": True}),
    "multiple": (
        {"nouveaux_choix": "A\nB\nC", "minimum": "1", "maximum": "2"},
        {"minimum": Decimal(1), "maximum": Decimal(2)},
    ),
    "classement": ({"nouveaux_choix": "A\nB", "maximum": "2"}, {"minimum": None, "maximum": Decimal(2)}),
    "matrice": ({"nouveaux_choix": "Bien\nMal", "nouveaux_lignes": "Le jour\nLa nuit"}, {}),
    "echelle": (
        {"minimum": "0", "maximum": "10", "debut": "pas du tout", "fin": "tout à fait"},
        {"minimum": Decimal(0), "maximum": Decimal(10), "debut": "pas du tout", "fin": "tout à fait"},
    ),
    "nombre": (
        {"minimum": "0,5", "maximum": "1 000", "decimales": "1", "unite": "km"},
        {"minimum": Decimal("0.5"), "maximum": Decimal(1000), "decimales": 1, "unite": "km"},
    ),
    "sentiment": ({}, {}),
    "date": ({"obligatoire": "on"}, {"obligatoire": True}),
    "texte_court": ({"maximum": "80"}, {"maximum": Decimal(80)}),
    "texte_long": ({"maximum": ""}, {"maximum": None}),
    "lieu": ({"territoire": ""}, {"territoire": ""}),
    "fichier": ({"aide": "Une photo du banc."}, {"aide": "Une photo du banc."}),
    "section": ({"aide": "Deux questions."}, {"aide": "Deux questions.", "obligatoire": False}),
    "explication": ({"intitule": "Une ligne.\n\nUne autre."}, {"intitule": "Une ligne.\n\nUne autre."}),
}


def test_chaque_genre_s_ajoute_avec_ses_reglages_et_pas_d_autres(chez, brouillon):
    def essai(genre):
        saisi, garde = ELEMENTS[genre]
        page = chez.get(adresse("nouvel_element", brouillon), {"genre": genre, "page": "p2"})
        noms = set(page.context["form"].fields) - {
            "redaction",
            "intitule",
            "aide",
            "obligatoire",
            "page",
            "nouveaux_choix",
            "nouveaux_lignes",
        }
        assert noms == {nom for nom in garde if nom not in {"aide", "intitule", "obligatoire"}} | (
            {"avec_autre"} if genre == "multiple" else set()
        )
        envoi = {"genre": genre, "page": "p2", "intitule": "Et vous ?", "redaction": redaction(brouillon)} | saisi
        reponse = chez.post(adresse("nouvel_element", brouillon), envoi)
        assert reponse.status_code == 302, reponse.context["form"].errors
        ajoute = questionnaire_de(brouillon).page("p2").elements[-1]
        assert reponse.url.endswith(f"#element-{ajoute.cle}")
        assert ajoute.genre == genre
        assert {nom: getattr(ajoute, nom) for nom in garde} == garde
        if "nouveaux_choix" in saisi:
            assert [c.libelle for c in ajoute.choix] == [
                mots.strip() for mots in saisi["nouveaux_choix"].split("\n") if mots.strip()
            ]
        # The same page opens again with what was kept, and saving it changes nothing.
        page = chez.get(adresse("element", brouillon, ajoute.cle))
        relu = {nom: page.context["form"][nom].value() for nom in page.context["form"].fields}
        relu = {nom: valeur for nom, valeur in relu.items() if valeur not in (None, False, "")}
        assert chez.post(adresse("element", brouillon, ajoute.cle), relu | {"genre": genre}).status_code == 302
        assert questionnaire_de(brouillon).element(ajoute.cle) == ajoute

    assert fautes_parmi(Genre.values, essai) == {}


def test_une_question_se_reecrit_sans_perdre_ses_cles(chez, brouillon):
    envoi = {
        "redaction": redaction(brouillon),
        "intitule": "Viendrez-vous ?",
        "page": "p1",
        "choix-a": "Oui, souvent",
        "choix-b": "Non",
        "nouveaux_choix": "Parfois",
        "obligatoire": "on",
    }
    assert chez.post(adresse("element", brouillon, "q1"), envoi).status_code == 302
    ecrite = questionnaire_de(brouillon).element("q1")
    assert (ecrite.intitule, [c.libelle for c in ecrite.choix]) == (
        "Viendrez-vous ?",
        ["Oui, souvent", "Non", "Parfois"],
    )
    assert [c.cle for c in ecrite.choix][:2] == ["a", "b"]


def ecrire_q1(consultation, **autres) -> dict:
    return {
        "redaction": redaction(consultation),
        "intitule": "Question q1 ?",
        "page": "p1",
        "choix-a": "Oui",
        "choix-b": "Non",
        "obligatoire": "on",
    } | autres


def test_les_boutons_des_choix_gardent_ce_qui_est_tape(chez, brouillon):
    ici = adresse("element", brouillon, "q1")
    reponse = chez.post(ici, ecrire_q1(brouillon, **{"choix-a": "Oui, souvent"}, geste="descendre:choix:a"))
    assert reponse.url == f"{ici}#choix-a"
    assert [(c.cle, c.libelle) for c in questionnaire_de(brouillon).element("q1").choix] == [
        ("b", "Non"),
        ("a", "Oui, souvent"),
    ]
    reponse = chez.post(ici, ecrire_q1(brouillon, **{"choix-a": ""}, geste="retirer:choix:a"))
    assert reponse.url == f"{ici}#liste-choix"
    assert [c.cle for c in questionnaire_de(brouillon).element("q1").choix] == ["b"]


def test_une_question_change_de_page_en_s_enregistrant(chez, brouillon):
    envoi = {"redaction": redaction(brouillon), "intitule": "Question q3 ?", "page": "p2"}
    assert chez.post(adresse("element", brouillon, "q3"), envoi).status_code == 302
    assert ordre(brouillon) == [("p1", ["q1"]), ("p2", ["q2", "q3"]), ("p3", [])]


MAUVAIS = {
    "sans question": ("date", {"intitule": " \u200b "}, "intitule", "Écrivez la question"),
    "question trop longue": ("date", {"intitule": "x" * 301}, "intitule", "300"),
    "aide trop longue": ("date", {"aide": "x" * 1001}, "aide", "1"),
    "texte trop long": ("explication", {"intitule": "x" * 4001}, "intitule", "4"),
    "61 choix": (
        "unique",
        {"nouveaux_choix": "\n".join(f"Choix {n}" for n in range(61))},
        "nouveaux_choix",
        "60 choix au plus",
    ),
    "61 lignes": (
        "matrice",
        {"nouveaux_lignes": "\n".join(f"Ligne {n}" for n in range(61))},
        "nouveaux_lignes",
        "60 lignes",
    ),
    "choix trop long": (
        "unique",
        {"nouveaux_choix": "court\n" + "x" * 201},
        "nouveaux_choix",
        "200 caractères au plus",
    ),
    "liste sans fin": ("unique", {"nouveaux_choix": "x\n" * 20_000}, "nouveaux_choix", "20"),
    "deux fois le même": ("unique", {"nouveaux_choix": "Oui\noui"}, "nouveaux_choix", "écrit deux fois"),
    "bornes à l'envers": (
        "nombre",
        {"minimum": "9", "maximum": "3", "decimales": "0"},
        "maximum",
        "dépasser le plus petit",
    ),
    "bornes égales": (
        "nombre",
        {"minimum": "3", "maximum": "3", "decimales": "0"},
        "maximum",
        "dépasser le plus petit",
    ),
    "borne en lettres": ("nombre", {"minimum": "trois", "decimales": "0"}, "minimum", "en chiffres"),
    "borne sans mesure": ("nombre", {"maximum": "99999999999", "decimales": "0"}, "maximum", "entre"),
    "borne plus fine": ("nombre", {"minimum": "0,5", "decimales": "0"}, "minimum", "chiffres après la virgule"),
    "quatre décimales": ("nombre", {"minimum": "0,0001", "decimales": "3"}, "minimum", "3 chiffres après la virgule"),
    "décimales inventées": ("nombre", {"decimales": "7"}, "decimales", "Choisissez dans la liste"),
    "échelle à l'envers": ("echelle", {"minimum": "5", "maximum": "1"}, "maximum", "dépasser le plus petit"),
    "échelle sans fin": ("echelle", {"minimum": "0", "maximum": "11"}, "maximum", "entre 0 et 10"),
    "échelle sans bornes": ("echelle", {"minimum": "", "maximum": "5"}, "minimum", "entre 0 et 10"),
    "demi-degré": ("echelle", {"minimum": "0,5", "maximum": "5"}, "minimum", "entier"),
    "plus de choix que permis": ("multiple", {"minimum": "3", "maximum": "2"}, "maximum", "plus petit que"),
    "zéro choix": ("multiple", {"maximum": "0"}, "maximum", "entre 1 et 61"),
    "texte sans place": ("texte_court", {"maximum": "0"}, "maximum", "entre 1 et 200"),
    "texte sans fin": ("texte_long", {"maximum": "5000"}, "maximum", "entre 1 et 4000"),
    "territoire inventé": ("lieu", {"territoire": "atlantide"}, "territoire", "Choisissez un territoire"),
    "page d'ailleurs": ("date", {"page": "p9"}, "page", "Cette page n’existe plus"),
    "unité trop longue": ("nombre", {"unite": "x" * 21, "decimales": "0"}, "unite", "20"),
}


def test_une_mauvaise_saisie_est_dite_a_cote_de_son_champ_et_reste_a_l_ecran(chez, brouillon):
    def essai(cas):
        genre, changes, champ, phrase = MAUVAIS[cas]
        avant = brouillon.versions.get()
        envoi = {"genre": genre, "page": "p2", "intitule": "Et vous ?", "redaction": avant.redaction} | changes
        reponse = chez.post(adresse("nouvel_element", brouillon), envoi)
        assert reponse.status_code == 422
        form = reponse.context["form"]
        assert phrase in " ".join(form.errors[champ])
        assert list(form.errors) == [champ]
        for nom, tape in changes.items():
            assert form[nom].value() == tape
        apres = brouillon.versions.get()
        assert (apres.contenu, apres.redaction) == (avant.contenu, avant.redaction)

    assert fautes_parmi(MAUVAIS, essai) == {}


def test_retirer_ce_dont_un_saut_depend_est_refuse_en_une_phrase(chez, brouillon):
    avant = brouillon.versions.get().contenu
    ici = adresse("element", brouillon, "q1")
    reponse = chez.post(ici, ecrire_q1(brouillon, geste="retirer:choix:b"))
    assert reponse.status_code == 422
    assert "Un saut de la page 1 dépend du choix « Non »" in reponse.content.decode()
    for methode in ("get", "post"):
        for nom, cle, phrase in (
            ("retirer_element", "q1", "dépend de « Question q1 ? »"),
            ("retirer_page", "p3", "Un saut de la page 1 mène ici"),
        ):
            envoi = {"redaction": redaction(brouillon)} if methode == "post" else {}
            reponse = getattr(chez, methode)(adresse(nom, brouillon, cle), envoi)
            assert reponse.status_code == 422
            assert phrase in reponse.content.decode()
    reponse = chez.post(ici, ecrire_q1(brouillon, page="p2"))
    assert "dépend de « Question q1 ? »" in reponse.content.decode()
    assert brouillon.versions.get().contenu == avant


def test_un_element_et_une_page_se_retirent_apres_confirmation(chez, agent):
    consultation = fabriques.consultation(
        Questionnaire((Page("p1", elements=(question("q1"), question("q2"))), Page("p2", elements=(question("q3"),)))),
        etat="brouillon",
        agent=agent,
    )
    page = chez.get(adresse("retirer_element", consultation, "q2")).content.decode()
    assert "Retirer « Question q2 ? » ?" in page
    assert ordre(consultation) == [("p1", ["q1", "q2"]), ("p2", ["q3"])]
    chez.post(adresse("retirer_element", consultation, "q2"), {"redaction": redaction(consultation)})
    chez.post(adresse("retirer_page", consultation, "p2"), {"redaction": redaction(consultation)})
    assert ordre(consultation) == [("p1", ["q1"])]


def test_les_cles_d_une_autre_consultation_ne_trouvent_rien(chez, brouillon, agent):
    autre = fabriques.consultation(
        Questionnaire((Page("x1", elements=(question("z1"),)), Page("x2", elements=(question("z2"),)))),
        etat="brouillon",
        agent=agent,
    )
    contenus = brouillon.versions.get().contenu, autre.versions.get().contenu
    lue = {"redaction": redaction(brouillon)}
    for nom, suite in (
        ("element", ["z1"]), ("retirer_element", ["z1"]), ("page", ["x1"]), ("retirer_page", ["x2"]),
        ("nouveau_saut", ["x1"]), ("saut", ["x1", 1]), ("saut", ["p1", 2]), ("saut", ["p1", 0]),
    ):  # fmt: skip
        ici = adresse(nom, brouillon, *suite)
        assert chez.get(ici).status_code == 404, nom
        assert (
            chez.post(ici, lue | {"intitule": "Volée", "titre": "Volée", "si": "toujours||", "vers": FIN}).status_code
            == 404
        ), nom
    assert (
        chez.post(adresse("element", brouillon, "q1"), ecrire_q1(brouillon, geste="monter:choix:zz")).status_code == 404
    )
    assert (
        chez.post(adresse("element", brouillon, "q1"), ecrire_q1(brouillon, geste="monter:pages:a")).status_code == 404
    )
    assert chez.post(adresse("page", brouillon, "p1"), lue | {"geste": "retirer:7"}).status_code == 404
    assert chez.post(adresse("page", brouillon, "p1"), lue | {"geste": "avaler:0"}).status_code == 404
    assert chez.get(adresse("nouvel_element", brouillon), {"genre": "sondage"}).status_code == 404
    # A choice that is not hers, in a form that is: it is not looked at.
    chez.post(adresse("element", brouillon, "q1"), ecrire_q1(brouillon, **{"choix-zz": "Glissé là"}))
    assert [c.cle for c in questionnaire_de(brouillon).element("q1").choix] == ["a", "b"]
    assert autre.versions.get().contenu == contenus[1]


# --- Pages and jumps ------------------------------------------------------------------------------------------------------


def test_une_page_prend_un_titre_et_ses_sauts_se_rangent(chez, brouillon):
    ici = adresse("nouveau_saut", brouillon, "p1")
    envoi = {"redaction": redaction(brouillon), "si": "repondu|q1|", "vers": FIN}
    assert chez.post(ici, envoi).status_code == 302
    sauts = questionnaire_de(brouillon).pages[0].sauts
    assert sauts == (Saut(Condition.CHOISI, "p3", "q1", "b"), Saut(Condition.REPONDU, FIN, "q1"))
    page = adresse("page", brouillon, "p1")
    lue = {"redaction": redaction(brouillon), "titre": "Vous"}
    assert chez.post(page, lue | {"geste": "monter:1"}).url == f"{page}#sauts"
    premiere = questionnaire_de(brouillon).pages[0]
    assert (premiere.titre, premiere.sauts) == ("Vous", (sauts[1], sauts[0]))
    chez.post(page, {"redaction": redaction(brouillon), "titre": "Vous et nous", "geste": "retirer:0"})
    chez.post(page, {"redaction": redaction(brouillon), "titre": "Vous et nous"})
    premiere = questionnaire_de(brouillon).pages[0]
    assert (premiere.titre, premiere.sauts) == ("Vous et nous", (sauts[0],))


def test_un_saut_se_reecrit(chez, brouillon):
    ici = adresse("saut", brouillon, "p1", 1)
    assert chez.get(ici).context["form"].initial["si"] == "choisi|q1|b"
    chez.post(ici, {"redaction": redaction(brouillon), "si": "pas_choisi|q1|a", "vers": "p3"})
    assert questionnaire_de(brouillon).pages[0].sauts == (Saut(Condition.PAS_CHOISI, "p3", "q1", "a"),)


def test_un_saut_compare_un_nombre_ecrit_a_la_francaise(chez, brouillon):
    ici = adresse("nouveau_saut", brouillon, "p2")
    envoi = {"redaction": redaction(brouillon), "si": "au_moins|q2|", "nombre": "7,0", "vers": FIN}
    assert chez.post(ici, envoi).status_code == 302
    assert questionnaire_de(brouillon).pages[1].sauts == (Saut(Condition.AU_MOINS, FIN, "q2", "7"),)
    assert chez.get(adresse("saut", brouillon, "p2", 1)).context["form"]["nombre"].value() == "7"


MAUVAIS_SAUTS = {
    "rien": ({}, "si", "Choisissez quand"),
    "nulle part": ({"si": "toujours||"}, "vers", "Choisissez où aller"),
    "page partie": ({"si": "toujours||", "vers": "p9"}, "vers", "Cette page n’existe plus"),
    "soi-même": ({"si": "toujours||", "vers": "p2"}, "vers", "Cette page n’existe plus"),
    "question partie": ({"si": "repondu|q9|", "vers": "p3"}, "si", "n’est plus sur la page"),
    "question d'une autre page": ({"si": "choisi|q1|a", "vers": "p3"}, "si", "n’est plus sur la page"),
    "code sans queue ni tête": ({"si": "||||", "vers": "p3"}, "si", "n’est plus sur la page"),
    "sans nombre": ({"si": "au_moins|q2|", "vers": "p3"}, "nombre", "Écrivez le nombre"),
    "nombre en lettres": ({"si": "au_plus|q2|", "vers": "p3", "nombre": "dix"}, "nombre", "en chiffres"),
}


def test_un_mauvais_saut_est_refuse_en_une_phrase(chez, brouillon):
    def essai(cas):
        envoi, champ, phrase = MAUVAIS_SAUTS[cas]
        avant = brouillon.versions.get().contenu
        reponse = chez.post(adresse("nouveau_saut", brouillon, "p2"), envoi | {"redaction": redaction(brouillon)})
        assert reponse.status_code == 422
        assert phrase in " ".join(reponse.context["form"].errors[champ])
        assert brouillon.versions.get().contenu == avant

    assert fautes_parmi(MAUVAIS_SAUTS, essai) == {}


def test_la_verification_est_toujours_la_avec_ou_corriger(chez, agent):
    boucle = Questionnaire(
        (
            Page("p1", elements=(question("q1", choix=()),)),
            Page("p2", elements=(question("q2"),), sauts=(Saut(Condition.TOUJOURS, "p1"),)),
            Page("p3"),
        )
    )
    consultation = fabriques.consultation(boucle, etat="brouillon", agent=agent)
    page = chez.get(adresse("composer", consultation)).content.decode()
    assert "n’a pas assez de choix" in page
    assert f'href="{adresse("element", consultation, "q1")}"' in page
    assert "La page 3 est vide" in page
    assert f'href="{adresse("page", consultation, "p3")}"' in page
    version = consultation.versions.get()
    composition.retoucher(version, lambda _q: Questionnaire((*boucle.pages[:2],)), par=agent)
    composition.retoucher(
        version,
        lambda q: q.remplacer(Page("p1", elements=(question("q1"),))),
        par=agent,
    )
    assert "tourner en rond" in chez.get(adresse("composer", consultation)).content.decode()


def test_les_limites_d_un_mini_sondage_sont_dans_la_verification(chez, agent):
    sondage = fabriques.consultation(
        une_page(*(question(f"q{n}") for n in range(4))),
        etat="brouillon", agent=agent, genre="sondage", presentation="ensemble", profil=False,
    )  # fmt: skip
    assert "Un mini-sondage a 3 questions au plus" in chez.get(adresse("composer", sondage)).content.decode()


# --- Two agents at once ----------------------------------------------------------------------------------------------------


def test_la_seconde_agente_est_prevenue_garde_ses_mots_et_peut_recommencer(chez, brouillon, agent):
    envoi = ecrire_q1(brouillon, intitule="La mienne ?", nouveaux_choix="Le mien")
    composition.retoucher(
        brouillon.versions.get(),
        lambda q: q.remplacer(
            Page(
                "p1",
                elements=(question("q1", choix=(Choix("b", "Non"), Choix("c", "Parfois")), intitule="La sienne ?"),),
                sauts=q.pages[0].sauts,
            )
        ),
        par=agent,
    )
    present = brouillon.versions.get().contenu
    reponse = chez.post(adresse("element", brouillon, "q1"), envoi)
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "Un ou une collègue a changé ce questionnaire" in page
    assert "Ce que dit le questionnaire maintenant" in page
    assert "La sienne ?" in page
    assert brouillon.versions.get().contenu == present, "nothing is written over"
    form = reponse.context["form"]
    assert form["intitule"].value() == "La mienne ?"
    assert form["choix-c"].value() == "Parfois", "what the colleague has added is there"
    assert form["nouveaux_choix"].value() == "Oui\nLe mien", "a choice that is gone is not a word lost"
    de_nouveau = {nom: form[nom].value() or "" for nom in form.fields}
    assert chez.post(adresse("element", brouillon, "q1"), {**de_nouveau, "obligatoire": "on"}).status_code == 302
    ecrite = questionnaire_de(brouillon).element("q1")
    assert (ecrite.intitule, [c.libelle for c in ecrite.choix]) == ("La mienne ?", ["Non", "Parfois", "Oui", "Le mien"])


def test_ce_qu_une_collegue_a_retire_se_rajoute_avec_les_mots_gardes(chez, brouillon, agent):
    envoi = {"redaction": redaction(brouillon), "genre": "texte_long", "intitule": "Tout mon texte", "page": "p3"}
    composition.retoucher(brouillon.versions.get(), lambda q: q.remplacer(Page("p3")), par=agent)
    reponse = chez.post(adresse("element", brouillon, "q3"), envoi)
    assert reponse.status_code == 409
    assert "Vos mots sont gardés ici" in reponse.content.decode()
    assert reponse.context["envoyer"] == adresse("nouvel_element", brouillon)
    form = reponse.context["form"]
    de_nouveau = {nom: form[nom].value() or "" for nom in form.fields} | {"genre": "texte_long"}
    assert chez.post(reponse.context["envoyer"], de_nouveau).status_code == 302
    assert questionnaire_de(brouillon).page("p3").elements[0].intitule == "Tout mon texte"


SECONDES = [
    ("nouvel_element", [], {"genre": "date", "intitule": "Le mien", "page": "p1"}),
    ("page", ["p1"], {"titre": "Le mien"}),
    ("nouveau_saut", ["p1"], {"si": "repondu|q1|", "vers": "fin"}),
    ("saut", ["p1", 1], {"si": "repondu|q1|", "vers": "fin"}),
    ("retirer_element", ["q3"], {}),
    ("retirer_page", ["p2"], {}),
]


def test_chaque_porte_previent_la_seconde(chez, brouillon, agent):
    def essai(cas):
        nom, suite, envoi = cas
        lue = redaction(brouillon)
        composition.retoucher(
            brouillon.versions.get(), lambda q: q.remplacer(Page("p2", "La sienne", q.pages[1].elements)), par=agent
        )
        present = brouillon.versions.get().contenu
        reponse = chez.post(adresse(nom, brouillon, *suite), envoi | {"redaction": lue})
        assert reponse.status_code == 409
        assert "collègue a changé ce questionnaire" in reponse.content.decode()
        assert brouillon.versions.get().contenu == present
        if envoi:
            form = reponse.context["form"]
            assert {c: form[c].value() for c in envoi if c in form.fields} == {
                c: v for c, v in envoi.items() if c in form.fields
            }
            assert form["redaction"].value() == str(redaction(brouillon))

    assert fautes_parmi(SECONDES, essai) == {}


def test_ce_qui_est_publie_meanwhile_ne_perd_pas_les_mots(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="programmee", agent=agent)
    reponse = chez.post(adresse("element", consultation, "q1"), ecrire_q1(consultation, intitule="Trop tard ?"))
    assert reponse.status_code == 409
    assert "Cette version est publiée" in reponse.content.decode()
    assert reponse.context["form"]["intitule"].value() == "Trop tard ?"


@pytest.mark.django_db(transaction=True)
def test_deux_gestes_au_meme_instant_un_seul_passe():
    agente = PersonneFabrique(roles=["agent"])
    consultation = fabriques.consultation(avec_saut(), etat="brouillon", agent=agente)
    lue, depart, statuts = redaction(consultation), threading.Barrier(2), []

    def presser(quoi):
        client = Client()
        client.force_login(agente)
        depart.wait()
        statuts.append(client.post(adresse("composer", consultation), {"geste": quoi, "redaction": lue}).status_code)
        connection.close()

    fils = [threading.Thread(target=presser, args=[quoi]) for quoi in ("page.monter:p2", "page.ajouter:")]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(statuts) == [302, 409]
    assert redaction(consultation) == lue + 1


# --- Copies and versions ---------------------------------------------------------------------------------------------------


def test_une_copie_a_les_memes_regles_et_les_memes_questions(chez, agent):
    consultation = fabriques.consultation(de_chaque_genre(), etat="close", agent=agent, qui="inscrites", profil=False)
    reponse = chez.post(adresse("dupliquer", consultation))
    copie = Consultation.objects.exclude(pk=consultation.pk).get()
    assert reponse.url == adresse("regles", copie)
    assert (copie.titre, copie.etat, copie.qui, copie.profil) == (
        "Copie de Consultation fictive", "brouillon", "inscrites", False,
    )  # fmt: skip
    assert questionnaire_de(copie) == questionnaire_de(consultation)
    assert copie.ouvre_le > timezone.now()


def test_apres_la_premiere_reponse_un_changement_est_une_nouvelle_version_et_se_dit(chez, agent):
    consultation = fabriques.consultation(avec_saut(), agent=agent)
    participation(consultation, {"q1": ["a"], "q2": ["3"]})
    page = chez.get(adresse("composer", consultation)).content.decode()
    assert "Préparer une nouvelle version" in page
    assert 'name="geste"' not in page
    chez.post(adresse("preparer_version", consultation))
    chez.post(
        adresse("nouvel_element", consultation),
        {"genre": "date", "intitule": "Quand ?", "page": "p3", "redaction": redaction(consultation)},
    )
    assert consultation.version.numero == 1, "people read the first one until the other is published"
    page = chez.get(adresse("publier_version", consultation))
    assert page.context["changements"] == ["Ajouté : « Quand ? »."]
    assert "Ajouté : « Quand ? »." in page.content.decode()
    ici, lue = adresse("publier_version", consultation), redaction(consultation)
    reponse = chez.post(ici, {"redaction": lue, "ce_qui_change": "  "})
    assert reponse.status_code == 422
    assert "dites en une phrase ce qui change" in reponse.content.decode().lower()
    reponse = chez.post(ici, {"redaction": lue - 1, "ce_qui_change": "Une question de plus."})
    assert reponse.status_code == 409
    assert reponse.context["form"]["ce_qui_change"].value() == "Une question de plus."
    assert chez.post(ici, {"redaction": lue, "ce_qui_change": "Une question de plus."}).status_code == 302
    assert (consultation.version.numero, consultation.version.ce_qui_change) == (2, "Une question de plus.")
    assert "Une question de plus." in chez.get(adresse("composer", consultation)).content.decode()
    assert Entree.objects.sur(consultation).filter(type="consultations.version.publier", est_publique=True).count() == 1


def test_sans_reponse_la_nouvelle_version_remplace_l_ancienne_sans_rien_demander(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="programmee", agent=agent)
    chez.post(adresse("preparer_version", consultation))
    ici = adresse("publier_version", consultation)
    reponse = chez.post(ici, {"redaction": redaction(consultation)})
    assert reponse.status_code == 422
    assert "Rien n’a changé" in reponse.content.decode()
    chez.post(adresse("page", consultation, "p1"), {"redaction": redaction(consultation), "titre": "Vous"})
    assert chez.post(ici, {"redaction": redaction(consultation)}).status_code == 302
    assert list(consultation.versions.values_list("numero", flat=True)) == [1]
    assert consultation.version.questionnaire.pages[0].titre == "Vous"


def test_une_version_qui_ne_tient_pas_ne_se_publie_pas(chez, agent):
    consultation = fabriques.consultation(avec_saut(), agent=agent)
    chez.post(adresse("preparer_version", consultation))
    geste(chez, consultation, "page.ajouter:")
    reponse = chez.post(
        adresse("publier_version", consultation), {"redaction": redaction(consultation), "ce_qui_change": "Une page."}
    )
    assert reponse.status_code == 422
    assert "La page 4 est vide" in reponse.content.decode()
    assert consultation.version.numero == 1


def test_une_nouvelle_version_s_abandonne(chez, agent):
    consultation = fabriques.consultation(avec_saut(), agent=agent)
    participation(consultation, {"q1": ["b"]})
    chez.post(adresse("preparer_version", consultation))
    assert "Abandonner la version 2" in chez.get(adresse("abandonner_version", consultation)).content.decode()
    chez.post(adresse("abandonner_version", consultation))
    assert [v.numero for v in consultation.versions.all()] == [1]
    assert chez.post(adresse("abandonner_version", consultation)).status_code == 409


def test_reprendre_l_annonce_rouvre_le_meme_questionnaire(chez, agent):
    consultation = fabriques.consultation(avec_saut(), etat="programmee", agent=agent)
    etape = reverse("timeline:etape", args=["consultations.consultation", consultation.pk, "reprendre"])
    assert "ne sera plus annoncée" in chez.get(etape).content.decode()
    assert chez.post(etape, {"etat": "programmee"}).status_code == 302
    assert "Reprendre les questions" in chez.get(adresse("composer", consultation)).content.decode()
    chez.post(adresse("preparer_version", consultation))
    assert geste(chez, consultation, "page.ajouter:").status_code == 302
    assert consultation.versions.count() == 1


def test_le_bilan_se_publie_par_la_vue_de_toutes_les_etapes(chez, agent):
    consultation = fabriques.consultation(etat="close", agent=agent)
    etape = reverse("timeline:etape", args=["consultations.consultation", consultation.pk, "restituer"])
    assert "Ce que nous retenons, et la suite" in chez.get(etape).content.decode()
    for vide in ("", " \n\u200b "):
        reponse = chez.post(etape, {"bilan": vide, "etat": "close"})
        assert reponse.status_code == 422
        assert "Dites ce que vous retenez" in reponse.content.decode()
    assert chez.post(etape, {"bilan": "Des bancs, au printemps.", "etat": "close"}).status_code == 302
    consultation = Consultation.objects.get()
    assert (consultation.etat, consultation.restitution) == ("restituee", "Des bancs, au printemps.")


# --- How much it costs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nom", ["composer", "apercu", "publier_version"])
def test_cinquante_questions_ne_coutent_pas_plus_qu_une(chez, agent, nom):
    couts = []
    for nb in (1, 50):
        pages = tuple(Page(f"p{n}", elements=(question(f"q{n}"),)) for n in range(nb))[:30]
        reste = tuple(question(f"q{n}", Genre.ECHELLE) for n in range(30, nb))
        pages = (*pages[:-1], Page(pages[-1].cle, elements=(*pages[-1].elements, *reste)))
        consultation = fabriques.consultation(Questionnaire(pages), agent=agent)
        chez.post(adresse("preparer_version", consultation))
        couts.append(requetes(chez, adresse(nom, consultation)))
    assert couts[0] == couts[1] <= 14


def test_cinquante_consultations_ne_coutent_pas_plus_qu_une(chez, agent):
    etape = EtapeFabrique(ouvre=["repondre"], ouvre_le=timezone.now() - timedelta(days=60))
    couts = {}
    for nb in (1, 50):
        while Consultation.objects.count() < nb:
            fabriques.consultation(etat="brouillon", agent=agent, etape=etape)
        for url in (reverse("consultations:bureau"), reverse("projets:conduire", args=[etape.projet.slug])):
            couts.setdefault(url, []).append(requetes(chez, url))
    conduire = reverse("projets:conduire", args=[etape.projet.slug])
    assert all(un == cinquante for url, (un, cinquante) in couts.items() if url != conduire)
    bureau = reverse("consultations:bureau")
    assert requetes(chez, f"{bureau}?page=2") == couts[bureau][0]
    # The journal of the projet shows up to fifty entries, which it draws in a constant number of queries too.
    assert couts[conduire][1] <= couts[conduire][0] + 2
