// Shows news without a reload, unless somebody is writing; keys for those who read all day; steps from change
// to change; says where a slider stands;
// on narrow screens each cell of a table says which column it is of.
(() => {
  "use strict";
  let writing = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form")) writing = true;
    if (event.target.matches(".slide")) event.target.labels[0].querySelector("output").textContent = event.target.value;
  });
  document.addEventListener("submit", () => { writing = false; });
  document.body.addEventListener("record-went-on", () => {
    const live = document.getElementById("live");
    const open = document.activeElement && document.activeElement.matches("textarea, input, select");
    if (!live) return;
    if (writing || open) document.getElementById("news").hidden = false;
    else window.htmx.trigger(live, "show-news");
  });
  const name_cells = () => {
    for (const table of document.querySelectorAll("table.entries")) {
      const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
      for (const row of table.querySelectorAll("tbody tr")) {
        [...row.children].forEach((cell, place) => {
          if (cell.matches("td:not([colspan])")) cell.dataset.label = heads[place] || "";
        });
      }
    }
  };
  name_cells();
  document.body.addEventListener("htmx:afterSwap", name_cells);
  const step_to = (by) => {
    const changes = [...document.querySelectorAll(".compared [id].change")];
    if (!changes.length) return;
    const now = changes.findIndex((one) => one.matches(".current"));
    const line = window.innerHeight / 3;
    const next = changes.findIndex((one) => one.getBoundingClientRect().top > line);
    const from = now >= 0 ? now : by > 0 ? (next < 0 ? changes.length : next) - 1 : next < 0 ? changes.length : next;
    const to = (from + by + changes.length) % changes.length;
    if (now >= 0) changes[now].classList.remove("current");
    changes[to].classList.add("current");
    changes[to].scrollIntoView({ block: "center" });
    changes[to].focus({ preventScroll: true });
    document.querySelector("[data-at]").textContent = to + 1;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-step]");
    if (!link) return;
    event.preventDefault();
    step_to(Number(link.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("textarea, input, select")) return;
    const found = document.querySelector(`[data-key="${event.code}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("a, button")) found.click();
    else found.focus();
  });
})();
