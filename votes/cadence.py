"""How often one account may send a ballot. Networks are not counted: behind a single address of a telephone operator, of a
library or of a town hall stand thousands of people, and each has a right to vote."""

from socle.cadence import Limite

ENVOIS = Limite("votes.envois", 30, 3600)
