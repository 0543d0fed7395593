() => {
  // Keys of the ballot (1, 2, 3, 0) and the projector's way out; nothing while someone types.
  const typing = (part) => part && part.closest && part.closest("input, textarea, select, [contenteditable]");
  const press = (event) => {
    if (event.key === "Escape" && document.body.classList.contains("le-projecting")) {
      const button = document.getElementById("le-projector");
      if (button && !typing(event.target)) button.click();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const vote = document.querySelector(`#le-ballot [data-key="${CSS.escape(event.key)}"]`);
    if (vote && vote.offsetParent !== null) {
      event.preventDefault();
      vote.click();
    }
  };
  document.addEventListener("keydown", press);
}
