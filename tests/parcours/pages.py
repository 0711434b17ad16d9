"""Which page is read by axe-core, by whom and where: the walk of `test_chaque_page`, another story, or nobody and why not.

`tests/config/test_pages_lues.py` compares these tables with the URLconf: a new page has its place in one of them.
"""

#: Who -> the pages she opens, in the light and in the dark. {…} are found on the site itself.
EN_SOMBRE = {
    "": [
        "/", "/idees/", "/idees/?vue=carte",
        "/idees/calendrier/", "{idee}affiche/",
        "/idees/proposer/", "{idee}", "{idee_repondue}",
        "{recit}", "{recit}imprimer/",
        "{boite}", "{fusion}", "/projets/", "{projet}", "{projet_documents}", "/chronologie/",
        "{entree}",
        "/chronologie/registre/", "/reponses/",
        "/reponses/attendues/",
        "/reponses/chiffres/", "{reponse}", "{reponse_relue}", "{reponse_en_attente}",
        "/comptes/login/", "/comptes/signup/", "/comptes/password/reset/",
        "/charte/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/contact/", "/plan-du-site/",
        "/comment-ca-marche/",
        "/votes/",
        "/communautes/", "{communaute}", "{communaute}journal/",
        "{communaute_fermee}", "{communaute_en_sommeil}",
        "/consultations/", "{consultation}", "{consultation}repondre/", "{sondage}", "{sondage}code/",
        "{bilan}", "/participations/", "/moderation/registre/", "{signaler}", "/courriels/", "/composants/",
        "/nulle-part/",
    ],
    "citoyenne": [
        "/mon-espace/", "/mon-espace/idees/", "/mon-espace/soutiens/", "/mon-espace/commentaires/",
        "/mon-espace/accords/",
        "/mon-espace/suivis/", "/mon-espace/reponses-attendues/", "/mon-espace/mes-donnees/",
        "{ma_reponse_officielle}", "{demander_lecture}",
        "/mon-espace/votes/", "/mon-espace/communautes/", "/communautes/proposer/",
        "{communaute}", "{communaute}membres/", "{communaute}membres/inviter/", "{communaute}modifier/",
        "{communaute_fermee}rejoindre/",
        "/mon-espace/consultations/", "{consultation}repondre/", "{consultation}relire/", "{ma_reponse}",
        "{proposer}", "/notifications/", "/notifications/preferences/", "/mon-profil/", "/comptes/2fa/", "{idee}",
        "{retirer}",
    ],
}  # fmt: skip

