"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const controls = document.getElementById("controls");
  const search = document.getElementById("search");
  const choices = all("select", controls);
  const shown = document.getElementById("shown");
  const entries = all(".entry");

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of entries) {
      const text = entry.textContent.toLowerCase();
      const fits = words.every((word) => text.includes(word))
        && choices.every((one) => !one.value
          || (entry.dataset[one.name] || "").split(",").includes(one.value));
      entry.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const topic of all(".topic")) {
      topic.hidden = all(".entry", topic).every((entry) => entry.hidden);
    }
    shown.textContent = `${count} of ${entries.length} shown`;
  };

  const goTo = () => {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!entry) return;
    const details = entry.querySelector("details");
    if (details) details.open = true;
    if (entry.closest("[hidden]")) {
      search.value = "";
      for (const one of choices) one.value = "";
      filter();
    }
    entry.scrollIntoView({ behavior: "instant" });
  };

  controls.hidden = false;
  search.addEventListener("input", filter);
  for (const one of choices) one.addEventListener("change", filter);
  const expand = document.getElementById("expand");
  expand.addEventListener("click", () => {
    const open = expand.textContent === "Show all examples";
    for (const place of all(".entry details")) place.open = open;
    expand.textContent = open ? "Hide all examples" : "Show all examples";
  });
  addEventListener("hashchange", goTo);
  addEventListener("beforeprint", () => {
    for (const place of all(".entry details")) place.open = true;
  });
  filter();
  goTo();
})();
