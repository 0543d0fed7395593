"""The sentences of an ad that name the product or state its facts, with places for them. Data only.

{N} is the product's name with its article, {v} and {v2} verb phrases and {w} a noun phrase that
state facts, {it} and {It} the pronoun, {scene} what one would want the product for; a verb in
brackets agrees with the product.
"""

from __future__ import annotations

INTROS = (
    "Meet {N}", "Discover {N}", "Here [is] {N}", "Take a look at {N}", "Get to know {N}",
    "Choose {N} for {scene}", "{N} [is] just right for {scene}", "{N} [is] made for {scene}",
    "Say hello to {N}", "Try {N} for {scene}", "{N} [is] a good choice for {scene}",
    "{N} [is] ready for {scene}", "For {scene}, choose {N}", "Think of {N} for {scene}",
    "For {scene}, there [is] {N}", "Make {N} your choice for {scene}",
)  # fmt: skip
VERB_FRAMES = (
    "{N} {v}", "{N} {v}", "{N} {v}", "Meet {N}: {it} {v}", "Choose {N}: {it} {v}",
    "Made for {scene}, {N} {v}", "Ready for {scene}, {N} {v}", "Discover {N}: {it} {v}",
)  # fmt: skip
TWO_VERB_FRAMES = (
    "{N} {v} and {v2}", "{N} {v} and {v2}", "Meet {N}: {it} {v} and {v2}",
    "Made for {scene}, {N} {v} and {v2}",
)  # fmt: skip
NOUN_FRAMES = (
    "{N} [has] {w}", "{N} [has] {w}",
    "Meet {N}, with {w}", "Choose {N}, with {w}", "Discover {N}, with {w}",
    "With {w}, {N} [is] just right for {scene}", "With {w}, {N} [is] ready for {scene}",
    "With {w}, {N} [is] made for {scene}", "{N}, with {w}, [is] a good choice for {scene}",
    "For {scene}, choose {N} with {w}",
)  # fmt: skip
BOTH_FRAMES = (
    "With {w}, {N} {v}", "{N} {v} and [has] {w}",
    "Meet {N}: {it} {v} and [has] {w}",
)  # fmt: skip
MORE_VERB = ("{It} {v}", "{It} {v}")
MORE_TWO_VERBS = ("{It} {v} and {v2}",)
MORE_NOUN = ("{It} [has] {w}",)
MORE_BOTH = ("{It} {v} and [has] {w}", "With {w}, {it} {v}", "{It} [has] {w} and {v}")