#: Who -> all the pages she opens. The others are the same with another choice, or made of what those show in the dark.
PAGES = {
    "": [
        *EN_SOMBRE[""],
        "/idees/?etat=retard", "/idees/?theme=bien-vieillir&page=1", "/idees/?ordre=moins_vues",
        "/idees/?pres=nantes", "/chronologie/?genre=reponses", "/reponses/?genre=corrections",
        "/reponses/?decision=go&raison=cout", "/votes/?etat=finis", "/communautes/?q=voisins",
        "/communautes/?q=introuvable", "/consultations/?etat=finies",
        "{communaute_pas_a_pas}projet/", "{projet}cadre/", "{projet}actualites/", "{actualite}",
        "{projet_du_recit}recit/",
        "{sondage}resultats/", "{bilan}resultats/croiser/", "{bilan}resultats/textes/{ouverte}/",
        "{panel}", "{panel}place/", "{panel}tirages/1/", "{compte_rendu}", "{ebauche}versions/", "{ebauche}versions/2/",
        "{sujet}versions/", "{vote_fini}resultats/", "/commentaires/idees.idee/{idee_commentee}/",
        "/commentaires/{commentaire}/reponses/", "/courriels/{courriel}/", "/api/",
        "/comptes/confirm-email/", "/comptes/confirm-email/{cle_adresse}/", "/comptes/inactive/",
        "/comptes/password/reset/done/", "/comptes/password/reset/key/{compte}-{cle_mot_de_passe}/",
        "/comptes/password/reset/key/done/", "/comptes/3rdparty/login/cancelled/", "/comptes/3rdparty/login/error/",
        "/notifications/arreter/{jeton}/", "/idees/suivre/lien/{cle_depot}/", "/idees/suivre/arreter/{cle_arret}/",
    ],
    "citoyenne": [
        *EN_SOMBRE["citoyenne"],
        "/communautes/?liste=miennes",
        "/comptes/password/change/", "/comptes/email/", "/comptes/logout/", "/comptes/reauthenticate/",
        "/comptes/sessions/",
        "/comptes/3rdparty/", "/comptes/2fa/totp/activate/", "/comptes/2fa/webauthn/", "/comptes/2fa/webauthn/add/",
        "/mon-profil/effacer/", "{ma_reponse}retirer/", "{brouillon}modifier/", "{brouillon}effacer/",
        "{brouillon}regarder/", "{mon_idee_retenue}groupe/", "{fusion}mon-soutien/", "{ebauche}ecrire/",
        "/idees/ebauches/{ebauche_a_deposer}/deposer/", "/commentaires/{mon_commentaire}/corriger/",
        "/communautes/les-rives-a-pied/forum/{mon_sujet}/corriger/",
    ],
    "agent": [
        "/bureau/lots/", "/bureau/lots/nouveau/", "/bureau/modeles-de-reponse/", "/bureau/modeles-de-reponse/nouveau/",
        "/bureau/modeles-de-reponse/{modele}/", "/bureau/modeles-de-reponse/{modele}/archiver/",
        "/bureau/lots/{lot}/ajouter/", "/bureau/lots/{lot}/retirer/{place_de_lot}/", "/bureau/lots/{lot}/brouillons/",
        "/bureau/lots/{lot}/signataire/",
        "/bureau/", "/bureau/integrer/", "{saisir_reponse}", "/bureau/consultations/", "/bureau/consultations/nouvelle/",
        "/bureau/importations/", "/bureau/importations/nouvelle/", "/bureau/importations/{reprise}/correspondance/",
        "/bureau/importations/{reprise}/essai/", "/bureau/importations/{reprise_finie}/",
        "/bureau/importations/{reprise_finie}/annuler/", "/bureau/depots/{depot}/", "{idee_etude}", "{rediger}", "{reunir}",
        "{communaute_fermee}membres/", "{communaute_proposee}", "{appel}", "/bureau/appels/",
        "/bureau/appels/?etat=finis",
        "/bureau/votes/", "/bureau/votes/nouveau/", "/bureau/votes/reprendre/",
        "/nouveau-projet/", "{conduire}", "{regler}",
        "{composer}", "{raconter}", "{retarder}", "{nouvelle}",
        "{panel}avis/", "{panel}syntheses/", "{panel}comptes-rendus/nouveau/", "{compte_rendu}corriger/",
        "{bureau_panel}mandat/", "{bureau_panel}places/", "{bureau_panel}reponse/",
        "{communaute_en_sommeil}membres/{membre}/role/", "/communautes/{communaute_sans_referente}/referente/",
        "/bureau/consultations/{questionnaire}/apercu/", "/bureau/consultations/{questionnaire}/composer/",
        "/bureau/consultations/{questionnaire}/regles/",
        "/bureau/consultations/{questionnaire}/composer/ajouter/?page={page}&genre=texte_court",
        "/bureau/consultations/{questionnaire}/composer/pages/{page}/",
        "/bureau/consultations/{questionnaire}/composer/pages/{page}/retirer/",
        "/bureau/consultations/{questionnaire}/composer/pages/{page}/sauts/ajouter/",
        "/bureau/consultations/{questionnaire}/composer/pages/p1/sauts/1/",
        "/bureau/consultations/{questionnaire}/composer/elements/{element}/",
        "/bureau/consultations/{questionnaire}/composer/elements/{element}/retirer/",
        "/bureau/consultations/{questionnaire_annonce}/version/publier/",
        "/bureau/consultations/{questionnaire_annonce}/version/abandonner/",
        "{bilan}resultats/fichiers/{ouverte}/",
        "/idees/boites/creer/", "{idee_repondue}projet/",
        "{projet}modifier/", "{projet}equipe/", "{projet}etapes/nouvelle/", "{projet}etapes/{etape}/",
        "/projets/{projet_prepare}/etapes/{etape_a_retirer}/retirer/", "{projet}recit/composer/{passage}/",
        "{projet}actualites/nouvelle/", "{projet}documents/nouveau/", "{projet_documents}documents/{document}/",
        "{reponse_a_tenir}corriger/", "{reponse_a_tenir}jalons/", "/reponses/jalons/{jalon}/fait/",
        "/reponses/jalons/{jalon}/annuler/",
        "/bureau/votes/{vote}/apercu/", "/bureau/votes/{vote}/propositions/{option}/retirer/",
        "/bureau/votes/{vote_depouille}/comptage/{comptage}/", "/bureau/votes/{vote}/simuler/",
        "/bureau/votes/{vote}/etudes/",
        "/bureau/votes/{vote_en_preparation}/composer/", "/bureau/votes/{vote_en_preparation}/regles/",
        "/bureau/votes/{vote_en_preparation}/facon/",
        "/bureau/votes/{vote_en_preparation}/ajouter/", "/bureau/votes/{vote_en_preparation}/ajouter/idees/",
        "/bureau/votes/{vote_en_preparation}/ajouter/fichier/",
        "/bureau/votes/{vote_en_preparation}/enveloppes/", "/bureau/votes/{vote_en_preparation}/enveloppes/{enveloppe}/",
        "/bureau/votes/{vote_en_preparation}/enveloppes/{enveloppe}/retirer/",
        "/bureau/votes/{vote_en_preparation}/propositions/{option}/",
        "/bureau/votes/{vote_en_preparation}/propositions/{option}/joindre/",
    ],
    # Somebody whose retained idea may go to the vote together with another.
    "voisin5": ["/votes/jonctions/{jonction}/", "/votes/jonctions/{jonction}/refuser/"],
    "moderatrice": [
        "/moderation/", "/moderation/decisions/1/", "/moderation/masquer/idees.idee/{idee_commentee}/",
        "/moderation/retablir/idees.idee/{idee_masquee}/",
    ],
    "mediatrice": ["/bureau/mediation/", "{reponse_en_attente}", "/bureau/appels/", "{appel}"],
    "elue": ["/bureau/signatures/", "{dossier}"],
    # One model for each kind of page: they are Django's own.
    "administratrice": [
        "/administration/", "/administration/comptes/", "/administration/comptes/utilisateur/",
        "/administration/comptes/utilisateur/{citoyenne}/change/", "/administration/projets/thematique/add/",
        "/administration/projets/thematique/{thematique}/delete/",
        "/administration/comptes/utilisateur/{citoyenne}/history/",
        "/administration/password_change/", "/administration/password_change/done/",
    ],
}  # fmt: skip

