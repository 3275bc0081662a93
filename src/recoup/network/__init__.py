"""Network: who is who.

In: complaints and their selectors, registers, lists. Out: operators with the sightings that tie them, assertions,
hits against lists, owners with exact bounds.
Always true: same operator and same platform are never mixed; a claim keeps its source; nothing is collapsed; shares
are exact fractions, and what is not known widens a bound instead of vanishing.
"""
