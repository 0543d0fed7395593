() => {
  // A citation in an answer opens its record instead of a new browser tab.
  const open = (event) => {
    const link = event.target.closest && event.target.closest('a[href*="#source-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const card = document.getElementById(link.getAttribute("href").split("#")[1]);
    if (!card) return;
    for (let part = card; part; part = part.parentElement.closest("details")) part.open = true;
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    card.querySelector("summary").focus({ preventScroll: true });
  };
  document.addEventListener("click", open, true);
}