#: Pages that answer something else than 200: what they say is to be read too.
STATUTS = {"/nulle-part/": 404, "/comptes/3rdparty/login/error/": 401}

#: {…} that is an address -> the view that answers there.
VUES = {
    "idee": "idees:detail", "idee_repondue": "idees:detail", "idee_etude": "idees:detail", "rediger": "reponses:rediger",
    "retirer": "timeline:etape", "fusion": "idees:fusion", "reunir": "idees:reunir", "boite": "idees:boite",
    "regler": "idees:regler_boite", "proposer": "idees:proposer_dans", "signaler": "moderation:signaler",
    "consultation": "consultations:detail", "sondage": "consultations:detail", "bilan": "consultations:detail",
    "saisir_reponse": "consultations:saisir", "ma_reponse": "consultations:participation",
    "communaute": "communautes:detail", "communaute_fermee": "communautes:detail",
    "communaute_en_sommeil": "communautes:detail", "communaute_proposee": "communautes:detail", "appel": "communautes:appel",
    "projet": "projets:detail", "conduire": "projets:conduire", "projet_documents": "projets:detail",
    "reponse": "reponses:detail", "reponse_relue": "reponses:detail", "reponse_en_attente": "reponses:detail",
    "ma_reponse_officielle": "reponses:detail", "demander_lecture": "reponses:demander_lecture",
    "recit": "projets:edition_recit", "composer": "projets:composer_recit", "raconter": "reponses:raconter_jalon",
    "retarder": "reponses:retarder_jalon", "nouvelle": "reponses:nouvelle", "dossier": "reponses:detail",
    "entree": "timeline:entree", "communaute_pas_a_pas": "communautes:detail", "actualite": "projets:actualite",
    "projet_du_recit": "projets:detail", "panel": "communautes:panel", "compte_rendu": "communautes:compte_rendu",
    "bureau_panel": "communautes:bureau_panel", "ebauche": "communautes:ebauche", "sujet": "communautes:sujet",
    "vote_fini": "votes:detail", "reponse_a_tenir": "reponses:detail", "brouillon": "idees:detail", "mon_idee_retenue": "idees:detail",
}  # fmt: skip

