// Django's autocompletion names its boxes by what is chosen alone: add what they are for.
function nameBoxes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0];
    const box = select.parentElement.querySelector(".select2-selection");
    if (!label || !box) continue;
    label.id ||= `${select.id}_label`;
    const chosen = box.getAttribute("aria-labelledby") ?? "";
    box.setAttribute("aria-labelledby", `${label.id} ${chosen}`.trim());
    // What is chosen is a text box to assistive technology, with a name of its own.
    box.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
  }
}

// jQuery makes the boxes in its own time, which may come after the page has loaded.
window.addEventListener("load", () => window.django?.jQuery?.(nameBoxes));
