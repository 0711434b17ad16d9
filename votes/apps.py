from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotesConfig(AppConfig):
    name = "votes"
    verbose_name = _("Votes")

    def ready(self):
        from communautes.portes import retenir_avec
        from comptes.effacement import oublier_avec
        from projets.actions_ouvertes import preparer_avec, proposer_avec
        from projets.autour import Rubrique, durer_avec, montrer_avec
        from projets.promesses import exiger_avec
        from socle.devenir import raconter_avec
        from timeline.frise import annoncer_avec
        from timeline.verification import comparer_avec
        from votes.appels import boutons_de
        from votes.calendrier import de_ce_projet, periodes, votes_prevus
        from votes.devenir import raconter
        from votes.effacement import oublier
        from votes.preparations import preparations_de
        from votes.promesses import exiger_la_place_des_votes, nommer_la_communaute
        from votes.verification import reglements_publies, resultats_scelles

        proposer_avec(boutons_de, precharger=("scrutins",))
        preparer_avec(preparations_de, precharger=("scrutins",))
        annoncer_avec(votes_prevus)
        durer_avec(periodes)
        montrer_avec(Rubrique("votes", _("Les votes"), "votes/_dans_le_projet.html", de_ce_projet))
        exiger_avec(exiger_la_place_des_votes)
        retenir_avec(nommer_la_communaute)
        oublier_avec(oublier)
        raconter_avec("votes.scrutin", raconter)
        comparer_avec(reglements_publies, resultats_scelles)