#: Found on the site by its own Python.
TROUVER = """
from commentaires.models import Commentaire
from communautes.models import Appel, Communaute, CompteRendu, Ebauche, Sujet
from comptes.models import Utilisateur
from consultations.models import Consultation, Participation
from idees.models import Fusion, Idee
from moderation.models import Decision
from notifications.models import Courriel
from projets.models import Actualite, Projet, Recit, Thematique
from reponses.models import Jalon, Reponse
from timeline.models import Entree
from votes.models import Comptage
i = lambda **f: Idee.objects.filter(**f).order_by("-publiee_le").first()
etude = Idee.objects.filter(etat="en_etude", reponses__isnull=True).first()
mienne = Idee.objects.filter(etat="publiee", auteur__email__startswith="citoyenne").first()
print("idee", i(etat="publiee", photos__isnull=False).get_absolute_url())
print("idee_repondue", i(etat="retenue").get_absolute_url())
print("idee_etude", etude.get_absolute_url())
print("rediger", f"/reponses/rediger/idees.idee/{etude.pk}/")
print("retirer", f"/etapes/idees.idee/{mienne.pk}/retirer/")
print("fusion", Fusion.objects.first().get_absolute_url())
print("reunir", f"/idees/{mienne.pk}/reunir/?avec={i(etat='publiee', fusions__isnull=False).pk}")
print("boite /idees/boites/j-ai-une-idee/")
print("regler /idees/boites/j-ai-une-idee/regler/")
print("proposer /idees/boites/j-ai-une-idee/proposer/")
print("signaler", f"/signaler/idees.idee/{i(etat='publiee').pk}/")
c = {c.titre.split()[1]: c for c in Consultation.objects.exclude(etat="brouillon")}
print("consultation", c["rue"].get_absolute_url())
print("sondage", c["piscine"].get_absolute_url())
print("bilan", c["navette"].get_absolute_url())
print("saisir_reponse", f"/bureau/consultations/{c['rue'].slug}/saisir/")
envoyee = Participation.objects.get(personne__email__startswith="citoyenne", envoyee_le__isnull=False)
print("ma_reponse", f"/participations/{envoyee.numero}/")
for nom, debut in [("communaute", "Réseau"), ("communaute_fermee", "Se déplacer"), ("communaute_en_sommeil", "Les jardins"),
                   ("communaute_proposee", "Réparer")]:
    print(nom, Communaute.objects.get(nom__startswith=debut).get_absolute_url())
print("appel", Appel.objects.get().get_absolute_url())
p = Projet.objects.get(titre__startswith="Des rues")
print("projet", p.get_absolute_url())
print("conduire", p.get_absolute_url() + "conduire/")
print("projet_documents", Projet.objects.get(titre__startswith="La place").get_absolute_url())
print("reponse", Reponse.objects.publiees().first().get_absolute_url())
print("reponse_relue", Reponse.objects.get(secondes_lectures__etat="precisee").get_absolute_url())
print("reponse_en_attente", Reponse.objects.get(secondes_lectures__etat="demandee").get_absolute_url())
siennes = Idee.objects.filter(auteur__email__startswith="citoyenne").values("pk")
a_elle = Reponse.objects.publiees().filter(corrige=None, cible_type__model="idee", cible_id__in=siennes).first()
print("ma_reponse_officielle", a_elle.get_absolute_url())
print("demander_lecture", f"{a_elle.get_absolute_url()}seconde-lecture/")
r = Recit.objects.get(etat="publie")
faite, attendue = Jalon.objects.exclude(fait_le=None).first(), Jalon.objects.a_tenir().first()
print("recit", r.get_absolute_url())
print("composer", r.projet.get_absolute_url() + "recit/composer/")
print("raconter", f"/reponses/jalons/{faite.pk}/raconter/")
print("retarder", f"/reponses/jalons/{attendue.pk}/retard/")
print("nouvelle", f"/reponses/{faite.reponse_id}/nouvelle/")
print("dossier", Reponse.objects.get(etat="a_signer").get_absolute_url())
print("entree", Entree.objects.publiques().order_by("-le").first().get_absolute_url())
print("citoyenne", Utilisateur.objects.get(email__startswith="citoyenne@").pk)
print("thematique", Thematique.objects.first().pk)
print("courriel", Courriel.objects.first().pk)
print("commentaire", Commentaire.objects.filter(reponses__isnull=False).first().pk)
print("idee_commentee", Commentaire.objects.filter(cible_type__model="idee", parent=None).first().cible_id)
print("idee_masquee", Decision.objects.first().cible_id)
print("brouillon", Idee.objects.get(etat="brouillon", auteur__email__startswith="citoyenne").get_absolute_url())
retenues = ["retenue", "en_etude", "en_realisation"]
print("mon_idee_retenue", Idee.objects.filter(etat__in=retenues, auteur__email__startswith="citoyenne").first().get_absolute_url())
compte_rendu = CompteRendu.objects.first()
panel = compte_rendu.communaute.panel
print("panel", panel.get_absolute_url())
print("compte_rendu", compte_rendu.get_absolute_url())
print("bureau_panel", f"/bureau/panels/{panel.communaute.slug}/")
print("communaute_pas_a_pas", Communaute.objects.get(nom__startswith="Groupe de travail").get_absolute_url())
print("membre", Communaute.objects.get(nom__startswith="Les jardins").adhesions.filter(role="membre").first().pk)
print("sujet", Sujet.objects.filter(communaute__nom__startswith="Réseau").first().get_absolute_url())
ebauche = Ebauche.objects.get(etat="en_ecriture")
print("ebauche", ebauche.get_absolute_url())
print("ebauche_a_deposer", ebauche.pk)
print("page p2")
print("element mots")
print("ouverte mots")
print("etape", p.etapes.first().pk)
print("actualite", Actualite.objects.first().get_absolute_url())
print("document", Projet.objects.get(titre__startswith="La place").documents.first().pk)
print("projet_du_recit", r.projet.get_absolute_url())
print("jalon", attendue.pk)
print("reponse_a_tenir", attendue.reponse.get_absolute_url())
compte = Comptage.objects.get()
print("vote_fini", compte.scrutin.get_absolute_url())
print("vote_depouille", compte.scrutin.slug)
print("comptage", compte.pk)
"""

