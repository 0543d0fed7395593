(() => {
  // A session that ended is said on the page; what was typed stays while the user logs in again.
  const fetched = window.fetch;
  const tell = () => {
    if (document.getElementById("le-logged-out")) return;
    const bar = document.createElement("div");
    bar.id = "le-logged-out";
    bar.setAttribute("role", "alert");
    bar.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:9999;padding:12px 16px;text-align:center;" +
      "background:#7c2d12;color:#fff;font:600 15px/1.4 system-ui,sans-serif";
    const link = document.createElement("a");
    link.href = "/login";
    link.target = "_blank";
    link.textContent = "Log in again in a new tab";
    link.style.cssText = "color:#fff;text-decoration:underline";
    link.addEventListener("click", () => bar.remove());
    bar.append("You are logged out. ", link, ", then go on here.");
    document.body.append(bar);
  };
  window.fetch = async (...request) => {
    const response = await fetched(...request);
    if (response.status === 401 && new URL(response.url).origin === location.origin) tell();
    return response;
  };
})();
