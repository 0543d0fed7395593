"""The sentences of an ad that name the product or state its facts, with places for them. Data only.

{N} is the product's name with its article, {noun} and {a_noun} what it is, {v} and {v2} verb
phrases and {w} a noun phrase that state facts, {it} and {It} the pronoun, {obj} "it" or "them",
{scene} what one would want the product for; a verb in brackets agrees with the product.
"""

from __future__ import annotations

INTROS = (
    "Meet {N}", "Discover {N}", "Here [is] {N}", "Take a look at {N}", "Get to know {N}",
    "Choose {N} for {scene}", "{N} [suit] {scene}", "This [is] {N}", "Now in our shop: {N}",
    "Say hello to {N}", "Try {N} for {scene}", "Look no further than {N}", "Have you seen {N}?",
    "For {scene}, choose {N}", "Think of {N} for {scene}", "For {scene}, there [is] {N}",
    "See {N} up close", "Time to meet {N}", "Add {N} to your list", "Go for {N}", "Pick {N}",
)  # fmt: skip
VERB_FRAMES = (
    "{N} {v}", "{N} {v}", "{N} {v}", "{N} {v}", "Meet {N}: {it} {v}", "Choose {N}: {it} {v}",
    "For {scene}, {N} {v}", "Discover {N}: {it} {v}", "Our tip: {N} {v}",
    "Take {N}: {it} {v}", "Look at {N}: {it} {v}", "Here [is] {N}: {it} {v}",
    "Pick {N}: {it} {v}",
)  # fmt: skip
TWO_VERB_FRAMES = (
    "{N} {v} and {v2}", "{N} {v} and {v2}", "{N} {v} and {v2}", "Meet {N}: {it} {v} and {v2}",
    "For {scene}, {N} {v} and {v2}", "{N} {v}, and {it} {v2}", "Pick {N}: {it} {v} and {v2}",
    "Here [is] {N}: {it} {v} and {v2}",
)  # fmt: skip
NOUN_FRAMES = (
    "{N} [has] {w}", "{N} [has] {w}", "{N} [has] {w}", "{N} [bring] you {w}", "{N} [offer] {w}",
    "Meet {N}, with {w}", "Choose {N}, with {w}", "Discover {N}, with {w}", "Take {N}, with {w}",
    "With {w}, {N} [suit] {scene}", "For {scene}, choose {N} with {w}", "Get {w} with {N}",
    "Here [is] {N}, with {w}", "See {N}, with {w}", "You get {w} with {N}",
)  # fmt: skip
BOTH_FRAMES = (
    "With {w}, {N} {v}", "{N} {v} and [has] {w}", "{N} [has] {w} and {v}",
    "Meet {N}: {it} {v} and [has] {w}", "{N} {v}, with {w}", "Here [is] {N}, with {w}: {it} {v}",
    "Take {N}: {it} {v} and [has] {w}",
)  # fmt: skip
FIRST_VERB, FIRST_NOUN = ("{It} {v}",), ("{It} [has] {w}", "You get {w}")
"""Of the first facts, after a sentence that only names the product."""
MORE_VERB = (
    "{It} {v}", "{It} {v}", "What is more, {it} {v}", "And {it} {v}", "Better still, {it} {v}",
    "{It} also {v}", "On top of that, {it} {v}", "Good to know: {it} {v}",
)  # fmt: skip
MORE_TWO_VERBS = ("{It} {v} and {v2}", "{It} {v}, and {it} {v2}", "What is more, {it} {v} and {v2}")
MORE_NOUN = (
    "{It} [has] {w}", "You get {w}", "{It} also [has] {w}", "And {it} [has] {w}",
    "You also get {w}", "What is more, you get {w}",
)  # fmt: skip
MORE_BOTH = (
    "{It} {v} and [has] {w}", "With {w}, {it} {v}", "{It} [has] {w} and {v}", "{It} {v}, with {w}",
)  # fmt: skip
NEEDS_VERB = (
    "Need {a_noun} that {v}?", "Looking for {a_noun} that {v}?", "Want {a_noun} that {v}?",
    "Do you want {a_noun} that {v}?", "Wish you had {a_noun} that {v}?",
)  # fmt: skip
NEEDS_NOUN = (
    "Need {a_noun} with {w}?", "Looking for {a_noun} with {w}?", "Want {a_noun} with {w}?",
    "{a_noun} with {w}?", "Time for {a_noun} with {w}?",
)  # fmt: skip
"""Questions that begin an ad with a fact."""
ENDS = (
    "Order your {noun} today.", "Get your {noun} now.", "Choose your {noun} today.",
    "Find your {noun} here.", "See the {noun} for yourself.", "Have a closer look at the {noun}.",
    "Add the {noun} to your basket.", "Choose {brand}.", "Your {noun} from {brand}.",
)  # fmt: skip
"""Sentences that end an ad with what the product is."""