#: JavaScript: what the open page answered. An address with a mistake in it would show a very accessible « introuvable ».
STATUT = "performance.getEntriesByType('navigation')[0].responseStatus"

#: Story -> pages that axe-core reads there, and that the walk need not open.
AILLEURS = {
    "test_au_guichet": [
        "idees:deposer", "idees:lettre", "idees:lettres", "idees:rattacher", "idees:saisir", "idees:suivi",
        "idees:suivre",
    ],
    "test_cinq_reponses": ["reponses:consulter_lot", "reponses:lot", "reponses:signer_lot"],
    "test_communautes": ["communautes:faire_appel"],
    "test_deux_dans_un_dossier": ["reponses:avis", "reponses:modifier"],
    "test_discuter": ["commentaires:distinguer", "commentaires:versions"],
    "test_ecrire_a_plusieurs": ["idees:corriger", "idees:equipe", "idees:invitation", "idees:version", "idees:versions"],
    "test_ecrire_ensemble": ["communautes:commencer_une_ebauche", "communautes:ebauche", "communautes:ecrits"],
    "test_forum": [
        "communautes:demander_sondage", "communautes:document_partage", "communautes:documents", "communautes:forum",
        "communautes:ouvrir_sujet", "communautes:partager_document", "communautes:sondage", "communautes:sondages",
        "communautes:sujet", "communautes:verser_version", "communautes:version_partagee",
    ],
    "test_portes_du_compte": [
        "mfa_authenticate", "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    ],
    "test_proclamer": ["votes:depouiller", "votes:ouvrir_un_projet", "votes:pourquoi"],
    "test_proposer_malgre_tout": ["idees:suite"],
    "test_question": [
        "communautes:poser_une_question", "communautes:question", "communautes:questions", "comptes:reprendre",
        "portail:mes_questions",
    ],
    "test_reunir_deux_idees": ["idees:decider_fusion"],
    "test_sondage_integre": ["consultations:integrer", "projets:cadre_integre"],
    "test_tirage": [
        "communautes:bureau_panel", "communautes:bureau_panels", "communautes:calcul", "communautes:colonnes_vivier",
        "communautes:nouveau_panel", "communautes:preparer_tirage", "communautes:publier_mandat",
        "communautes:quotas_tirage",
        "communautes:recevoir_vivier", "communautes:refuser_place",
    ],
    "test_une_idee_existe_deja": ["idees:rejoindre", "idees:semblables"],
    "test_voter": [
        "votes:bulletin", "votes:detail", "votes:mon_vote", "votes:option", "votes:options", "votes:verifier",
        "votes:voter",
    ],
}  # fmt: skip

_FICHIER = "donne un fichier ou des données"
_RENVOI = "ne fait que renvoyer à une autre page"
_ENVOI = "ne répond qu’à un envoi"
_MORCEAU = "un morceau d’une page que le parcours lit"
_AUTRE_SITE = "commence chez un fournisseur d’identité, que la démonstration n’a pas"

#: Page -> why no browser reads it.
SANS_LECTURE = {
    **dict.fromkeys([
        "admin:autocomplete", "admin:jsi18n", "api:schema", "communautes:fichier_avis", "communautes:fichier_partage",
        "communautes:fichier_tirage", "communautes:image", "communautes:photo_sujet", "communautes:questions_atom",
        "consultations:donnees", "consultations:oembed", "consultations:piece", "idees:photo",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn", "portail:sante", "projets:document", "projets:photo_recit", "reponses:photo",
        "votes:bulletins",
        "votes:donnees_resultats", "votes:image",
    ], _FICHIER),
    **dict.fromkeys([
        "admin:", "admin:login", "admin:view_on_site", "commentaires:voir", "communautes:ma_place", "idees:decouvrir",
        "idees:mon_invitation", "idees:reprendre",
    ], _RENVOI),
    "admin:logout": _ENVOI,
    **dict.fromkeys(["reponses:ecrivent"], _MORCEAU),
    **dict.fromkeys([
        "franceconnect_callback", "franceconnect_login", "openid_connect_callback", "openid_connect_login",
        "socialaccount_signup",
    ], _AUTRE_SITE),
    "api:description": "Swagger UI a des contrastes, des titres et des boutons à lui ; `/api/`, que le parcours lit, dit la même chose",
    "account_confirm_login_code": "un code par courriel : cette porte est fermée",
    "account_set_password": "pour qui est entrée par un autre site, et n’a pas de mot de passe",
}  # fmt: skip


def nom_de_page(nom_de_vue: str, vue) -> str:
    """The name of its view; of the administration's pages of models, the method of Django that makes them all."""
    fonction = getattr(vue, "__qualname__", "")
    return f"admin:{fonction}" if fonction.startswith("ModelAdmin.") else nom_de_vue
