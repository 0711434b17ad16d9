"""Words written in French say so on an English page, for the voice that reads them; nothing is added to a French one."""

import re
from datetime import date, time

import pytest
from django import forms
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from commentaires.actions import commenter
from idees.actions import regler
from socle.templatetags.composants import ecrit_ici, en_phrase, sans_liens
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
)
from timeline.models import Entree

pytestmark = pytest.mark.django_db

MOTS = "Des bancs fictifs à l’ombre"


def langues(page: str, mots: str) -> set[str]:
    """Language of each element of the body whose whole text is `mots`, as its own `lang` says it."""
    corps = page.partition("<body")[2]
    balises = re.findall(rf"<(?:\w+)([^<>]*)>\s*(?:<p>)?\s*{re.escape(mots)}\s*<", corps)
    return {(re.search(r' lang="(\w+)"', attributs) or [None, ""])[1] for attributs in balises}


def lire(client, adresse, langue):
    return client.get(adresse, headers={"accept-language": langue}).content.decode()


def test_une_idee_ses_commentaires_et_sa_reponse(client, citoyenne):
    idee = IdeeFabrique(titre=MOTS, texte="Une phrase inventée.", etat="retenue")
    publiee = IdeeFabrique(titre="Une autre idée fictive", etat="publiee")
    commenter(publiee, par=citoyenne, texte="Oui, à l’ombre.")
    reponse = idee.reponses.get()
    anglaise, discutee = lire(client, idee.get_absolute_url(), "en"), lire(client, publiee.get_absolute_url(), "en")

    assert '<html lang="en"' in anglaise
    assert "fr" in langues(anglaise, MOTS)
    assert "fr" in langues(anglaise, "Une phrase inventée.")
    assert "fr" in langues(anglaise, reponse.texte)
    assert "fr" in langues(discutee, "Oui, à l’ombre.")
    assert "fr" in langues(lire(client, reverse("idees:liste"), "en"), MOTS)
    assert "fr" not in langues(lire(client, idee.get_absolute_url(), "fr"), MOTS)


def test_un_projet_et_ses_etapes(client):
    projet = ProjetFabrique(titre="La place fictive", ouvert=True)
    EtapeFabrique(projet=projet, titre="Vos idées pour la place")
    anglaise = lire(client, projet.get_absolute_url(), "en")

    assert "fr" in langues(anglaise, "La place fictive")
    assert "fr" in langues(anglaise, projet.resume)
    assert "fr" in langues(anglaise, projet.non_negociable)
    assert "fr" in langues(anglaise, "Vos idées pour la place")
    assert "fr" not in langues(lire(client, projet.get_absolute_url(), "fr"), "La place fictive")


def test_les_listes_de_reponses_et_la_page_d_une_reponse(client):
    repondue = IdeeFabrique(titre=MOTS, etat="retenue").reponses.get()
    attendue = IdeeFabrique(titre="Une rampe fictive", etat="en_etude")
    liste = lire(client, reverse("reponses:liste"), "en")
    attendues = lire(client, reverse("reponses:attendues"), "en")
    page = lire(client, repondue.get_absolute_url(), "en")
    fil = lire(client, reverse("idees:versions", args=[attendue.pk]), "en")

    assert langues(liste, MOTS) == langues(liste, repondue.texte) == {"fr"}
    assert langues(attendues, attendue.titre) == {"fr"}
    assert "fr" in langues(attendues, attendue.boite.service.nom)
    assert langues(page, MOTS) == {"fr"}, "its h1, and what it answers"
    assert langues(fil, attendue.titre) == {"fr"}, "the way back too"
    assert " lang=" not in lire(client, reverse("reponses:liste"), "fr").partition("<main")[2].partition("</main")[0]


def test_la_chronologie_dit_en_francais_ce_qui_est_ecrit_en_francais(client):
    agent = PersonneFabrique(roles=["agent"])
    boite = BoiteFabrique.build(titre="La boîte fictive", slug="", service=ServiceFabrique())
    regler(boite, par=agent)
    boite.seuil_soutiens = 40
    regler(boite, par=agent)
    (reglee,) = Entree.objects.filter(type="idees.boite.regler")
    anglaise, francaise = (lire(client, reverse("timeline:chronologie"), langue) for langue in ("en", "fr"))

    assert langues(anglaise, reglee.donnees["apres"]) == {"fr"}
    assert "<span>" not in francaise.partition('id="entree-')[2].partition("</ol>")[0]
    assert reglee.donnees["apres"] in francaise


