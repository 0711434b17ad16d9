from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeesConfig(AppConfig):
    name = "idees"
    verbose_name = _("Idées")

    def ready(self):
        from comptes.effacement import oublier_avec
        from idees import notifications_equipe, notifications_fusion  # noqa: F401 (they register what they tell)
        from idees.appels import boutons_de
        from idees.depositaires import personne_de
        from idees.devenir import raconter, raconter_les_boites
        from idees.dossier import fond_de_l_idee
        from idees.effacement import oublier
        from idees.models import Idee, Relecture
        from idees.verification import idees_publiees, versions_gardees
        from moderation.files import File, inscrire
        from projets.actions_ouvertes import proposer_avec
        from reponses.attentes import Attente, attendre_avec
        from reponses.fonds import instruire_avec
        from socle.devenir import raconter_avec
        from timeline.acteurs import reconnaitre_avec
        from timeline.verification import comparer_avec

        comparer_avec(idees_publiees, versions_gardees)
        proposer_avec(boutons_de, precharger=("boites",))
        inscrire(
            File(
                titre=_("Idées à relire"),
                requete=Idee.objects.a_relire,
                modele="idees.idee",
                etapes=("publier", "refuser"),
            )
        )
        inscrire(
            File(
                titre=_("Modifications à relire"),
                requete=Relecture.objects.a_faire,
                modele="idees.relecture",
                gabarit="idees/_a_relire.html",
                depuis="depuis_le",
                etapes=("relire",),
            )
        )
        attendre_avec(Attente(a_repondre=Idee.objects.a_repondre_par, chargees=Idee.objects.pour_repondre))
        oublier_avec(oublier)
        instruire_avec(Idee, fond_de_l_idee)
        reconnaitre_avec(personne_de)
        raconter_avec("idees.idee", raconter)
        raconter_avec("idees.boite", raconter_les_boites)
        self._avec_les_communautes()

    def _avec_les_communautes(self):
        from communautes import autour, sections
        from communautes.portes import retenir_avec
        from idees import notifications_ensemble  # noqa: F401 (they register what they tell)
        from idees.ensemble import suite_de_l_ebauche
        from idees.groupes import convier_au_groupe, faire_rester_connu
        from idees.pas_a_pas import a_un_projet_pas_a_pas, etat_du_groupe

        autour.suivre_l_ebauche_avec(autour.Panneau("idees/ensemble/_suite.html", suite_de_l_ebauche))
        autour.entourer_avec(autour.Panneau("idees/ensemble/_etat_du_groupe.html", etat_du_groupe))
        autour.ouvrir_avec(convier_au_groupe)
        retenir_avec(faire_rester_connu)
        sections.inscrire(
            sections.Section(
                "idees:pas_a_pas", _("Le projet pas à pas"), "signpost-split", rang=5, peut_voir=a_un_projet_pas_a_pas
            )
        )
