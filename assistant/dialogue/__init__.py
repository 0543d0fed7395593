"""What a turn is about, given the turns before it: products, lists, filters and the task.

The state of a conversation is an explicit, frozen value (`state.DialogueState`) that a caller
carries from turn to turn, shows and resets; where a caller has only the messages, it is made
again from them (`follow.Dialogue`). Nothing here writes an answer.
"""