@pytest.mark.sans_base
def test_des_mots_dans_une_phrase():
    phrase = "{% load i18n composants %}{% blocktranslate with m=mots|ecrit_ici %}« {{ m }} »{% endblocktranslate %}"
    for langue, attendu in (("fr", "« a &lt;b&gt; »"), ("en", '« <span lang="fr">a &lt;b&gt;</span> »')):
        with translation.override(langue):
            assert Template(phrase).render(Context({"mots": "a <b>"})) == attendu
            assert Template(phrase).render(Context({"mots": ""})) == "«  »", "nothing said, nothing marked"


@pytest.mark.sans_base
def test_une_phrase_ecrite_en_python_reste_du_texte_en_francais():
    """Also compared, put in files and in mails: there it is what it was, word for word."""
    dits = {}
    for langue in ("fr", "en"):
        with translation.override(langue):
            dits[langue] = en_phrase("L’étape de « %(titre)s » : %(n)s <", titre=ecrit_ici("l'eau & <b>"), n=2)

    assert dits["fr"] == "L’étape de « l'eau & <b> » : 2 <" and not hasattr(dits["fr"], "__html__")
    assert dits["en"] == 'L’étape de « <span lang="fr">l&#x27;eau &amp; &lt;b&gt;</span> » : 2 &lt;'


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("phrase", "attendu"),
    [
        ('The idea <a href="/i/" lang="fr">De l&#x27;eau</a>.', 'The idea <span lang="fr">De l&#x27;eau</span>.'),
        ('<a href="/i/">« <span lang="fr">A</span> »</a> : <s>1</s><br>2', '« <span lang="fr">A</span> » : 12'),
        ('<s lang="fr">A <em>b</em></s> c &amp; d', '<span lang="fr">A b</span> c &amp; d'),
        ('<img alt=""/>a</p> b', "a b"),
    ],
)
def test_une_phrase_dans_un_autre_lien_garde_sa_langue(phrase, attendu):
    assert sans_liens(mark_safe(phrase)) == attendu
    francaise = mark_safe(re.sub(r' lang="fr"', "", phrase))
    assert sans_liens(francaise) == strip_tags(francaise), "in the language of the page, nothing but its text"


@pytest.mark.sans_base
def test_un_texte_n_est_pas_une_phrase_a_liens():
    assert sans_liens("1 < 2 <b>") == "1 &lt; 2 &lt;b&gt;"


def test_ce_qui_vient_et_ce_qui_s_est_passe_se_lisent_dans_la_chronologie(client):
    etape = EtapeFabrique(projet=ProjetFabrique(titre="La place fictive", ouvert=True), titre="Vos idées pour la place")
    IdeeFabrique(titre=MOTS, etat="publiee")
    anglaise, francaise = (lire(client, reverse("timeline:chronologie"), langue) for langue in ("en", "fr"))

    assert langues(anglaise, etape.titre) == langues(anglaise, MOTS) == {"fr"}
    assert f'The idea <span lang="fr">{MOTS}</span> is published.</span></a>' in anglaise, "the permanent link too"
    assert f"« {etape.titre} », projet La place fictive</a>" in francaise
    assert f"L’idée {MOTS} est publiée.</span></a>" in francaise


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize("tape", ["2027-04-03", "03/04/2027", "3/4/2027"])
def test_une_date_se_lit_dans_l_ordre_ou_elle_se_montre(langue, tape):
    """Where a browser has no calendar, or a program fills the form in: a promised date must not move by eleven months."""
    with translation.override(langue):
        assert forms.DateField().clean(tape) == date(2027, 4, 3)
        assert f"{forms.DateTimeField().clean(f'{tape} 14:05'):%Y-%m-%d %H:%M}" == "2027-04-03 14:05"
        assert date_format(date(2027, 4, 3), "SHORT_DATE_FORMAT") == "03/04/2027"
        assert date_format(time(14, 5), "TIME_FORMAT") == "14:05"
