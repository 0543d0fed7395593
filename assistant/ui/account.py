"""Who is logged in, as the page's head shows it, and the rooms that their role hides."""

from __future__ import annotations

from assistant.access.gate import Gate
from assistant.access.values import ROOMS, User
from assistant.ui.markup import text


def account_html(user: User, gate: Gate, rooms_id: str = "le-rooms") -> str:
    """Return the user's name and the way out, "" where nobody logs in.

    A tab that is made invisible by an update stays visible in Gradio 6.31, so that the tabs of
    rooms without access are hidden by style. What keeps others out is `Context.enter`.

    Args:
        user: who is logged in.
        gate: says whether anybody logs in at all.
        rooms_id: the id of the element that holds the tabs.
    """
    if gate.is_open:
        return ""
    hidden = [f"#{rooms_id} [data-tab-id='{room}']" for room in ROOMS if not user.may_open(room)]
    style = f"<style>{', '.join(hidden)} {{ display: none !important; }}</style>" if hidden else ""
    return (
        f'{style}<div class="le-account"><span>{text(user.name)} ({text(user.role)})</span>'
        ' <a href="/logout">Log out</a></div>'
    )
