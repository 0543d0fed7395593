() => {
  const rooms = ["desk", "studio", "stage", "catalog", "quality"];
  const byId = (id) => document.getElementById(id);
  const address = () => window.location.hash.replace(/^#\/?/, "").split("/");

  // Copies a text and says so on the button that was pressed.
  window.leCopy = (button, text) => {
    const said = () => {
      if (!button || !button.dataset || button.dataset.said) return;
      button.dataset.said = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = button.dataset.said; delete button.dataset.said; }, 1400);
    };
    const byHand = () => {
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    };
    const written = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
    written.catch(byHand).then(said);
  };

  // The open conversation stands in the address, so that reload and back find it again.
  window.leOpened = (id) => {
    const [room, now] = address();
    if ((room && room !== "desk") || (now || "") === id) return;
    const wanted = id ? `#desk/${id}` : "#desk";
    history[now === undefined || !now ? "replaceState" : "pushState"](null, "", wanted);
  };

  const select = (room) => {
    const tab = byId(`le-${room}-button`);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };
  window.addEventListener("popstate", () => {
    const [room] = address();
    select(rooms.includes(room) ? room : "desk");
    const router = byId("le-router");
    if (router && (!room || room === "desk")) router.dispatchEvent(new CustomEvent("le-address"));
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest && event.target.closest("#le-rooms > .tab-wrapper [role=tab], #le-rooms > .tab-wrapper button");
    const room = tab && tab.id && rooms.find((name) => tab.id === `le-${name}-button`);
    if (!room || address()[0] === room || (room === "desk" && !address()[0])) return;
    const open = byId("le-current");
    const input = open && open.querySelector("textarea, input");
    const more = room === "desk" && input && input.value ? `/${input.value}` : "";
    history.pushState(null, "", `#${room}${more}`);
  }, true);
  const first = address()[0];
  if (rooms.includes(first) && first !== "desk") {
    const waiting = setInterval(() => {
      const tab = byId(`le-${first}-button`);
      if (tab) { clearInterval(waiting); select(first); }
    }, 50);
    setTimeout(() => clearInterval(waiting), 8000);
  }
  // A room that the user's role has not is not opened by its address either.
  const looking = setInterval(() => {
    if (!document.querySelector(".le-account")) return;
    clearInterval(looking);
    const open = rooms.map((room) => byId(`le-${room}-button`))
      .find((tab) => tab && tab.getAttribute("aria-selected") === "true");
    if (open && !open.offsetParent) { history.replaceState(null, "", "#desk"); select("desk"); }
  }, 200);
  setTimeout(() => clearInterval(looking), 30000);

  // A citation in an answer opens its record, at the field that was used.
  const openSource = (link) => {
    const records = byId("le-tab-records-button");
    if (records && records.getAttribute("aria-selected") !== "true") records.click();
    const card = byId(link.getAttribute("href").split("#")[1]);
    if (!card) return;
    for (let part = card; part; part = part.parentElement.closest("details")) part.open = true;
    const used = card.querySelector("tr.le-used");
    (used || card).scrollIntoView({ behavior: "smooth", block: used ? "center" : "nearest" });
    card.querySelector("summary").focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href*="#source-"]');
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    openSource(link);
  }, true);
  // A menu closes when something else is pressed.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.le-menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });

  // Keys: Escape stops, Alt+N begins anew, Alt+K searches, Alt+J jumps to the sources, ? helps.
  const typing = (target) => target.matches && target.matches("input, textarea, select, [contenteditable]");
  const press = (id) => { const button = byId(id); if (button && button.offsetParent) button.click(); };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("dialog[open]");
      if (open) return;
      return press("le-stop");
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      const key = event.code;
      if (key === "KeyN") { event.preventDefault(); press("le-clear"); }
      if (key === "KeyK") { event.preventDefault(); showSide(true); byId("le-search")?.querySelector("input, textarea")?.focus(); }
      if (key === "KeyJ") {
        event.preventDefault();
        const links = document.querySelectorAll('#le-chat a[href*="#source-"]');
        if (links.length) openSource(links[links.length - 1]);
      }
    }
    if (event.key === "?" && !typing(event.target)) byId("le-keys")?.showModal();
    if (event.key === "/" && !typing(event.target)) {
      event.preventDefault();
      byId("le-message")?.querySelector("textarea")?.focus();
    }
  });

  // On a narrow page the list of conversations opens over the chat.
  const showSide = (open) => document.body.classList.toggle("le-side-open", open);
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-le=side]")) return showSide();
    if (target.closest("[data-le=keys]")) return byId("le-keys")?.showModal();
    if (target.closest("[data-le=tour]")) return tour(0);
    if (target.closest("#le-conversations .le-go, #le-clear")) showSide(false);
  });

  // The first visit is shown round in three steps.
  const steps = [
    ["#le-message", "Ask like a shopper would", "“Is HB-1023 waterproof?” You get a short answer that is checked against the catalog, or a plain “the catalog does not say”."],
    ["#le-aside, #le-records", "See what it stands on", "Each [1] in an answer opens the record at the field that was used. Claims carry their verdict."],
    ["#le-rooms", "A room for each kind of work", "Desk answers shoppers, Studio writes copy, Stage compares models live, Catalog and Quality keep it all in order."],
  ];
  const tour = (number) => {
    document.querySelector(".le-tour")?.remove();
    document.querySelectorAll(".le-lit").forEach((part) => part.classList.remove("le-lit"));
    if (number >= steps.length) { localStorage.setItem("le-toured", "1"); return; }
    const [where, title, told] = steps[number];
    const at = document.querySelector(where);
    if (at) at.classList.add("le-lit");
    const box = document.createElement("div");
    box.className = "le-tour";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", title);
    const head = document.createElement("b");
    head.textContent = title;
    const body = document.createElement("p");
    body.textContent = told;
    const count = document.createElement("small");
    count.textContent = `${number + 1} of ${steps.length}`;
    const next = document.createElement("button");
    next.textContent = number + 1 < steps.length ? "Next" : "Start";
    next.onclick = () => tour(number + 1);
    const skip = document.createElement("button");
    skip.textContent = "Skip";
    skip.className = "le-quiet";
    skip.onclick = () => tour(steps.length);
    const row = document.createElement("div");
    row.append(count, skip, next);
    box.append(head, body, row);
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") tour(steps.length); });
    document.body.append(box);
    next.focus();
  };
  if (!localStorage.getItem("le-toured") && !navigator.webdriver) setTimeout(() => tour(0), 900);
  window.leTour = () => tour(0);
}
