"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  const search = document.getElementById("search");
  search.hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const topic of all(".topic")) {
      let shown = 0;
      for (const row of all("tbody tr", topic)) {
        const text = row.textContent.toLowerCase();
        const match = words.every((word) => text.includes(word));
        row.hidden = !match;
        shown += match ? 1 : 0;
      }
      topic.hidden = shown === 0;
    }
  });

  for (const button of all("[data-expand]")) {
    const places = all("details", document.getElementById(button.dataset.expand));
    if (places.length === 0) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = button.textContent === "Expand all";
      for (const place of places) {
        place.removeAttribute("name");
        place.open = open;
      }
      button.textContent = open ? "Collapse all" : "Expand all";
    });
  }

  if (navigator.clipboard) {
    for (const button of all(".copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.nextElementSibling.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
    }
  }

  addEventListener("beforeprint", () => {
    for (const place of all("details")) {
      place.removeAttribute("name");
      place.open = true;
    }
  });
})();
