"""The sentences of an ad that state facts, with places for them. Data only.

{N} is the product's name with its article, {v} a verb phrase and {w} a noun phrase that state
facts, {it} and {It} the pronoun, {scene} what one would want the product for, {Invite} one of
`INVITE`, {aside} one of `ASIDES`; a verb in brackets agrees with the product.
"""

from __future__ import annotations

INVITE = (
    "Meet", "Try", "Take", "Choose", "Pick", "Go for", "Welcome", "Grab", "Unpack", "Bring home",
    "Get to know", "Look at", "Greet", "Reach for", "Fall for", "Say hello to", "Spot",
    "Here [is]", "Open the door to", "Make friends with", "Treat yourself to",
)  # fmt: skip
ASIDES = (
    "just right for", "all set for", "ready for", "a match for", "cut out for", "keen on", "up for",
    "no stranger to", "your ally for", "a partner for", "in good shape for", "fit for", "game for",
    "in the mood for", "in time for", "at ease with",
    "warmed up for", "a natural for", "a plan for", "a yes to", "dressed up for",
)  # fmt: skip
VERB_FRAMES = (
    "{N} {v}", "{N} {v}", "{N} {v}", "{N} {v}, {aside} {scene}", "For {scene}, {N} {v}",
    "{Invite} {N}: {it} {v}", "{Invite} {N}. {It} {v}", "{Invite} {N}. {It} {v}, {aside} {scene}",
    "{N} {v}, {aside} {scene}",
)  # fmt: skip
NOUN_FRAMES = (
    "{N} [has] {w}", "{N} [come] with {w}", "{N} [bring] you {w}", "{N} [give] you {w}",
    "{Invite} {N}, with {w}", "{Invite} {N}, with {w}", "{Invite} {N}. {It} [has] {w}",
    "You get {w} with {N}", "With {w}, {N} [is] {aside} {scene}", "For {scene}, {N} [has] {w}",
    "{N} [offer] {w}, {aside} {scene}", "Enjoy {w} with {N}", "Count on {N} and {w}",
    "{N} [win] you over with {w}", "{N}, with {w}, [is] {aside} {scene}",
    "{N}? Think {w}", "{N} [charm] with {w}", "{N} [arrive] with {w}",
    "{N} [greet] you with {w}", "One look at {N}, and there is {w}",
    "{N} [boast] {w}", "{N} [carry] {w} {aside} {scene}", "What {N} [has]: {w}",
    "{N} [put] {w} within reach", "{N} [serve] up {w}",
    "Picture {N} with {w}", "{Invite} {N} and discover {w}",
    "{N} [keep] {w} ready for {scene}", "{Invite} {N} for {scene}: {w}",
)  # fmt: skip
BOTH_FRAMES = (
    "With {w}, {N} {v}", "{N} {v}, with {w}", "{N} [has] {w} and {v}", "{N} {v} and [has] {w}",
    "{Invite} {N}, with {w}: {it} {v}", "{N} {v}, and you get {w}", "{N}, with {w}, {v}",
    "{N} {v}. Add {w} to that", "{N} {v} and [bring] {w}",
    "First, {N} {v}. Second, there is {w}", "{N} {v}, plus {w}", "{N} {v}, not to mention {w}",
    "There is {w}, and {N} {v}", "{Invite} {N}: {w}, and {it} {v}",
)  # fmt: skip
MORE_VERB = (
    "{It} {v}", "{It} {v}", "And {it} {v}", "What is more, {it} {v}",
    "{It} {v}, too", "On top of that, {it} {v}", "Even better, {it} {v}", "Yes, {it} {v}",
    "Best of all, {it} {v}", "Plus, {it} {v}", "Oh, and {it} {v}",
    "Did we say that {it} {v}?", "Mind you, {it} {v}", "Of course {it} {v}", "Happily, {it} {v}",
)  # fmt: skip
MORE_NOUN = (
    "{It} [has] {w}", "You also get {w}", "Expect {w}", "There is {w}, too", "Plus: {w}",
    "{It} [come] with {w}", "Look out for {w}", "Enjoy {w}", "And then there is {w}",
    "Do not miss {w}", "Think {w}", "Add {w}", "{It} [bring] {w} along", "On board: {w}",
    "You will like {w}", "Make use of {w}", "All that, and {w}", "Spot {w}", "Say yes to {w}",
)  # fmt: skip
NAME_ONLY = (
    "{Invite} {N}", "{Invite} {N} for {scene}", "{N} [is] here for {scene}",
)  # fmt: skip
