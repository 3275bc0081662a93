"""Cases: networks that courts and regulators have described, as data.

In: a table of public facts. Out: sightings with their public source, known names for the gazetteer.
Always true: every fact names its source; a platform never makes two networks one.
"""

from recoup.network.cases.reference import Fact, Role, facts_of, known_names, reference_networks, sightings_of_facts

__all__ = ["Fact", "Role", "facts_of", "known_names", "reference_networks", "sightings_of_facts"]
