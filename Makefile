# One command per need, the same here and in continuous integration. The work is in outils/.

# The first Python that is recent enough and can make an environment; PYTHON=/chemin/vers/python3 chooses another.
# The system's own first: distributions build theirs optimised, one compiled on the spot is often a tenth slower.
PYTHON ?= $(shell for veut in venv,ensurepip sys; do \
	for p in /usr/bin/python3 python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c "import sys,$$veut; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && { echo $$p; exit; }; done; done)

# Recipes that need Python stop with a sentence when there is none.
define python
	@test -n "$(PYTHON)" || { echo "Estuaire demande Python 3.11 ou plus récent : aucun n'a été trouvé." >&2; exit 1; }
	@$(PYTHON) -m $(1)
endef

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo test check fix bench messages verrouiller

help: ## Dire ce que chaque commande fait
	@echo "Estuaire : make COMMANDE"
	@grep -hE '^[a-z]+:.*## ' Makefile | while IFS= read -r ligne; do \
		printf '  %-12s %s\n' "$${ligne%%:*}" "$${ligne#*## }"; done

run: ## Installer ce qui manque, charger la démonstration, ouvrir le site sur 127.0.0.1 (PORT=8000)
	$(call python,outils.lancer)

demo: ## Vider la base embarquée et refaire la démonstration
	$(call python,outils.lancer --demonstration-neuve)

test: ## Lancer toute la suite : SQLite, PostgreSQL et Redis, navigateur (PARTIES=sqlite, ARGS="-k idees", OUVRIERS=2, SERVICES=jetables)
	$(call python,outils.tester $(if $(PARTIES),--parties $(PARTIES)) $(if $(OUVRIERS),--ouvriers $(OUVRIERS)) $(if $(filter jetables,$(SERVICES)),--services-jetables) $(ARGS))

check: ## Vérifier le code, les pages et les traductions (SEULEMENT=ruff,mypy)
	$(call python,outils.verifier $(if $(SEULEMENT),--seulement $(SEULEMENT)))

fix: ## Corriger ce qu'une machine sait corriger
	$(call python,outils.corriger)

bench: ## Mesurer les pages sous charge, sur PostgreSQL (ARGS=…, SERVICES=jetables)
	$(call python,outils.mesurer $(if $(filter jetables,$(SERVICES)),--services-jetables) $(ARGS))

messages: ## Relever les textes à traduire dans locale/
	$(call python,outils.preparer --tests)
	@.venv/bin/python -m outils.traductions actualiser

verrouiller: ## Refaire les listes verrouillées des paquets (ACTUALISER=1 prend les versions récentes)
	$(call python,outils.verrouiller $(if $(ACTUALISER),--actualiser))
