// Django's autocompletion names its boxes by what is chosen alone: add what they are for.
window.addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0];
    const box = select.parentElement.querySelector(".select2-selection");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const chosen = box.getAttribute("aria-labelledby") ?? "";
    box.setAttribute("aria-labelledby", `${label.id} ${chosen}`.trim());
  }
});
