"""Requests: what was asked, what came back, and what may be done with it.

In: a plan's routes made into versioned requests; answers, conditions, objections, notices.
Out: the next lawful state of each request, order, asset and stage, with who moved it, on what basis, and its clocks.
Always true: an illegal move raises with the id of its guard; what is not known never passes a guard;
use conditions travel with every datum; nothing is overwritten, every version and step stays.
"""

from recoup.requests.guards import Circumstances
from recoup.requests.machine import IllegalMove, Machine, Step, Track
from recoup.requests.states import ASSET, ORDER, REQUEST

__all__ = ["ASSET", "ORDER", "REQUEST", "Circumstances", "IllegalMove", "Machine", "Step", "Track"]
